package rouse

// A RawTask is an uncounted pointer to a task: an address to compare, to name
// and to look at. It may be copied and kept, and keeps only the memory: if the
// owner of the task recycles that, the RawTask points to the next task in it.
// The zero RawTask is none: its Header is nil, and its other methods panic. Its
// methods are safe for concurrent use by multiple goroutines.
//
// The idea is tokio's task::raw::RawTask.
type RawTask struct{ h *Header }

// Header returns the task's header.
func (t RawTask) Header() *Header { return t.h }

// ID returns the task's identity, as Header.ID does.
func (t RawTask) ID() ID { return t.header("RawTask.ID").ID() }

// Snapshot returns the task's word. Cost: one atomic load.
func (t RawTask) Snapshot() Snapshot { return t.header("RawTask.Snapshot").Snapshot() }

// Shutdown ends a task that the caller has just taken off an owner list of its
// own, whose claim ends here: the task is cancelled on this goroutine if it is
// idle, and otherwise by whoever owes or holds the run. Cost: one atomic
// operation; two if it is idle.
func (t RawTask) Shutdown() { t.header("RawTask.Shutdown").shutdown("RawTask.Shutdown") }

func (t RawTask) header(op string) *Header {
	if t.h == nil {
		panic("rouse: " + op + ": the RawTask is zero")
	}
	return t.h
}

// The harness: what each transition of the word sets in motion, for tasks of
// all types. After an RMW it touches the task only where header.go says so. The
// run itself is in notified.go, the end of a task in ending.go.

// submit hands the Notified, which the caller owns, to the scheduler. One that
// panics has not taken it.
func (h *Header) submit(why Reason) {
	h.submitted(why)
	readsHeader(h)
	if h.vtable.kind&cellQueued != 0 {
		switch q := cellOf(h).sched.(type) { // these two have taken it, whatever happens
		case *LocalQueue:
			q.Schedule(h.grant(), why)
			return
		case *RunQueue:
			q.Schedule(h.grant(), why)
			return
		}
	}
	taken := false
	defer func() {
		if !taken {
			h.untaken()
		}
	}()
	if h.vtable.isCell {
		cellOf(h).sched.Schedule(h.grant(), why)
	} else {
		h.vtable.schedule(h, h.grant(), why)
	}
	taken = true
}

// untaken ends a task whose scheduler was unwound, by a panic or a Goexit,
// before it took the Notified. If what unwound it is a destructor, inside
// Notified.Drop, there is none any more: Drop pins the memory, so that the word
// that is looked at here is that task's, not a next tenant's.
func (h *Header) untaken() {
	if h.state.Load()&(runMask|flagNotified) == flagNotified {
		h.grant().Drop()
	}
}

func (h *Header) abort(c Cause) bool {
	switch h.state.toNotifiedAndCancel(c) {
	case actSubmit:
		h.submit(Cancelled)
		return true
	case actRecorded:
		return true
	}
	return false
}

func (h *Header) shutdown(op string) {
	switch h.state.toShutdown(op) {
	case actCancel:
		h.cancel(CauseShutdown)
	case actRelease:
		h.release()
	}
}

// settled does what a settled word asks for.
func (h *Header) settled(act action) {
	switch act {
	case actSubmit:
		h.orphaned()
	case actReport:
		h.reportOrphan()
	case actRelease:
		h.release()
	}
}

// orphaned submits the last run, which settling has claimed.
func (h *Header) orphaned() {
	if tracing {
		h.traceTask(traceOrphan, outcomeNone, CauseNone)
	}
	h.submit(Cancelled)
}

// reportOrphan tells of a task that nobody can wake, and keeps it. The
// Notified, which settling has claimed, is what lets it look at the task.
func (h *Header) reportOrphan() {
	if tracing {
		h.traceTask(traceOrphan, outcomeNone, CauseNone)
	}
	defer h.submit(Woken) // though the hook panics
	err := newJoinError(h, CauseOrphaned, nil)
	if h.vtable.isCell {
		cellOf(h).sched.(OrphanHooks).Orphaned(RawTask{h}, err)
	} else {
		h.vtable.orphaned(h, err)
	}
}

// release ends the life of a dead, complete task, which the caller owns.
func (h *Header) release() {
	h.end()
	released(h)
	if tracing {
		h.traceTask(traceRelease, outcomeNone, CauseNone)
	}
	if f := h.vtable.release; f != nil {
		f(h)
	}
}
