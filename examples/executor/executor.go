package executor

import (
	"log"
	"runtime"

	"github.com/rouse-go/rouse"
)

// An Executor runs tasks on a fixed number of worker goroutines. It is a
// rouse.Scheduler. All its methods are safe for concurrent use by multiple
// goroutines.
type Executor struct {
	// Panicked is told of a panic of a detached task, which is a *rouse.JoinError,
	// by the worker that ran the task. New has it write to the log; set it before
	// the first Spawn. What another task panics with, its JoinHandle returns.
	Panicked func(v any)

	workers []*worker
	tasks   rouse.OwnedTasks  // all that were spawned and have not ended
	shared  rouse.SharedQueue // what is due, and is on no worker's own queue

	// How workers that have nothing to do are found: see worker.go.
	idle      rouse.WaitQueue
	searching word // how many workers are looking for something to run

	// How the executor ends: see shutdown.go.
	draining word         // 1 once Shutdown was called
	running  word         // how many workers have not ended
	down     rouse.Parker // the goroutine that called Shutdown sleeps here
}

// New returns an executor with so many workers; 0 stands for GOMAXPROCS. They have
// started, and Shutdown ends them.
func New(workers int) *Executor {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	e := &Executor{Panicked: logPanic}
	e.running.Store(uint64(workers))
	for i := range workers {
		w := &worker{exec: e, number: i}
		w.mark = marks.InitNotified(w)
		e.workers = append(e.workers, w)
	}
	for _, w := range e.workers {
		go w.main()
	}
	return e
}

func logPanic(v any) {
	var stack []byte
	if err, ok := v.(*rouse.JoinError); ok {
		stack = err.Stack
	}
	log.Printf("executor: %v\n%s", v, stack)
}

// Spawn makes a task of f and returns the handle to its outcome, which its owner
// awaits or detaches. After Shutdown the outcome is rouse.ErrShutdown.
func Spawn[T any, F rouse.Future[T]](e *Executor, f F) rouse.JoinHandle[T] {
	return rouse.SpawnWith[T](e, f, rouse.Options{Owned: &e.tasks, Skip: 1})
}

// SpawnWith is Spawn with options, such as a Name, which the page and the error of
// the task tell, and a Value, which the function Value returns.
func SpawnWith[T any, F rouse.Future[T]](e *Executor, f F, o rouse.Options) rouse.JoinHandle[T] {
	o.Owned = &e.tasks
	o.Skip++
	return rouse.SpawnWith[T](e, f, o)
}

// Value returns the value of the task that polls the caller: the number of the
// request that the task serves, for example, or a pointer to all that is its own.
// It reports false if the task has none of that type.
func Value[V any](cx rouse.Context) (v V, ok bool) {
	if task, is := cx.Waker().Task(); is {
		v, ok = task.Value().(V)
	}
	return v, ok
}

// Schedule takes a task that is due from whoever has spawned, woken or cancelled
// it. First the task is in the queue, then a worker is told: one that looks
// afterwards finds it.
func (e *Executor) Schedule(n rouse.Notified, _ rouse.Reason) {
	e.shared.Push(n)
	if e.searching.Load() == 0 {
		e.idle.NotifyOne()
	}
}

// Yield takes a task that was woken while it ran, from the worker that ran it. The
// task goes behind all that are due. No worker has to be told: one was told of each
// of these, and the worker that ran this task takes the next of them now. If none
// is due, it runs this one again.
func (e *Executor) Yield(n rouse.Notified) {
	w, _ := marks.Of(n.Next().Task())
	if w.queue.Len() > 0 || e.shared.Len() > 0 || e.tasks.IsClosed() {
		e.shared.Push(n) // or drops it, if that is closed
	} else {
		w.again = n
	}
}
