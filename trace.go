package rouse

import "time"

// A TraceOp names an event of a run. The four waker operations have tokio's names.
type TraceOp string

const (
	TraceClone     TraceOp = "waker.clone"
	TraceDrop      TraceOp = "waker.drop"
	TraceWake      TraceOp = "waker.wake"
	TraceWakeByRef TraceOp = "waker.wake_by_ref"

	TraceSpawn     TraceOp = "task.spawn"
	TraceName      TraceOp = "task.name" // by Options.Name or OwnedTasks.Describe
	TracePollStart TraceOp = "task.poll_start"
	TracePollEnd   TraceOp = "task.poll_end"
	TraceOrphan    TraceOp = "task.orphan" // no waker is left: a run is submitted, the last unless the task is to be kept
	TraceCancel    TraceOp = "task.cancel"
	TraceComplete  TraceOp = "task.complete"
	TraceRelease   TraceOp = "task.release"
)

// An Outcome is what a traced operation led to.
type Outcome string

const (
	OutcomeNone      Outcome = ""
	OutcomeSubmitted Outcome = "submitted" // the task was idle, and went to its scheduler
	OutcomeCoalesced Outcome = "coalesced" // a run was owed already
	OutcomeRunning   Outcome = "running"   // the task was running, and will run again
	OutcomeComplete  Outcome = "complete"  // the task had ended
	OutcomeOrphaned  Outcome = "orphaned"  // the last waker went: a TraceOrphan follows
	OutcomePending   Outcome = "pending"   // the poll was not ready
	OutcomeReady     Outcome = "ready"     // the poll was ready
	OutcomePanicked  Outcome = "panicked"  // the poll panicked
	OutcomeExited    Outcome = "exited"    // the poll called runtime.Goexit
	OutcomeForeign   Outcome = "foreign"   // not a waker of this kit's: nothing is known
)

// A TraceEvent is one event. It is emitted after the operation, with what was
// copied before it: the task may be gone.
type TraceEvent struct {
	Op      TraceOp
	Task    ID // 0 for a foreign waker
	Outcome Outcome
	Cause   Cause         // of TraceCancel, and of a TraceComplete without output
	Latency time.Duration // of TracePollStart: since the run was submitted
	Name    string        // of TraceName
	Site    string        // of TraceName: where the task was spawned or described
}

// A Tracer receives the events of all tasks, from all goroutines, some inside
// a Wake: it must be fast, must not block, and must not use wakers. The events
// of a task come in the order of its life; those of wakers that race with its
// run may come after what they led to. Package trace has some Tracers.
type Tracer interface{ Trace(TraceEvent) }
