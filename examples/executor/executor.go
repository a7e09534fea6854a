package executor

import (
	"runtime"

	"github.com/rouse-go/rouse"
)

// An Executor runs tasks on a fixed number of worker goroutines. It is a
// rouse.Scheduler. All its methods are safe for concurrent use by multiple
// goroutines.
type Executor struct {
	// Panicked is told of a panic of a detached task, which is a *rouse.JoinError,
	// by the worker that ran the task. Set it before the first Spawn. If it is nil,
	// the panic is logged. What another task panics with, its JoinHandle returns.
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
	e := new(Executor)
	for i := range workers {
		e.workers = append(e.workers, &worker{exec: e, number: i})
	}
	e.running.Store(uint64(workers))
	for _, w := range e.workers {
		start(w.main)
	}
	return e
}

// Spawn makes a task of f and returns the handle to its outcome, which its owner
// awaits or detaches. After Shutdown the outcome is rouse.ErrShutdown.
func Spawn[T any, F rouse.Future[T]](e *Executor, f F) rouse.JoinHandle[T] {
	return rouse.SpawnWith[T](e, f, rouse.Options{Owned: &e.tasks, Skip: 1})
}

// SpawnNamed is Spawn for a task that has a name on the page and in its error.
func SpawnNamed[T any, F rouse.Future[T]](e *Executor, name string, f F) rouse.JoinHandle[T] {
	return rouse.SpawnWith[T](e, f, rouse.Options{Owned: &e.tasks, Name: name, Skip: 1})
}

// Schedule takes a task that is due from whoever has spawned, woken or cancelled
// it. First the task is in the queue, then a worker is told: one that looks
// afterwards finds it.
func (e *Executor) Schedule(n rouse.Notified, _ rouse.Reason) {
	e.shared.Push(n)
	e.wakeOne()
}

// Yield takes a task that was woken while it ran. No worker has to be told: the
// one that ran it calls Yield, and looks into the queue before it sleeps.
func (e *Executor) Yield(n rouse.Notified) { e.shared.Push(n) }
