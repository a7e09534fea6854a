package resp

import (
	"time"

	"github.com/rouse-go/rouse"
)

// A sweeper is the task that removes expired keys that nobody asks for. It
// runs on the first loop, when the next key expires, but ten times a second at
// most; a key that expires before all others of its shard wakes it.
type sweeper struct {
	rouse.Header
	loop  *loop
	timer timer
}

const (
	sweepEvery  = 100 * time.Millisecond
	sweepLatest = time.Minute // since the clock on the wall, by which keys expire, can be set
	sweepBatch  = 1000        // keys in a turn; then other tasks have theirs
)

func (w *sweeper) poll(cx rouse.Context) bool {
	l := w.loop
	if w.timer.index != 0 {
		w.hurry(cx)
		return false
	}
	left, next := sweepBatch, int64(0)
	for _, s := range l.srv.stores {
		n, at := s.sweep(l.unixMilli, left)
		left -= n
		next = earlier(next, at)
	}
	switch {
	case next == 0: // nothing expires
	case left == 0:
		cx.Waker().WakeByRef()
	default:
		in := min(next-l.unixMilli, sweepLatest.Milliseconds())
		l.timers.set(&w.timer, l.now+max(sweepEvery, time.Duration(in)*time.Millisecond), cx.Waker())
	}
	return false
}

// hurry has the sweeper, which is to run later, run soon.
func (w *sweeper) hurry(cx rouse.Context) {
	l := w.loop
	if soon := l.now + sweepEvery; w.timer.at > soon {
		l.timers.stop(&w.timer)
		l.timers.set(&w.timer, soon, cx.Waker())
	}
}

func (w *sweeper) cancel(rouse.Cause) {
	w.loop.timers.stop(&w.timer)
	w.loop.srv.counters.cancelled.Add(1)
}

func (w *sweeper) schedule(n rouse.Notified, why rouse.Reason) { w.loop.queue.Schedule(n, why) }

func (w *sweeper) release() { w.loop.srv.counters.released.Add(1) }

var sweeperVtable = rouse.NewVtable(rouse.Ops[sweeper]{
	Poll:     (*sweeper).poll,
	Cancel:   (*sweeper).cancel,
	Schedule: (*sweeper).schedule,
	Release:  (*sweeper).release,
})
