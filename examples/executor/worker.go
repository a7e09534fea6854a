package executor

import (
	"log"
	"runtime"

	"github.com/rouse-go/rouse"
)

// A worker is a goroutine that runs tasks. It takes them from the shared queue,
// half of what there is at a time, into a queue of its own. A worker that finds
// nothing in either steals half of another's. So the lock of the shared queue is
// taken once for many tasks, and no task waits for a busy worker while another
// has nothing to do.
//
// # Sleeping
//
// A worker that finds nothing waits in the queue Executor.idle, and sleeps. Two
// rules make sure that no task is left lying while it sleeps:
//
//   - Whoever puts a task where others may take it wakes a sleeping worker
//     afterwards, unless a worker is searching: wakeOne.
//   - A worker looks everywhere once more after it has stopped searching: if it
//     found nothing it does so when it stands in the queue idle, before it sleeps;
//     if it found something it does so if no other worker searches, and wakes one
//     if there is more.
//
// Say that a task was put into a queue and nobody was woken for it. Then a worker
// was searching at that moment. The last one to stop looks everywhere afterwards,
// so it finds the task, and runs it or wakes a worker for it. If instead a worker
// was to be woken and none was asleep, the WaitQueue keeps that notification, and
// the next worker that is about to sleep looks again.
type worker struct {
	exec   *Executor
	number int
	queue  rouse.StealQueue
	parker rouse.Parker
	place  rouse.Waiter // in Executor.idle
	counts counts
}

// main is the goroutine of the worker.
func (w *worker) main() {
	ended := false
	defer func() {
		if !ended { // a task has called runtime.Goexit, which ends the goroutine
			start(w.main)
		}
	}()
	for !ended {
		ended = w.runAll()
	}
	w.exec.ended()
}

// runAll runs tasks until the executor is closed, or a task panics that nobody
// joins: then it reports false. One deferred call serves many tasks.
func (w *worker) runAll() (closed bool) {
	defer func() {
		if v := recover(); v != nil {
			w.exec.panicked(v)
		}
	}()
	for n, ok := w.next(); ok; n, ok = w.next() {
		n.Run()
	}
	return true
}

// next returns what to run next. It sleeps until there is something, and reports
// false if the executor is closed and there is nothing left.
func (w *worker) next() (n rouse.Notified, ok bool) {
	for {
		at("next")
		if n, ok = w.queue.Pop(); ok {
			return n, true
		}
		if n, ok = w.queue.Take(&w.exec.shared); ok {
			if w.queue.Len() > 0 || w.exec.shared.Len() > 0 {
				w.exec.wakeOne() // there is more than this worker runs now
			}
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

// search looks for something to run in all queues.
func (w *worker) search() (n rouse.Notified, ok bool) {
	e := w.exec
	e.searching.Add(1)
	for range searchRounds {
		if n, ok = w.look(); ok {
			break
		}
		runtime.Gosched()
	}
	last := e.searching.Add(^uint64(0)) == 0
	if ok && last && e.hasWork() {
		e.idle.NotifyOne()
	}
	return n, ok
}

// look takes from the shared queue, or steals from the others in turn.
func (w *worker) look() (n rouse.Notified, ok bool) {
	e := w.exec
	if n, ok = w.queue.Take(&e.shared); ok {
		return n, true
	}
	for i := 1; i < len(e.workers); i++ {
		victim := e.workers[(w.number+i)%len(e.workers)]
		if n, ok = w.queue.Steal(&victim.queue); ok {
			w.counts.steals.Add(1)
			return n, true
		}
	}
	return n, false
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
		w.exec.drained()
		w.counts.sleeps.Add(1)
		w.parker.Park()
	}
}

// wakeOne wakes a worker for a task that was put into a queue before.
func (e *Executor) wakeOne() {
	if e.searching.Load() == 0 {
		e.idle.NotifyOne()
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

func (e *Executor) panicked(v any) {
	if e.Panicked != nil {
		e.Panicked(v)
		return
	}
	var stack []byte
	if err, ok := v.(*rouse.JoinError); ok {
		stack = err.Stack
	}
	log.Printf("executor: %v\n%s", v, stack)
}
