//go:build rouse_trace

package rouse

import "time"

const tracing = true

// tracer is where events go.
var tracer pointer[Tracer]

// SetTracer sends the events of all tasks to t from now on; nil ends that. It
// reports whether tracing was built in, by the tag rouse_trace.
func SetTracer(t Tracer) bool {
	if t == nil {
		tracer.Store(nil)
	} else {
		tracer.Store(&t)
	}
	return true
}

func emit(e TraceEvent) {
	if t := tracer.Load(); t != nil {
		(*t).Trace(e)
	}
}

// traced is what a Header has besides: when the run that is owed was
// submitted. It belongs to whoever has the Notified or the run.
type traced struct{ due time.Time }

func (t *traced) submitted() { t.due = time.Now() }

func traceForeign(op TraceOp) { emit(TraceEvent{Op: op, Outcome: OutcomeForeign}) }

// traceWaker emits the event of a waker operation that found the word to be
// old, shortly before, and led to act.
func (h *Header) traceWaker(op TraceOp, id ID, old Snapshot, act Action) {
	e := TraceEvent{Op: op, Task: id}
	switch {
	case op == TraceClone:
	case op == TraceDrop:
		if act == ActSubmit {
			e.Outcome = OutcomeOrphaned
		}
	case act == ActSubmit:
		e.Outcome = OutcomeSubmitted
	case act == ActComplete || act == ActRelease || old.Complete():
		e.Outcome = OutcomeComplete
	case old.Running():
		e.Outcome = OutcomeRunning
	default:
		e.Outcome = OutcomeCoalesced
	}
	emit(e)
}

// traceTask emits an event of a task that the caller has a claim on.
func (h *Header) traceTask(op TraceOp, id ID, out Outcome, c Cause) {
	e := TraceEvent{Op: op, Task: id, Outcome: out, Cause: c}
	if op == TracePollStart && !h.due.IsZero() {
		e.Latency = time.Since(h.due)
		h.due = time.Time{}
	}
	emit(e)
}
