package rouse

// A Scheduler is what a runtime gives to its tasks. Its methods are called by
// any goroutine, also at once, also inside a Poll of one of its tasks; never
// with a lock of the kit's held.
//
//	           called when            the scheduler                       if it panics
//	Schedule   a Notified is due      owns n: queues it for a later Run,  it has not taken n: n is
//	                                  or, closed, calls n.Drop after its  dropped, and the panic goes
//	                                  locks are released. Never runs n    on to who woke the task, or
//	                                  inline; must not block              to Spawn's caller
//	Yield      a task was woken       the same; a fair scheduler puts n   the same; the panic goes on
//	           while it ran, by the   behind what is queued               to the caller of Run
//	           goroutine that ran it
//	Hooks      see there
//
// A scheduler that closes drops every Notified it holds and every one that
// still comes; each task then resolves, with CauseDropped.
//
// An orphan is ended, by a last Notified with the reason Cancelled, unless its
// spawn said NoOrphanCheck or the scheduler has OrphanHooks, which report and
// keep it. The idea is tokio's task::Schedule.
type Scheduler interface {
	Schedule(n Notified, why Reason)
	Yield(n Notified)
}

// A ScheduleFunc is a Scheduler whose Yield calls it with the reason Yielded.
type ScheduleFunc func(n Notified, why Reason)

// Schedule calls f.
func (f ScheduleFunc) Schedule(n Notified, why Reason) { f(n, why) }

// Yield calls f.
func (f ScheduleFunc) Yield(n Notified) { f(n, Yielded) }

// Hooks is what a Scheduler may have besides; embed NoHooks and override. They
// are called by the goroutine that ends the task, which holds the run.
type Hooks interface {
	// Panicked learns of a task that ended by a panic of its own, before its
	// joiner does, and reports whether it dealt with it. If it did not, and
	// the task is detached, the panic goes on to the caller of Run.
	Panicked(err *JoinError) bool

	// Terminated is called when the outcome is known; err is nil after a
	// ready poll. The joiner of a joined task may have seen it already. A
	// panic goes on to the caller of Run, with the task complete.
	Terminated(t RawTask, err *JoinError)

	// Unlist takes t off a list of the scheduler's own, which Options.Listed
	// told Spawn of, and reports whether t was on it. If it was, the claim of the
	// list on the task ends here.
	Unlist(t RawTask) bool
}

// OrphanHooks is Hooks of a scheduler that keeps orphans instead of ending them:
// a task that was spawned on it, with the check on, and that is pending while
// no waker is left that could wake it.
type OrphanHooks interface {
	Hooks

	// Orphaned learns of such a task, once, on the stack that gave up the last
	// waker or ran the poll that kept none. err is the error that it would have
	// ended with: the task's name and site, as far as known, and in the debug
	// build how its last waker ended. The task is then polled once more, and stays, unless nothing
	// at all refers to it any more. It must not block. A panic goes on to who
	// dropped the waker, or to the caller of Run.
	Orphaned(t RawTask, err *JoinError)
}

// NoHooks implements Hooks by doing nothing.
type NoHooks struct{}

// Panicked reports false.
func (NoHooks) Panicked(*JoinError) bool { return false }

// Terminated does nothing.
func (NoHooks) Terminated(RawTask, *JoinError) {}

// Unlist reports false.
func (NoHooks) Unlist(RawTask) bool { return false }
