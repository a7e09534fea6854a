package rouse

// A Scheduler decides when and where tasks run. The package hands it a Notified
// each time a task owes a run; the scheduler keeps it in a queue, and a goroutine
// of its own takes it from there and calls Notified.Run. RunQueue and LocalQueue
// are Schedulers, and the shortest runtime is one of them and a loop.
//
// The methods of a Scheduler must be safe for concurrent use by multiple
// goroutines, unless all of its tasks and wakers stay on one goroutine. They may
// be called inside a Poll of one of its tasks. No lock of this package is held
// during a call, but whoever wakes a task may hold locks of its own.
//
//	Schedule  called     when a task was spawned, woken or cancelled, or has lost
//	                     its last waker; by the goroutine that did it
//	          holds      n: the scheduler runs it, drops it or hands it on, once
//	          must       put n into a queue and return; it must not run n, block, or
//	                     take a lock under which tasks are woken
//	          closed     calls n.Drop, after it has released its own locks
//	          a panic    the scheduler has not taken n: n is dropped, and the panic
//	                     goes on to the caller of Spawn, Wake, Abort or Drop
//
//	Yield     called     when a task was woken while it ran; by the goroutine that
//	                     ran it, as the last step of Notified.Run
//	          holds, must, closed: as Schedule; a fair scheduler puts n behind what
//	                     is queued already
//	          a panic    n is dropped, and the panic goes on to the caller of Run
//
//	Hooks     called     by the goroutine that ends the task, in Notified.Run,
//	                     Notified.Drop or OwnedTasks.CloseAndShutdownAll
//	          holds      the run of the task: it cannot be released meanwhile
//	          must       not block; it may take locks, also the scheduler's
//	          closed     called all the same, for each task that ends
//	          a panic    the task still ends; the panic then goes on to the caller
//
//	Unlist    is a hook. It takes the lock of the scheduler's list, and counts as
//	          false if it panics: the task is then never released
//
// If the Poll or the destructor of a task panics, the task ends with
// CausePanicked. A JoinHandle receives the panic as a *JoinError. If there is no
// JoinHandle, and Hooks.Panicked has not dealt with it, the *JoinError is raised
// again in the call that ended the task, after the task has ended. A worker that
// must survive that recovers around Notified.Run. A runtime.Goexit in a Poll ends
// the worker's goroutine: start another in a deferred function.
//
// Every other panic of user code is raised again as it was, in the call that led
// to it, once that call has done all that it has to do. If there were several,
// one error is raised that wraps them all in their order, as errors.Join does; a
// value that is no error is wrapped in an error with the method PanicValue() any.
// A runtime.Goexit goes on as such, unless there was a panic too, which then comes
// out first. panic(nil) is told as a *runtime.PanicNilError, whatever GODEBUG says.
//
// A runtime closes in this order. First it calls OwnedTasks.CloseAndShutdownAll:
// new tasks are refused, idle ones end, and all others will end at their next
// run. Then it closes its queue, so that every Notified that still comes is
// dropped. Last it drains the queue: it runs or drops what is left. Every task
// has ended when that is done and the runs in progress have returned. The Close
// of a RunQueue or a LocalQueue is the second step and the third. If a queue is
// drained before it is closed, a task that is woken in between is left in it. If
// the list comes last, tasks end with CauseDropped instead of CauseShutdown.
//
// The idea is tokio's task::Schedule.
type Scheduler interface {
	// Schedule takes a Notified that is due.
	Schedule(n Notified, why Reason)

	// Yield takes the Notified of a task that was woken while it ran.
	Yield(n Notified)
}

// A ScheduleFunc is a function that is a Scheduler. It must be safe for
// concurrent use by multiple goroutines if its tasks are woken by several.
type ScheduleFunc func(n Notified, why Reason)

// Schedule calls f.
func (f ScheduleFunc) Schedule(n Notified, why Reason) { f(n, why) }

// Yield calls f with the reason Yielded.
func (f ScheduleFunc) Yield(n Notified) { f(n, Yielded) }

// Hooks are methods that a Scheduler may have besides its own. Spawn asks each
// Scheduler whether it has them. Embed NoHooks and define those that you need.
// The goroutine that ends the task calls them, while it holds the run; the table
// at Scheduler says the rest.
type Hooks interface {
	// Panicked learns of a task whose Poll or destructor panicked, before its
	// JoinHandle does. It reports whether it dealt with the panic. If it did not,
	// and the task has no JoinHandle, the panic goes on to the caller of Run.
	Panicked(err *JoinError) bool

	// Terminated learns of each task that has ended. err is nil if a Poll was
	// ready. The task's JoinHandle may have delivered the outcome already.
	Terminated(t RawTask, err *JoinError)

	// Unlist removes t from the scheduler's own list of tasks, if t is on it, and
	// reports whether it was. The list owned the task, and no longer does. Unlist
	// is called for each task that ends and was not spawned with Options.Owned;
	// Options.Listed tells Spawn that such a list has the task.
	Unlist(t RawTask) bool
}

// OrphanHooks are the Hooks of a Scheduler that keeps orphans. An orphan is a
// task that is pending while no waker is left that could wake it. Without
// OrphanHooks it is cancelled by one last run, with CauseOrphaned. With them, it
// is reported and stays. Tasks spawned with NoOrphanCheck are neither.
type OrphanHooks interface {
	Hooks

	// Orphaned learns of an orphan, once. It is called by the goroutine that
	// dropped the last waker, or that ran the poll that kept none. err is the
	// error that the task would have ended with: it has the task's name and site
	// if they are known, and in the debug build how its last waker ended.
	//
	// The task is then polled once more, and stays until its owner wakes or ends
	// it. If no owner and no JoinHandle refers to it either, it is cancelled.
	// Orphaned must not block. If it panics, the panic goes on to whoever dropped
	// the waker, or to the caller of Run.
	Orphaned(t RawTask, err *JoinError)
}

// NoHooks are Hooks that do nothing. The zero value is ready to use.
type NoHooks struct{}

// Panicked reports false.
func (NoHooks) Panicked(*JoinError) bool { return false }

// Terminated does nothing.
func (NoHooks) Terminated(RawTask, *JoinError) {}

// Unlist reports false.
func (NoHooks) Unlist(RawTask) bool { return false }
