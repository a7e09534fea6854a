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
	// then does whoever queues a task have to interrupt it.
	asleep atomic.Bool

	now       time.Duration // since the server's start
	unixMilli int64

	// What a task uses during its poll.
	buf  []byte   // input
	out  []byte   // output
	args [][]byte // of the command
	push []byte   // an encoded message
	bufs bufPool

	commands atomic.Int64
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
	l.queue.NonEmpty = l.nonEmpty
	l.resetOut()
	l.tick()
	r, err := newReactor(l, s.cfg.Portable)
	l.reactor = r
	return l, err
}

// nonEmpty is called by the goroutine that has queued a task of this loop, if
// the loop had found the queue empty before.
func (l *loop) nonEmpty() {
	if l.asleep.Load() {
		l.reactor.interrupt()
	}
}

// sleep is called by the reactor before it blocks, and reports whether it may. A
// task that was queued before asleep was set is run here. For one that is queued
// later, nonEmpty interrupts the reactor.
func (l *loop) sleep() bool {
	l.asleep.Store(true)
	if !l.queue.RunOne() {
		return true
	}
	l.asleep.Store(false)
	return false
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
	for range runsPerWait {
		if !l.queue.RunOne() {
			return false
		}
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
	var wait rouse.Waiter
	last := rouse.FuncWaker(l.reactor.interrupt)
	for !l.owned.PollEmpty(rouse.NewContext(last.Borrow()), &wait) {
		if !l.runTasks() {
			l.reactor.wait(-1)
		}
	}
}

// start makes t a task of the loop, and schedules its first run. If the loop's
// list is closed, InitBound has cancelled the task.
func start[T any](l *loop, v *rouse.Vtable[T], t *T, kind string, id int64) {
	l.srv.counters.spawned.Add(1)
	n, open := v.InitBound(t, &l.owned)
	if !open {
		return
	}
	if l.srv.cfg.Describe {
		name := kind
		if id > 0 {
			name += " " + strconv.FormatInt(id, 10)
		}
		l.owned.Describe(n.Task().Header(), name, 1)
	}
	l.queue.Schedule(n, rouse.Spawned)
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
