package resp

import (
	"strconv"
	"sync/atomic"
	"time"

	"github.com/rouse-go/rouse"
)

// A loop runs the tasks of its connections on one goroutine: it waits for the
// reactor, which wakes tasks, and runs what is in the queue. Wakers of other
// loops put tasks there too, and interrupt the wait if it sleeps.
type loop struct {
	srv     *Server
	lim     *Limits
	reactor reactor
	queue   rouse.RunQueue
	owned   rouse.OwnedTasks
	timers  timers
	clients clientList

	// asleep is true while the loop may be waiting with an empty queue: only
	// then does a push have to interrupt it.
	asleep atomic.Bool
	first  rouse.Notified // popped by sleep, still to run

	draining bool // the list is closed: when the last task has ended, so has the loop

	now       time.Duration // since the server's start
	unixMilli int64

	// What a task uses during its poll.
	buf  []byte   // input
	out  []byte   // output
	args [][]byte // of the command
	push []byte   // an encoded message
	bufs bufPool

	commands atomic.Int64
	live     atomic.Int64 // tasks that have not ended
}

const (
	inputBuf  = 64 << 10
	outputBuf = 16 << 10
	keptOut   = 1 << 20
	keptArgs  = 1 << 10

	// runsPerWait is how many tasks run before the reactor is looked at again.
	runsPerWait = 512
)

func newLoop(s *Server) (*loop, error) {
	l := &loop{srv: s, lim: &s.cfg.Limits, buf: make([]byte, inputBuf)}
	l.resetOut()
	l.tick()
	r, err := newReactor(l, s.cfg.Portable)
	l.reactor = r
	return l, err
}

// schedule queues a task of this loop. Any goroutine may call it.
func (l *loop) schedule(n rouse.Notified) {
	if l.queue.Push(n) && l.asleep.Load() {
		l.reactor.interrupt()
	}
}

// sleep is called by the reactor before it blocks, and reports whether it may.
// A task that is pushed meanwhile is popped here, or its push sees asleep.
func (l *loop) sleep() bool {
	l.asleep.Store(true)
	n, ok := l.queue.Pop()
	if !ok && !l.over() {
		return true
	}
	l.first = n
	l.asleep.Store(false)
	return false
}

// over reports whether the loop must not wait: the server is to end, or, once
// the list is closed, the last task has ended.
func (l *loop) over() bool {
	if l.draining {
		return l.live.Load() == 0
	}
	return l.srv.stopping.Load()
}

func (l *loop) awake() { l.asleep.Store(false) }

func (l *loop) run() {
	for !l.srv.stopping.Load() {
		more := l.runTasks()
		timeout := l.timers.next(l.now)
		if more {
			timeout = 0
		}
		l.reactor.wait(timeout)
		l.tick()
		l.timers.fire(l.now)
	}
	l.shutdown()
}

// runTasks runs what is queued, and reports whether it left any.
func (l *loop) runTasks() (more bool) {
	if n := l.first; !n.IsZero() {
		l.first = rouse.Notified{}
		n.Run()
	}
	for range runsPerWait {
		n, ok := l.queue.Pop()
		if !ok {
			return false
		}
		n.Run()
	}
	return true
}

// shutdown cancels every task of the loop: the idle ones here, inside
// CloseAndShutdownAll, those that owe a run when they are popped. The closed
// list refuses what the acceptor hands over from now on. It returns when all
// have ended: until then another loop may be about to push one of them.
//
// The reactor stays open: another loop, or Shutdown, may be about to interrupt
// it, having seen this loop asleep.
func (l *loop) shutdown() {
	l.reactor.unlisten()
	l.owned.CloseAndShutdownAll()
	for l.draining = true; l.live.Load() > 0; {
		if !l.runTasks() {
			l.reactor.wait(-1)
		}
	}
}

// born counts a task that is to be made. From now on the loop does not end
// before it.
func (l *loop) born() {
	l.srv.counters.spawned.Add(1)
	l.live.Add(1)
}

// start schedules the first run of a task that InitBound has put on the loop's
// list. If the list is closed, InitBound has cancelled it.
func (l *loop) start(h *rouse.Header, n rouse.Notified, open bool, kind string, id int64) {
	if !open {
		return
	}
	if l.srv.cfg.Describe {
		name := kind
		if id > 0 {
			name += " " + strconv.FormatInt(id, 10)
		}
		l.owned.Describe(h, name, 1)
	}
	l.schedule(n)
}

// ended counts a task that has come to its end, on whichever loop. The last one
// ends a shutdown.
func (l *loop) ended(counter *atomic.Int64) {
	counter.Add(1)
	if l.live.Add(-1) == 0 && l.srv.stopping.Load() {
		l.reactor.interrupt()
	}
}

func (l *loop) tick() {
	t := time.Now()
	l.now = t.Sub(l.srv.start)
	l.unixMilli = t.UnixMilli()
}

// executed counts commands, and lets go of what a huge one needed.
func (l *loop) executed(n int64) {
	l.commands.Add(n)
	if cap(l.args) > keptArgs {
		l.args = nil
	}
}

func (l *loop) resetOut() {
	if l.out == nil || cap(l.out) > keptOut {
		l.out = make([]byte, 0, outputBuf)
	}
	l.out = l.out[:0]
}
