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

// traced is what a Header has besides. due belongs to whoever has the Notified
// or the run; the words may be read by anyone.
type traced struct {
	// First, where they are aligned on 32-bit machines.
	born, lastPoll, polls, wakes word      // times in Unix nanoseconds
	due                          time.Time // when the run that is owed was submitted
}

func (t *traced) submitted() {
	t.due = time.Now()
	t.wakes.Add(1)
}

func (t *traced) describe(i *TaskInfo) {
	i.Polls, i.Wakes = t.polls.Load(), t.wakes.Load()
	if n := t.born.Load(); n != 0 {
		i.Born = time.Unix(0, int64(n))
	}
	if n := t.lastPoll.Load(); n != 0 {
		i.LastPoll = time.Unix(0, int64(n))
	}
}

// A traceKey is what an event needs of a task, copied while the task is sure
// to be there.
type traceKey struct {
	id     ID
	totals *totals
}

func (h *Header) traceKey() traceKey {
	k := traceKey{id: h.taskID(), totals: &unbound}
	if h.shard != nil {
		k.totals = &h.shard.tasks.totals
	}
	return k
}

// waker emits the event of a waker operation that found the word to be old,
// shortly before, and led to act.
func (k traceKey) waker(op TraceOp, old Snapshot, act Action) {
	e := TraceEvent{Op: op, Task: k.id}
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
	k.totals.waker(e)
	emit(e)
}

// traceTask emits an event of a task that the caller has a claim on.
func (h *Header) traceTask(op TraceOp, out Outcome, c Cause) {
	k := h.traceKey()
	e := TraceEvent{Op: op, Task: k.id, Outcome: out, Cause: c}
	switch op {
	case TraceSpawn:
		h.born.Store(uint64(time.Now().UnixNano()))
		h.polls.Store(0)
		h.wakes.Store(0)
		h.lastPoll.Store(0)
	case TracePollStart:
		if !h.due.IsZero() {
			e.Latency = time.Since(h.due)
			h.due = time.Time{}
		}
		h.polls.Add(1)
		h.lastPoll.Store(uint64(time.Now().UnixNano()))
	}
	k.totals.task(e)
	emit(e)
}

func traceForeign(op TraceOp) { emit(TraceEvent{Op: op, Outcome: OutcomeForeign}) }
