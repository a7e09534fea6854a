package bench

import "github.com/rouse-go/rouse"

// fifo is the least an executor can do, the twin of async-task's on a
// thread-local queue: one goroutine schedules and runs.
type fifo struct{ q rouse.LocalQueue }

// A via says who is the Scheduler of the tasks: the user's executor, which puts
// them into a queue of the kit's, or that queue itself.
type via bool

const (
	byUser via = false
	byKit  via = true
)

func (e *fifo) scheduler(v via) rouse.Scheduler {
	if v == byKit {
		return &e.q
	}
	return e
}

func (e *fifo) Schedule(n rouse.Notified, _ rouse.Reason) { e.q.Push(n) }
func (e *fifo) Yield(n rouse.Notified)                    { e.q.Push(n) }

func (e *fifo) drain() {
	for {
		n, ok := e.q.Pop()
		if !ok {
			return
		}
		n.Run()
	}
}

// mpsc takes wakes from any goroutine.
type mpsc struct{ q rouse.RunQueue }

func (e *mpsc) Schedule(n rouse.Notified, _ rouse.Reason) { e.q.Push(n) }
func (e *mpsc) Yield(n rouse.Notified)                    { e.q.Push(n) }

func (e *mpsc) scheduler(v via) rouse.Scheduler {
	if v == byKit {
		return &e.q
	}
	return e
}

func (e *mpsc) drain() {
	for {
		n, ok := e.q.Pop()
		if !ok {
			return
		}
		n.Run()
	}
}

// idle is tasks that wait for ever, each polled once, on an executor of their
// own; their wakers are in wakers.
type idle struct {
	shared
	fifo
	handles []rouse.JoinHandle[unit]
}

func park(n int) *idle { return parkWith(n, byUser, rouse.Options{}) }

func parkWith(n int, v via, o rouse.Options) *idle {
	i := &idle{shared: shared{limit: n, wakers: make([]rouse.Waker, 0, n)}}
	i.handles = make([]rouse.JoinHandle[unit], n)
	for k := range i.handles {
		i.handles[k] = rouse.SpawnWith(i.scheduler(v), parked{&i.shared}, o)
	}
	i.drain()
	return i
}
