package rouse

import "unsafe"

// An ending takes a task, whose run its caller has, from a ready poll or from
// a cancellation to its terminal state. Steps that call user code may panic or
// end the goroutine: the next step follows all the same, and what was raised
// goes on once the word is consistent and the joiner resolved.
type ending struct {
	h     *Header
	step  step
	cause Cause // of an end without output
	ready bool  // there is an output
	split bool  // published, with an epilogue to follow
	drops bool  // the output is the runner's to destroy
	wakes bool  // the joiner is to be woken
	left  bool  // the owner list was left here
	act   Action
	err   *JoinError
	hooks Hooks
	slot  Waker
	raise raised
}

type step uint8

const (
	stepDestroy step = iota // the future's destructor has finished before completion is visible
	stepLost                // it panicked: the output goes too
	stepReport              // a panic of the task's own
	stepPublish             // JOIN_INTEREST, once seen clear, never returns: then stepFinish publishes
	stepOutput              // destroyed here, if no handle will take it
	stepWake                // the joiner, by reference: its handle may be reading the slot
	stepUnset               // the slot goes back to the handle; if that is gone, it is emptied here
	stepSlot
	stepHook
	stepLeave // the owner list
	stepFinish
	stepRelease
	stepEnd
)

// finish walks the steps that remain.
func (e *ending) finish() {
	defer func() {
		if e.step < stepEnd {
			e.failed(recover())
			e.step++
			e.finish()
		}
	}()
	for e.step < stepEnd {
		e.walk()
		e.step++
	}
	e.raise.out()
}

// failed notes that user code in the current step panicked with v, or called
// Goexit if v is nil. A destructor decides how the task has ended; what others
// raise is only passed on.
func (e *ending) failed(v any) {
	switch {
	case e.step == stepDestroy && e.err == nil:
		e.cause = CausePanicked
		if v == nil {
			e.cause = CauseExited
		}
		e.err = newJoinError(e.h, e.cause, v)
	case v != nil:
		e.raise.add(v)
	}
}

func (e *ending) walk() {
	h := e.h
	if !h.vtable.joined {
		e.walkHeader()
		return
	}
	c := (*cell)(unsafe.Pointer(h))
	switch e.step {
	case stepDestroy:
		e.hooks, _ = c.sched.(Hooks)
		e.traceCancel()
		c.stage.dropFuture()
	case stepLost:
		if e.ready && e.err != nil {
			e.ready = false
			c.stage.dropOutput()
		}
	case stepReport:
		if !e.ready && e.err == nil {
			e.err = newJoinError(h, e.cause, nil)
		}
		if !e.panicked() || e.hooks != nil && e.hooks.Panicked(e.err) {
			return
		}
		if !h.state.Load().JoinInterest() {
			e.raise.add(e.err)
		}
	case stepPublish:
		if e.err != nil {
			c.setStage(failed{e.err})
		}
		if e.split = h.state.Load().JoinInterest(); !e.split {
			e.drops = true
			return
		}
		n := h.state.ToComplete()
		e.drops = !n.JoinInterest()
		e.wakes = n.JoinInterest() && n.JoinWaker()
	case stepOutput:
		if e.drops {
			c.stage.dropOutput()
		}
	case stepWake:
		if e.wakes {
			reads(unsafe.Pointer(&c.joiner), "join waker")
			c.joiner.WakeByRef()
		}
	case stepUnset:
		if e.wakes && !h.state.UnsetWakerAfterComplete().JoinInterest() {
			e.slot = c.takeJoiner()
		}
	case stepSlot:
		e.slot.dropUnlessZero()
	case stepHook:
		if e.hooks != nil {
			e.hooks.Terminated(RawTask{h}, e.err)
		}
	default:
		e.walkHeader()
	}
}

// walkHeader is what tasks of levels 1 and 2 have in common, and all that the
// former have.
func (e *ending) walkHeader() {
	h := e.h
	switch e.step {
	case stepDestroy:
		if e.cause != CauseNone {
			e.traceCancel()
			h.vtable.Cancel(h, e.cause)
		}
	case stepReport:
		if e.panicked() && (h.vtable.Panicked == nil || !h.vtable.Panicked(h, e.err)) {
			e.raise.add(e.err)
		}
	case stepLeave:
		switch {
		case h.shard != nil:
			e.left = h.shard.remove(h)
		case e.hooks != nil:
			e.left = e.hooks.Release(RawTask{h})
		}
	case stepFinish:
		if tracing {
			h.traceTask(TraceComplete, h.taskID(), pollOutcome(e.ready), e.cause)
		}
		if e.split {
			e.act = h.state.ToTerminal(e.left)
		} else {
			e.act = h.state.ToFinished(e.left)
		}
	case stepRelease:
		if e.act == ActRelease {
			h.release()
		}
	}
}

func (e *ending) panicked() bool { return e.err != nil && e.err.Cause == CausePanicked }

func (e *ending) traceCancel() {
	if tracing && e.cause != CauseNone {
		e.h.traceTask(TraceCancel, e.h.taskID(), OutcomeNone, e.cause)
	}
}

func pollOutcome(ready bool) Outcome {
	if ready {
		return OutcomeReady
	}
	return OutcomePending
}
