package trace

// The operations that a rouse.TraceEvent tells of. Those of wakers have the names
// that tokio's tracing gives them.
const (
	OpClone     = "waker.clone"
	OpDrop      = "waker.drop"
	OpWake      = "waker.wake"
	OpWakeByRef = "waker.wake_by_ref"

	OpSpawn     = "task.spawn"
	OpName      = "task.name" // rouse.Options.Name or OwnedTasks.Describe named the task
	OpPollStart = "task.poll_start"
	OpPollEnd   = "task.poll_end"
	OpOrphan    = "task.orphan"   // no waker is left: one run is submitted, which cancels the task unless it is kept
	OpCancel    = "task.cancel"   // the task is being cancelled
	OpComplete  = "task.complete" // the task has ended
	OpRelease   = "task.release"  // nothing refers to the task any more
)

// The outcomes of an operation.
const (
	OutcomeNone      = ""
	OutcomeSubmitted = "submitted" // the task was idle, and went to its scheduler
	OutcomeCoalesced = "coalesced" // a run was owed already
	OutcomeRunning   = "running"   // the task was running, and will run again
	OutcomeComplete  = "complete"  // the task had ended
	OutcomeOrphaned  = "orphaned"  // it was the last waker: an OpOrphan follows
	OutcomePending   = "pending"   // the poll was not ready
	OutcomeReady     = "ready"     // the poll was ready
	OutcomePanicked  = "panicked"  // the poll panicked
	OutcomeExited    = "exited"    // the poll called runtime.Goexit
	OutcomeForeign   = "foreign"   // the waker is not one of a task of package rouse
)
