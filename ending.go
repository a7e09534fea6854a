package rouse

// An ending takes a task, whose run its caller has, from a ready poll or from
// a cancellation to its terminal state. Between two marks lies user code,
// which may panic or end the goroutine: then resume goes on behind it, and
// what was raised goes on once the word is consistent and the joiner resolved.
type ending struct {
	h     *Header
	done  mark
	cause Cause // of an end without output
	ready bool  // there is an output
	split bool  // published, with an epilogue to follow
	drops bool  // the output is the runner's to destroy
	wakes bool  // the joiner is to be woken
	left  bool  // the owner list was left here
	err   *JoinError
	hooks Hooks
	slot  Waker
	raise raised
}

// A mark tells how far an ending has come. What counts is where it is when
// user code is called: resume takes that for done.
type mark uint8

const (
	unmarked      mark = iota
	destroyed          // the future: before completion is visible
	lost               // the output, whose future's destructor panicked
	reported           // a panic of the task's own
	published          // if JOIN_INTEREST is set; once seen clear it never returns, and the last add publishes
	emptied            // the output, if no handle will take it
	woken              // the joiner, by reference: its handle may be reading the slot
	unset              // the slot is the handle's again, or was emptied here
	dropped            // what was in it
	terminated         // the hook has returned
	departed           // from the owner list
	terminalState      // and released, if that word was dead
)

func (e *ending) finish() {
	defer e.resume()
	readsHeader(e.h)
	if e.h.vtable.joined {
		e.cell()
	} else {
		e.header()
	}
}

// resume passes on what was raised, or goes on behind user code that panicked
// or called Goexit. A destructor decides how the task has ended.
func (e *ending) resume() {
	if e.done == terminalState {
		e.raise.out()
		return
	}
	v := recover()
	if e.done == unmarked && e.err == nil {
		e.cause = CausePanicked
		if v == nil {
			e.cause = CauseExited
		}
		e.err = newJoinError(e.h, e.cause, v)
	} else if v != nil {
		e.raise.add(v)
	}
	e.done++
	e.finish()
}

// header ends a task of level 1.
func (e *ending) header() {
	h := e.h
	if e.done < destroyed {
		if e.cause != CauseNone {
			e.traceCancel()
			h.vtable.Cancel(h, e.cause)
		}
	}
	if e.done < reported {
		e.done = lost
		if e.panicked() && (h.vtable.Panicked == nil || !h.vtable.Panicked(h, e.err)) {
			e.raise.add(e.err)
		}
	}
	e.terminal()
}

// cell ends a task of level 2.
func (e *ending) cell() {
	h := e.h
	c := cellOf(h)
	if e.done < destroyed {
		if h.vtable.kind&cellHooked != 0 {
			e.hooks = c.sched.(Hooks)
		}
		e.traceCancel()
		c.stage.drop(theFuture)
	}
	if e.ready && e.err != nil {
		e.ready = false
		c.stage.drop(theOutput)
	}
	if e.done < reported {
		e.done = lost
		e.report()
		e.done = reported
	}
	if e.done < published {
		e.publish(c)
		e.done = published
	}
	if e.done < emptied && e.drops {
		c.stage.drop(theOutput)
	}
	if e.wakes {
		e.wake(c)
	}
	if e.done < terminated && e.hooks != nil {
		e.done = dropped
		e.hooks.Terminated(RawTask{h}, e.err)
	}
	e.terminal()
}

// report tells of a panic. One that neither a hook dealt with nor a joiner
// will see goes on to the caller of Run.
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
		c.setStage(failed{e.err})
	}
	if !c.state.Load().JoinInterest() {
		e.drops = e.ready
		return
	}
	e.published(c.state.ToComplete())
}

// published notes who destroys the output and who wakes the joiner: the word
// that ToComplete returned decides.
func (e *ending) published(n Snapshot) {
	e.split = true
	e.drops = e.ready && !n.JoinInterest()
	e.wakes = n.JoinInterest() && n.JoinWaker()
}

func (e *ending) wake(c *cell) {
	if e.done < woken {
		e.done = emptied
		reads(&c.joiner, "join waker")
		c.joiner.WakeByRef()
		e.done = woken
	}
	if e.done < unset {
		if !c.state.UnsetWakerAfterComplete().JoinInterest() {
			e.slot = c.takeJoiner()
		}
	}
	e.slot.dropUnlessZero() // once: what is being dropped is zero
}

// terminal leaves the owner list and gives up the run.
func (e *ending) terminal() {
	h := e.h
	if e.done < departed {
		e.done = terminated
		switch {
		case h.shard != nil:
			e.left = h.shard.remove(h, true)
		case e.hooks != nil:
			e.left = e.hooks.Release(RawTask{h})
		}
	}
	if tracing {
		h.traceTask(TraceComplete, pollOutcome(e.ready), e.cause)
	}
	e.done = terminalState
	var act Action
	if e.split {
		act = h.state.ToTerminal(e.left)
	} else {
		act = h.state.ToFinished(e.left)
	}
	if act == ActRelease {
		h.release()
	}
}

func (e *ending) panicked() bool { return e.err != nil && e.err.Cause == CausePanicked }

func (e *ending) traceCancel() {
	if tracing && e.cause != CauseNone {
		e.h.traceTask(TraceCancel, OutcomeNone, e.cause)
	}
}

func brokenOutcome(v any) Outcome {
	if v == nil {
		return OutcomeExited
	}
	return OutcomePanicked
}

func pollOutcome(ready bool) Outcome {
	if ready {
		return OutcomeReady
	}
	return OutcomePending
}
