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
	TracePollStart TraceOp = "task.poll_start"
	TracePollEnd   TraceOp = "task.poll_end"
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
	OutcomeOrphaned  Outcome = "orphaned"  // the last waker went: a last, cancelled run was submitted
	OutcomePending   Outcome = "pending"   // the poll was not ready
	OutcomeReady     Outcome = "ready"     // the poll was ready
	OutcomeForeign   Outcome = "foreign"   // not a waker of this kit's: nothing is known
)

// A TraceEvent is one event. It is emitted after the operation, with what was
// copied before it: the task may be gone.
type TraceEvent struct {
	Op      TraceOp
	Task    ID // 0 for a foreign waker
	Outcome Outcome
	Cause   Cause         // of TraceCancel, and of a TraceComplete without output
	Latency time.Duration // of TracePollStart: since the wake that was submitted
}

// A Tracer receives the events of all tasks, from all goroutines, some inside
// a Wake: it must be fast, must not block, and must not use wakers.
type Tracer interface{ Trace(TraceEvent) }
