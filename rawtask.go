package rouse

import "unsafe"

// A RawTask is an uncounted pointer to a task: an address to compare, to name
// and to look at. It may be copied and kept. It keeps nothing alive but the
// memory, which may be the next task's, where the task's owner recycles it. The
// zero RawTask is none: its Header is nil, and its other methods panic. All
// methods may race. It is tokio's task::raw::RawTask.
type RawTask struct{ h *Header }

// Header returns the task's header.
func (t RawTask) Header() *Header { return t.h }

// ID returns the task's identity, as Header.ID.
func (t RawTask) ID() ID { return t.held("RawTask.ID").ID() }

// Snapshot returns the task's word.
func (t RawTask) Snapshot() Snapshot { return t.held("RawTask.Snapshot").Snapshot() }

// Shutdown ends a task that the caller has just taken off an owner list of its
// own, whose claim ends here: the task is cancelled on this goroutine if it is
// idle, else by whoever owes or holds the run. RMWs: 1; idle 2.
func (t RawTask) Shutdown() { t.held("RawTask.Shutdown").shutdown() }

func (t RawTask) held(op string) *Header {
	if t.h == nil {
		panic("rouse: " + op + ": the RawTask is zero")
	}
	return t.h
}

// The harness: what each transition of the word sets in motion. It is written
// once, for tasks of all types. After an RMW it touches the task only where
// the result gave it a claim: N that it now owns, R, or a dead, complete word.

func (h *Header) data() unsafe.Pointer { return unsafe.Pointer(h) }

func (h *Header) cloneWaker() {
	h.state.RefInc()
	if tracing {
		h.traceKey().waker(TraceClone, 0, ActNone)
	}
}

func (h *Header) dropWaker() {
	if tracing {
		key, old := h.traceKey(), h.state.Load()
		act := h.state.RefDec()
		key.waker(TraceDrop, old, act)
		h.settled(act)
		return
	}
	if act := h.state.RefDec(); act != ActNone {
		h.settled(act)
	}
}

// tracedWake emits the event between the RMW and the submission, so that a
// wake precedes the poll it causes.
func (h *Header) tracedWake(op TraceOp, wake func(*State) Action) {
	key, old := h.traceKey(), h.state.Load()
	act := wake(&h.state)
	key.waker(op, old, act)
	h.woken(act)
}

// woken does what a wake asks for.
func (h *Header) woken(act Action) {
	switch act {
	case ActSubmit:
		h.submit(Woken)
	case ActRelease:
		h.release()
	}
}

func (h *Header) abort(c Cause) bool {
	switch h.state.ToNotifiedAndCancel(c) {
	case ActSubmit:
		h.submit(Cancelled)
		return true
	case ActRecorded:
		return true
	}
	return false
}

func (h *Header) shutdown() {
	switch h.state.ToShutdown() {
	case ActCancel:
		h.cancel(CauseShutdown)
	case ActRelease:
		h.release()
	}
}

// settled does what a settled word asks for.
func (h *Header) settled(act Action) {
	switch act {
	case ActSubmit:
		h.orphaned()
	case ActReport:
		h.reportOrphan()
	case ActRelease:
		h.release()
	}
}

// orphaned submits the last run, which settling has claimed.
func (h *Header) orphaned() {
	if tracing {
		h.traceTask(TraceOrphan, OutcomeNone, CauseNone)
	}
	h.submit(Cancelled)
}

// reportOrphan tells of a task that nobody can wake, and keeps it. The
// Notified, which settling has claimed, is what lets it look at the task.
func (h *Header) reportOrphan() {
	if tracing {
		h.traceTask(TraceOrphan, OutcomeNone, CauseNone)
	}
	defer h.submit(Woken) // though the hook panics
	err := newJoinError(h, CauseOrphaned, nil)
	if h.vtable.joined {
		cellOf(h).sched.(OrphanHooks).Orphaned(RawTask{h}, err)
	} else {
		h.vtable.Orphaned(h, err)
	}
}

// submit hands the Notified, which the caller owns, to the scheduler.
func (h *Header) submit(why Reason) {
	h.submitted(why)
	readsHeader(h)
	taken := false
	defer func() {
		if !taken {
			h.untaken()
		}
	}()
	if h.vtable.joined {
		cellOf(h).sched.Schedule(h.grant(), why)
	} else {
		h.vtable.Schedule(h.grant(), why)
	}
	taken = true
}

// cancel ends the task, whose run the caller has: for the cause that stands in
// the word, else for c.
func (h *Header) cancel(c Cause) {
	if n := h.state.Load(); n.Cancelled() {
		c = n.Cause()
	}
	e := ending{h: h, cause: c}
	e.finish()
}

// release ends the life of a dead, complete task, which the caller owns.
func (h *Header) release() {
	h.end()
	released(h)
	if tracing {
		h.traceTask(TraceRelease, OutcomeNone, CauseNone)
	}
	if f := h.vtable.Release; f != nil {
		f(h)
	}
}
