package executor

import (
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

// A worker is a goroutine that runs tasks. It takes them from the shared queue,
// half of what there is at a time, into a queue of its own. If it finds nothing in
// either it steals half of another's. So the lock of the shared queue is taken once
// for many tasks, and no task waits for a busy worker while another has nothing to
// do.
//
// # Sleeping
//
// A worker that finds nothing waits in the queue Executor.idle, and sleeps. Two
// rules make sure that no task is left lying while it sleeps:
//
//   - Who puts a task into the shared queue wakes a sleeping worker afterwards,
//     unless a worker is searching: Schedule.
//   - A worker that has searched looks once more. If it found nothing, it does so
//     when it stands in the queue idle, before it sleeps. If it found something and
//     was the last that searched, it wakes another if there is more.
//
// So if nobody was woken for a task, a worker was searching at that moment. The
// last one to stop looks everywhere afterwards, so it finds the task, and runs it
// or wakes a worker for it. If a worker was to be woken and none was asleep, the
// WaitQueue keeps that, and the next that is about to sleep looks again.
type worker struct {
	// The worker is a task itself, which is never run. mark, its Notified, stands in
	// the link of the task that the worker runs, where Yield finds it.
	task rouse.Header
	mark rouse.Notified

	exec   *Executor
	number int
	queue  rouse.StealQueue
	again  rouse.Notified // a task that has yielded, while no other was due
	parker rouse.Parker
	place  rouse.Waiter // in Executor.idle
	ended  bool

	// These count what is rare, so that they cost nothing where there is much to do.
	steals, sleeps atomic.Uint64
}

var marks = rouse.NewVtable(rouse.Ops[worker]{
	Poll:     func(*worker, rouse.Context) bool { return true },
	Cancel:   func(*worker, rouse.Cause) {},
	Schedule: func(_ *worker, n rouse.Notified, _ rouse.Reason) { n.Drop() },
})

// main is the goroutine of the worker. If a task ends the goroutine, by a panic
// that nobody joins or by runtime.Goexit, another takes its place.
func (w *worker) main() {
	defer func() {
		if v := recover(); v != nil {
			w.exec.Panicked(v)
		}
		if !w.ended {
			go w.main()
		}
	}()
	w.run()
}

// run runs tasks until the executor is closed.
func (w *worker) run() {
	for n, ok := w.next(); ok; n, ok = w.next() {
		n.SetNext(w.mark)
		n.Run()
	}
	w.ended = true
	w.mark.Drop()
	if w.exec.running.Add(^uint64(0)) == 0 {
		w.exec.down.Unpark()
	}
}

// next returns what to run next. It sleeps until there is something, and reports
// false if the executor is closed and there is nothing left.
func (w *worker) next() (n rouse.Notified, ok bool) {
	if n = w.again; !n.IsZero() {
		w.again = rouse.Notified{}
		return n, true
	}
	for {
		at("next")
		if n, ok = w.queue.Pop(); ok {
			return n, true
		}
		if n, ok = w.search(); ok {
			return n, true
		}
		if !w.sleep() {
			return n, false
		}
	}
}

// search takes from the shared queue, or steals from the others in turn. Others
// may take what is left of it then.
func (w *worker) search() (n rouse.Notified, ok bool) {
	e := w.exec
	e.searching.Add(1)
	n, ok = w.queue.Take(&e.shared)
	for i := 1; !ok && i < len(e.workers); i++ {
		if n, ok = w.queue.Steal(&e.workers[(w.number+i)%len(e.workers)].queue); ok {
			w.steals.Add(1)
		}
	}
	if last := e.searching.Add(^uint64(0)) == 0; last && ok && e.hasWork() {
		e.idle.NotifyOne()
	}
	return n, ok
}

// sleep waits until there is work. It reports false if the executor is closed and
// there is none.
func (w *worker) sleep() (work bool) {
	cx := rouse.NewContext(w.parker.WakerRef())
	for {
		at("sleep")
		// WaitUntil calls hasWork after it has put the worker into the queue, too.
		if work, ready := w.exec.idle.WaitUntil(cx, &w.place, w.exec.hasWork); ready {
			return work
		}
		w.sleeps.Add(1)
		w.parker.Park()
	}
}

// hasWork reports whether there is anything in any queue.
func (e *Executor) hasWork() bool {
	for _, w := range e.workers {
		if w.queue.Len() > 0 {
			return true
		}
	}
	return e.shared.Len() > 0
}
