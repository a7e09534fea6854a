package rouse

import (
	"errors"
	"fmt"
)

// How a task ends: from a ready poll, or from a cancellation, to the terminal
// state. It relies on state.go, and on the access page of cell.go.

// An ending takes a task, whose run its caller holds, to its terminal state, a
// step at a time. Each step stores where to go on before it calls user code, and
// calls it once. If user code panics or ends the goroutine, the step after the
// recorded one runs next, on the way out. What was raised is raised again after
// the last step, with the word consistent and the joiner resolved.
type ending struct {
	h     *Header
	next  step
	cause Cause // of an end without output
	ready bool  // there is an output
	split bool  // the outcome was published by an operation of its own
	drops bool  // the output is the runner's to destroy
	wakes bool  // the joiner is to be woken
	left  bool  // the owner list was left here
	err   *JoinError
	hooks Hooks
	raise raised
}

// The steps of an ending, in order. A task of level 1 takes those marked *.
type step uint8

const (
	destroyFuture  step = iota // * before completion is visible; what this raises is how the task ended
	destroyLost                // the output of a future whose destructor panicked
	tellPanic                  // * to the hook, before the joiner learns of it
	publishOutcome             // if JOIN_INTEREST is set; once seen clear it never returns, and the last add publishes
	destroyOutput              // if no handle will take it
	wakeJoiner                 // by reference: its handle may be reading the slot
	returnSlot                 // to the handle, or empty it if there is none any more
	tellEnd                    // to the hook
	leaveList                  // *
	giveUpRun                  // * and release, if that word was dead
	over
)

// cancel ends the task, whose run the caller has: for the cause that stands in
// the word, else for c.
func (h *Header) cancel(c Cause) {
	if n := h.state.Load(); n.Cancelled() {
		c = n.Cause()
	}
	e := ending{h: h, cause: c}
	e.finish()
}

// broken ends a task whose Poll panicked with v, or called Goexit if v is nil.
func (h *Header) broken(v any) {
	c := CausePanicked
	if v == nil {
		c = CauseExited
	}
	if tracing {
		h.traceTask(tracePollEnd, brokenOutcome(v), CauseNone)
	}
	e := ending{h: h, cause: c, err: newJoinError(h, c, v)}
	e.finish()
}

func (e *ending) finish() {
	defer e.resume()
	readsHeader(e.h)
	if e.h.vtable.isCell {
		e.cell(cellOf(e.h))
	} else {
		e.header()
	}
}

// resume goes on behind user code that panicked or called Goexit, or raises
// again what was raised. What a future's destructor raises is how the task ended.
func (e *ending) resume() {
	if e.next == over {
		e.raise.out()
		return
	}
	v := recover()
	if e.next <= tellPanic && e.err == nil {
		e.cause = CausePanicked
		if v == nil {
			e.cause = CauseExited
		}
		e.err = newJoinError(e.h, e.cause, v)
	} else {
		e.raise.add(v)
	}
	e.finish()
}

// header ends a task of level 1.
func (e *ending) header() {
	h := e.h
	switch e.next {
	case destroyFuture:
		e.next = tellPanic
		if e.cause != CauseNone {
			e.traceCancel()
			h.vtable.cancel(h, e.cause)
		}
		fallthrough
	case tellPanic:
		e.next = leaveList
		if e.panicked() && (h.vtable.panicked == nil || !h.vtable.panicked(h, e.err)) {
			e.raise.add(e.err)
		}
		fallthrough
	case leaveList:
		e.next = giveUpRun
		e.left = h.leave()
		fallthrough
	case giveUpRun:
		e.giveUpRun()
	}
}

// cell ends a task of level 2.
func (e *ending) cell(c *cell) {
	switch e.next {
	case destroyFuture:
		e.next = destroyLost
		if c.vtable.kind&cellHooked != 0 {
			e.hooks = c.sched.(Hooks)
		}
		e.traceCancel()
		c.drop(theFuture)
		fallthrough
	case destroyLost:
		e.next = tellPanic
		if e.ready && e.err != nil {
			e.ready = false
			c.drop(theOutput)
		}
		fallthrough
	case tellPanic:
		e.next = publishOutcome
		e.report()
		fallthrough
	case publishOutcome:
		e.publish(c)
		fallthrough
	case destroyOutput:
		e.next = wakeJoiner
		if e.drops {
			c.drop(theOutput)
		}
		fallthrough
	case wakeJoiner:
		e.next = returnSlot
		if e.wakes {
			reads(&c.joiner, "join waker")
			c.joiner.WakeByRef()
		}
		fallthrough
	case returnSlot:
		e.next = tellEnd
		if e.wakes && !c.state.unsetWakerAfterComplete().JoinInterest() {
			slot := c.takeJoiner()
			slot.Drop()
		}
		fallthrough
	case tellEnd:
		e.next = leaveList
		if e.hooks != nil {
			e.hooks.Terminated(RawTask{e.h}, e.err)
		}
		fallthrough
	case leaveList:
		e.next = giveUpRun
		switch {
		case c.shard != nil:
			e.left = c.leave()
		case e.hooks != nil:
			e.left = e.hooks.Unlist(RawTask{e.h})
		}
		fallthrough
	case giveUpRun:
		e.giveUpRun()
	}
}

// report tells of a panic. One that neither a hook dealt with nor a joiner will
// see goes on to the caller of Run.
func (e *ending) report() {
	if e.ready {
		return
	}
	if e.err == nil {
		if e.hooks == nil && !e.h.state.Load().JoinInterest() {
			return // nobody will ask
		}
		e.err = newJoinError(e.h, e.cause, nil)
	}
	if e.panicked() && (e.hooks == nil || !e.hooks.Panicked(e.err)) && !e.h.state.Load().JoinInterest() {
		e.raise.add(e.err)
	}
}

func (e *ending) publish(c *cell) {
	if e.err != nil {
		writes(&c.err, "error")
		c.err = e.err
	}
	if c.state.Load().JoinInterest() {
		e.published(c.state.toComplete())
	} else {
		e.drops = e.ready
	}
}

// published notes who destroys the output and who wakes the joiner: the word
// that toComplete returned decides.
func (e *ending) published(n Snapshot) {
	e.split = true
	e.drops = e.ready && !n.JoinInterest()
	e.wakes = n.JoinInterest() && n.JoinWaker()
}

func (e *ending) giveUpRun() {
	h := e.h
	if tracing {
		h.traceTask(traceComplete, pollOutcome(e.ready), e.cause)
	}
	e.next = over
	var act action
	if e.split {
		act = h.state.toTerminal(e.left)
	} else {
		act = h.state.toFinished("Notified.Run", e.left)
	}
	if act == actRelease {
		h.release()
	}
}

func (e *ending) panicked() bool { return e.err != nil && e.err.Cause == CausePanicked }

func (e *ending) traceCancel() {
	if tracing && e.cause != CauseNone {
		e.h.traceTask(traceCancel, outcomeNone, e.cause)
	}
}

// leave reports whether the task was taken from its owner's list here.
func (h *Header) leave() bool { return h.shard != nil && h.shard.remove(h, true) }

// raised collects what user code panics with until the kit's own work is done.
type raised struct{ v any }

func (r *raised) add(v any) {
	switch {
	case v == nil:
	case r.v == nil:
		r.v = v
	default:
		r.v = errors.Join(asError(r.v), asError(v))
	}
}

// out raises it again: one value as it was, several joined.
func (r *raised) out() {
	if r.v != nil {
		panic(r.v)
	}
}

// A sweep ends many tasks, one in each step. What the steps panic with is raised
// again when all are done. A Goexit cannot be kept: the rest is done on the way
// out.
type sweep struct {
	step  func() bool // reports whether there was a task
	raise raised
}

func (s *sweep) run() {
	done := false
	defer func() {
		if !done {
			s.run()
		}
	}()
	for s.one() {
	}
	done = true
	s.raise.out()
}

func (s *sweep) one() (more bool) {
	more = true // after a panic too
	defer func() { s.raise.add(recover()) }()
	return s.step()
}

func asError(v any) error {
	if err, ok := v.(error); ok {
		return err
	}
	return fmt.Errorf("%v", v)
}

func brokenOutcome(v any) string {
	if v == nil {
		return outcomeExited
	}
	return outcomePanicked
}

func pollOutcome(ready bool) string {
	if ready {
		return outcomeReady
	}
	return outcomePending
}
