package rouse

import "time"

// A TraceOp is the name of an event. The four operations of wakers have the names
// that tokio's tracing gives them.
type TraceOp string

const (
	TraceClone     TraceOp = "waker.clone"
	TraceDrop      TraceOp = "waker.drop"
	TraceWake      TraceOp = "waker.wake"
	TraceWakeByRef TraceOp = "waker.wake_by_ref"

	TraceSpawn     TraceOp = "task.spawn"
	TraceName      TraceOp = "task.name" // Options.Name or OwnedTasks.Describe named the task
	TracePollStart TraceOp = "task.poll_start"
	TracePollEnd   TraceOp = "task.poll_end"
	TraceOrphan    TraceOp = "task.orphan"   // no waker is left: one run is submitted, which cancels the task unless it is kept
	TraceCancel    TraceOp = "task.cancel"   // the task is being cancelled
	TraceComplete  TraceOp = "task.complete" // the task has ended
	TraceRelease   TraceOp = "task.release"  // nothing refers to the task any more
)

// An Outcome is what a traced operation led to.
type Outcome string

const (
	OutcomeNone      Outcome = ""
	OutcomeSubmitted Outcome = "submitted" // the task was idle, and went to its scheduler
	OutcomeCoalesced Outcome = "coalesced" // a run was owed already
	OutcomeRunning   Outcome = "running"   // the task was running, and will run again
	OutcomeComplete  Outcome = "complete"  // the task had ended
	OutcomeOrphaned  Outcome = "orphaned"  // it was the last waker: a TraceOrphan follows
	OutcomePending   Outcome = "pending"   // the poll was not ready
	OutcomeReady     Outcome = "ready"     // the poll was ready
	OutcomePanicked  Outcome = "panicked"  // the poll panicked
	OutcomeExited    Outcome = "exited"    // the poll called runtime.Goexit
	OutcomeForeign   Outcome = "foreign"   // the waker is not one of a task of this package
)

// A TraceEvent is one event. It is plain data. It is emitted after the operation,
// when the task may be gone already; what it says was copied before.
type TraceEvent struct {
	Op      TraceOp
	Task    ID // 0 for a waker that is not of a task of this package
	Outcome Outcome
	Cause   Cause         // for TraceCancel, and for TraceComplete without an output
	Latency time.Duration // for TracePollStart: the time since the run was submitted
	Name    string        // for TraceName
	Site    string        // for TraceName: where the task was spawned or described
}

// A Tracer receives the events of all tasks. Trace must be safe for concurrent
// use by multiple goroutines: it is called by whoever runs, wakes or ends a task,
// often inside a Wake. It must be fast, and must not block, panic or use wakers.
//
// The events of the runs of a task arrive in their order. The event of a waker
// that another goroutine uses may arrive after the events of the run that it
// caused. Package trace has several Tracers.
type Tracer interface{ Trace(TraceEvent) }
