package resp

import (
	"time"

	"github.com/rouse-go/rouse"
)

// A sweeper is the task that removes expired keys that nobody asks for. It
// runs on the first loop, ten times a second while there are keys that
// expire; the first such key of a shard wakes it.
type sweeper struct {
	rouse.Header
	loop  *loop
	timer timer
}

const sweepEvery = 100 * time.Millisecond

func (w *sweeper) poll(cx rouse.Context) bool {
	l := w.loop
	if w.timer.index != 0 {
		return false // armed already
	}
	left := false
	for _, s := range l.srv.stores {
		left = s.sweep(l.unixMilli) || left
	}
	if left {
		l.timers.set(&w.timer, l.now+sweepEvery, cx.Waker())
	}
	return false
}

func (w *sweeper) cancel(rouse.Cause) {
	w.loop.timers.stop(&w.timer)
	w.loop.ended(&w.loop.srv.counters.cancelled)
}

func (w *sweeper) schedule(n rouse.Notified, _ rouse.Reason) { w.loop.schedule(n) }

func (w *sweeper) release() { w.loop.srv.counters.released.Add(1) }

var sweeperVtable = rouse.NewVtable(rouse.Ops[sweeper]{
	Poll:     (*sweeper).poll,
	Cancel:   (*sweeper).cancel,
	Schedule: (*sweeper).schedule,
	Release:  (*sweeper).release,
})
