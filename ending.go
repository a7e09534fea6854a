package rouse

// How a task ends: from a ready poll, or from a cancellation, to the terminal
// state. It relies on state.go, on the access page of cell.go, and on panics.go.

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
	last  bool  // and may be empty now, for which somebody waits
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
	tellVacant                 // * to those that wait until the list is empty
	giveUpRun                  // * and release, if that word was dead
	givenUp                    // * Release has unwound; the task may be another's by now
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
	c := brokenCause(v)
	if tracing {
		h.traceTask(tracePollEnd, brokenOutcome(v), CauseNone)
	}
	e := ending{h: h, cause: c, err: newJoinError(h, c, v)}
	e.finish()
}

func brokenCause(v any) Cause {
	if v == nil {
		return CauseExited
	}
	return CausePanicked
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
	if e.next != over {
		v := recovered(recover())
		if e.next <= tellPanic && e.err == nil {
			e.cause = brokenCause(v)
			e.err = newJoinError(e.h, e.cause, v)
		} else {
			e.raise.add(v)
		}
		if e.next != givenUp {
			e.finish()
			return
		}
	}
	e.raise.out()
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
		e.report()
		fallthrough
	case leaveList:
		e.next = tellVacant
		e.leave()
		fallthrough
	case tellVacant:
		e.tellVacant()
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
			reads(&c.sched, "scheduler")
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
		e.describe()
		e.report()
		fallthrough
	case publishOutcome:
		e.next = over // no user code; misuse of the run is told once, and the rest is not ours
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
		e.next = tellVacant
		reads(&c.shard, "shard")
		switch {
		case c.shard != nil:
			e.leave()
		case e.hooks != nil:
			e.left = e.hooks.Unlist(RawTask{e.h})
		}
		fallthrough
	case tellVacant:
		e.tellVacant()
		fallthrough
	case giveUpRun:
		e.giveUpRun()
	}
}

// describe makes the error that the joiner or a hook will ask for.
func (e *ending) describe() {
	if !e.ready && e.err == nil && (e.hooks != nil || e.h.state.Load().JoinInterest()) {
		e.err = newJoinError(e.h, e.cause, nil)
	}
}

// report tells the hook of a panic. If that does not deal with it, or unwinds,
// and no joiner will see it, the panic goes on to the caller of Run.
func (e *ending) report() {
	if !e.panicked() {
		return
	}
	dealt := false
	defer func() {
		if !dealt && !e.h.state.Load().JoinInterest() {
			e.raise.add(e.err)
		}
	}()
	if f := e.h.vtable.panicked; f != nil {
		dealt = f(e.h, e.err)
	} else if e.hooks != nil {
		dealt = e.hooks.Panicked(e.err)
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
	e.next = givenUp
	var act action
	if e.split {
		act = h.state.toTerminal(e.left)
	} else {
		act = h.state.toFinished("Notified.Run", e.left)
	}
	if act == actRelease {
		h.release()
	}
	e.next = over
}

func (e *ending) panicked() bool { return e.err != nil && e.err.Cause == CausePanicked }

func (e *ending) traceCancel() {
	if tracing && e.cause != CauseNone {
		e.h.traceTask(traceCancel, outcomeNone, e.cause)
	}
}

// leave takes the task from its owner's list, unless a shutdown has.
func (e *ending) leave() {
	reads(&e.h.shard, "shard")
	if s := e.h.shard; s != nil {
		e.left, e.last = s.remove(e.h, true)
	}
}

func (e *ending) tellVacant() {
	e.next = giveUpRun
	if e.last {
		s := e.h.shard
		reads(&e.h.shard, "shard")
		reads(&s.tasks, "shard's list")
		s.tasks.tellEmpty()
	}
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
