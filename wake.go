package rouse

import "unsafe"

// The operations of all wakers. Those of tasks go straight to the word.

func wakeByRef(data unsafe.Pointer, vtable *RawWakerVTable) {
	if vtable == &taskWakerVTable || vtable == &uncountedWakerVTable {
		h := (*Header)(data)
		if tracing {
			h.tracedWake(TraceWakeByRef, (*State).ToNotifiedByRef)
			return
		}
		act := h.state.tryNotify()
		for act == ActRetry {
			act = h.state.tryNotify()
		}
		if act == ActSubmit {
			h.submit(Woken)
		}
		return
	}
	wakeForeign(data, vtable)
}

func wakeForeign(data unsafe.Pointer, vtable *RawWakerVTable) {
	if vtable == nil {
		consumed("WakeByRef")
	}
	traceForeign(TraceWakeByRef)
	vtable.WakeByRef(data)
}

func wakeByVal(data unsafe.Pointer, vtable *RawWakerVTable) {
	switch vtable {
	case &taskWakerVTable:
		h := (*Header)(data)
		if tracing {
			h.tracedWake(TraceWake, (*State).ToNotifiedByVal)
			return
		}
		if act := h.state.ToNotifiedByVal(); act != ActNone {
			h.woken(act)
		}
		return
	case &uncountedWakerVTable:
		if tracing {
			(*Header)(data).tracedWake(TraceWake, (*State).ToNotifiedByRef)
			return
		}
		wakeByRef(data, vtable)
		return
	case nil:
		consumed("Waker.Wake")
	}
	traceForeign(TraceWake)
	vtable.Wake(data)
}

// dropSlow drops what is not a task's waker, and settles the word n that the
// drop of a task's last one left.
func dropSlow(data unsafe.Pointer, vtable *RawWakerVTable, n Snapshot) {
	switch vtable {
	case &taskWakerVTable:
		h := (*Header)(data)
		if watched {
			h.dropWaker()
			return
		}
		h.settled(h.state.refDecSlow(n))
		return
	case &uncountedWakerVTable:
		if tracing {
			h := (*Header)(data)
			h.traceKey().waker(TraceDrop, 0, ActNone)
		}
		return
	case nil:
		consumed("Waker.Drop")
	}
	traceForeign(TraceDrop)
	vtable.Drop(data)
}

//go:noinline
func consumed(op string) {
	panic("rouse: " + op + ": the waker is zero, or was consumed before by Wake, Drop, Move or IntoRaw")
}
