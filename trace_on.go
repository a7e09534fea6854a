//go:build rouse_trace

package rouse

import "time"

const tracing = true

// tracer is where events go.
var tracer pointer[Tracer]

// SetTracer sends the events of all tasks to t from now on, instead of the former
// Tracer; nil stops them. It does not wait for calls of the former Tracer that are
// in progress. It is safe for concurrent use by multiple goroutines. It reports
// whether the program was built with the tag rouse_trace; otherwise it does
// nothing.
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
	born, lastPoll, lastEnd word // times in Unix nanoseconds
	polls, wakes            word
	due                     time.Time // when the run that is owed was submitted
}

func (h *Header) submitted(why Reason) {
	h.due = time.Now()
	if why == Woken || why == Yielded {
		h.wakes.Add(1)
	}
}

func (t *traced) describe(i *TaskInfo) {
	i.Polls, i.Wakes = t.polls.Load(), t.wakes.Load()
	i.Born, i.LastPoll = unixTime(t.born.Load()), unixTime(t.lastPoll.Load())
	if i.State.Idle() {
		i.IdleSince = unixTime(max(t.born.Load(), t.lastEnd.Load()))
	}
}

func unixTime(ns uint64) (t time.Time) {
	if ns != 0 {
		t = time.Unix(0, int64(ns))
	}
	return t
}

func unixNow() uint64 { return uint64(time.Now().UnixNano()) }

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

// tracedWake emits the event between the RMW and the submission, so that a wake
// precedes the poll that it causes.
func tracedWake(s *State, op string, wake func(*State) action) action {
	if s.Load().has(flagForeign) {
		traceForeign(op)
		return wake(s) // actForeign, or a misuse
	}
	key, old := s.task().traceKey(), s.Load()
	act := wake(s)
	key.waker(op, old, act)
	return act
}

// waker emits the event of a waker operation that found the word to be old,
// shortly before, and led to act.
func (k traceKey) waker(op string, old Snapshot, act action) {
	e := TraceEvent{Op: op, Task: k.id}
	switch {
	case op == traceClone:
	case op == traceDrop:
		if act == actSubmit || act == actReport {
			e.Outcome = outcomeOrphaned
		}
	case act == actSubmit:
		e.Outcome = outcomeSubmitted
	case act == actComplete || act == actRelease || old.Complete():
		e.Outcome = outcomeComplete
	case old.Running():
		e.Outcome = outcomeRunning
	default:
		e.Outcome = outcomeCoalesced
	}
	k.totals.waker(e)
	emit(e)
}

// traceTask emits an event of a task that the caller has a claim on.
func (h *Header) traceTask(op, out string, c Cause) {
	k := h.traceKey()
	e := TraceEvent{Op: op, Task: k.id, Outcome: out, Cause: c}
	switch op {
	case traceSpawn:
		h.due = time.Time{}
		h.born.Store(unixNow())
		h.polls.Store(0)
		h.wakes.Store(0)
		h.lastPoll.Store(0)
		h.lastEnd.Store(0)
	case tracePollStart:
		if !h.due.IsZero() {
			e.Latency = time.Since(h.due)
			h.due = time.Time{}
		}
		h.polls.Add(1)
		h.lastPoll.Store(unixNow())
	case tracePollEnd:
		h.lastEnd.Store(unixNow())
	}
	k.totals.task(e)
	emit(e)
}

// traceName emits the name of a task that the caller has a claim on.
func (h *Header) traceName(n note) {
	emit(TraceEvent{Op: traceName, Task: h.taskID(), Name: n.name, Site: n.site})
}

func traceForeign(op string) { emit(TraceEvent{Op: op, Outcome: outcomeForeign}) }

// counted is what an OwnedTasks has besides.
type counted struct{ totals totals }

type totals struct {
	polls, completed, orphaned, released          word
	submitted, coalesced, whileRunning, afterDone word
	clones, drops                                 word
	cancelled                                     [CauseExited + 1]word
}

// unbound counts for the tasks that are on no list.
var unbound totals

// Unbound returns the totals of the tasks that are on no OwnedTasks. It reports
// false, and no totals, unless the program was built with the tag rouse_trace. It
// is safe for concurrent use by multiple goroutines.
func Unbound() (Counters, bool) {
	c := Counters{Cancelled: map[string]uint64{}}
	unbound.addTo(&c)
	return c, true
}

func (k *counted) addTo(c *Counters) { k.totals.addTo(c) }

func (k *totals) waker(e TraceEvent) {
	switch e.Op {
	case traceClone:
		k.clones.Add(1)
		return
	case traceDrop:
		k.drops.Add(1)
		return
	}
	switch e.Outcome {
	case outcomeSubmitted:
		k.submitted.Add(1)
	case outcomeCoalesced:
		k.coalesced.Add(1)
	case outcomeRunning:
		k.whileRunning.Add(1)
	case outcomeComplete:
		k.afterDone.Add(1)
	}
}

func (k *totals) task(e TraceEvent) {
	switch e.Op {
	case tracePollStart:
		k.polls.Add(1)
	case traceOrphan:
		k.orphaned.Add(1)
	case traceRelease:
		k.released.Add(1)
	case traceComplete:
		if e.Cause == CauseNone {
			k.completed.Add(1)
		} else {
			k.cancelled[e.Cause].Add(1)
		}
	}
}

func (k *totals) addTo(c *Counters) {
	c.Polls += k.polls.Load()
	c.Completed += k.completed.Load()
	c.Orphaned += k.orphaned.Load()
	c.Released += k.released.Load()
	c.WakesSubmitted += k.submitted.Load()
	c.WakesCoalesced += k.coalesced.Load()
	c.WakesWhileRunning += k.whileRunning.Load()
	c.WakesAfterComplete += k.afterDone.Load()
	c.Clones += k.clones.Load()
	c.Drops += k.drops.Load()
	for cause := range k.cancelled {
		if n := k.cancelled[cause].Load(); n > 0 {
			c.Cancelled[Cause(cause).String()] += n
		}
	}
}
