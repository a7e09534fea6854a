package rouse

import "time"

// The names of events. The four operations of wakers have the names that tokio's
// tracing gives them. Package trace exports these constants, and those below, for
// authors of Tracers.
const (
	traceClone     = "waker.clone"
	traceDrop      = "waker.drop"
	traceWake      = "waker.wake"
	traceWakeByRef = "waker.wake_by_ref"

	traceSpawn     = "task.spawn"
	traceName      = "task.name" // Options.Name or OwnedTasks.Describe named the task
	tracePollStart = "task.poll_start"
	tracePollEnd   = "task.poll_end"
	traceOrphan    = "task.orphan"   // no waker is left: one run is submitted, which cancels the task unless it is kept
	traceCancel    = "task.cancel"   // the task is being cancelled
	traceComplete  = "task.complete" // the task has ended
	traceRelease   = "task.release"  // nothing refers to the task any more
)

// What a traced operation led to.
const (
	outcomeNone      = ""
	outcomeSubmitted = "submitted" // the task was idle, and went to its scheduler
	outcomeCoalesced = "coalesced" // a run was owed already
	outcomeRunning   = "running"   // the task was running, and will run again
	outcomeComplete  = "complete"  // the task had ended
	outcomeOrphaned  = "orphaned"  // it was the last waker: a task.orphan follows
	outcomePending   = "pending"   // the poll was not ready
	outcomeReady     = "ready"     // the poll was ready
	outcomePanicked  = "panicked"  // the poll panicked
	outcomeExited    = "exited"    // the poll called runtime.Goexit
	outcomeForeign   = "foreign"   // the waker is not one of a task of this package
)

// A TraceEvent is one event. It is plain data. It is emitted after the operation,
// when the task may be gone already; what it says was copied before.
type TraceEvent struct {
	Op      string        // what happened: a constant of package trace, such as trace.OpWake
	Task    ID            // 0 for a waker that is not of a task of this package
	Outcome string        // what it led to: a constant of package trace, such as trace.OutcomeSubmitted, or empty
	Cause   Cause         // for trace.OpCancel, and for trace.OpComplete without an output
	Latency time.Duration // for trace.OpPollStart: the time since the run was submitted
	Name    string        // for trace.OpName
	Site    string        // for trace.OpName: where the task was spawned or described
}

// A Tracer receives the events of all tasks. Trace must be safe for concurrent
// use by multiple goroutines: it is called by whoever runs, wakes or ends a task,
// often inside a Wake. It must be fast, and must not block, panic or use wakers.
//
// The events of the runs of a task arrive in their order. The event of a waker
// that another goroutine uses may arrive after the events of the run that it
// caused. Package trace has several Tracers.
type Tracer interface{ Trace(TraceEvent) }
