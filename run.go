package rouse

// run is Notified.Run: the run of an idle task costs two adds, one deferred
// call, and no call that is not inlined but the user's own.
func (h *Header) run() {
	readsHeader(h)
	act := ActPoll
	if debugging {
		act = h.state.ToRunning()
	} else if n := h.state.sub(flagNotified - flagRunning); n&(runMask|flagNotified|flagCancelled) != flagRunning {
		act = h.state.toRunningSlow("Notified.Run", n)
	}
	if act == ActCancel {
		h.cancel(CauseNone)
		return
	}

	// What unwinds through here is a panic or a Goexit in the user's code.
	at := inPoll
	defer func() {
		switch at {
		case inKit:
		case inPoll:
			h.broken(recover())
		case inYield:
			h.untaken()
		case inWake:
			e := ending{h: h, ready: true, split: true, wakes: true, done: woken}
			if v := recover(); v != nil {
				e.raise.add(v)
			}
			e.finish()
		}
	}()
	if tracing {
		h.traceTask(TracePollStart, OutcomeNone, CauseNone)
	}
	cx := Context{WakerRef{data: h.data(), vtable: h.vtable.waker(), borrow: h.lend()}}
	var ready bool
	if h.vtable.joined {
		c := cellOf(h)
		reads(&c.stage, "stage")
		ready = c.stage.poll(cx)
	} else {
		ready = h.vtable.Poll(h, cx)
	}
	cx.ref.borrow.end("the return of its Poll")
	at = inKit
	if tracing {
		h.traceTask(TracePollEnd, pollOutcome(ready), CauseNone)
	}
	if ready {
		if h.complete() {
			at = inWake
			c := cellOf(h)
			reads(&c.joiner, "join waker")
			c.joiner.WakeByRef()
			at = inKit
			h.joined()
		}
		return
	}
	if debugging {
		act = h.state.ToIdle()
	} else if n := h.state.sub(flagRunning); n.atRest() {
		return
	} else if n&(runMask|flagNotified|flagCancelled) == flagNotified {
		act = ActYield
	} else {
		act = h.state.toIdleSlow(n)
	}
	switch act {
	case ActYield:
		at = inYield
		h.yield()
		at = inKit
	case ActSubmit:
		h.orphaned()
	case ActReport:
		h.reportOrphan()
	case ActCancel:
		h.cancel(CauseNone)
	}
}

const (
	inKit = iota
	inPoll
	inYield
	inWake
)

func (h *Header) yield() {
	h.submitted(Yielded)
	switch {
	case h.vtable.joined:
		cellOf(h).sched.Yield(h.grant())
	case h.vtable.Yield != nil:
		h.vtable.Yield(h.grant())
	default:
		h.vtable.Schedule(h.grant(), Yielded)
	}
}

// complete ends a task whose poll was ready. One without destructor, hook
// and waiting joiner has no user code left to run, so that nothing can unwind:
// it goes the short way. If wakes, the joiner is to be woken, and joined called.
func (h *Header) complete() (wakes bool) {
	const long = cellHooked | cellDestructs
	if tracing || !h.vtable.joined || h.vtable.kind&long != 0 {
		e := ending{h: h, ready: true}
		e.finish()
		return false
	}
	c := cellOf(h)
	if !h.state.Load().JoinInterest() { // once seen clear it never returns
		c.stage.drop(theFuture | theOutput)
		if h.state.ToFinished(h.leave()) == ActRelease {
			h.release()
		}
		return false
	}
	c.stage.drop(theFuture)
	n := h.state.ToComplete()
	if n.JoinInterest() && n.JoinWaker() {
		return true
	}
	if n.JoinInterest() {
		if h.state.ToTerminal(h.leave()) == ActRelease {
			h.release()
		}
		return false
	}
	e := ending{h: h, ready: true, done: published} // the output is the runner's after all
	e.published(n)
	e.finish()
	return false
}

// leave reports whether the task was taken from its owner's list here.
func (h *Header) leave() bool { return h.shard != nil && h.shard.remove(h, true) }

// joined ends the epilogue of a task whose joiner was woken.
func (h *Header) joined() {
	if !h.state.UnsetWakerAfterComplete().JoinInterest() {
		e := ending{h: h, ready: true, split: true, wakes: true, done: unset}
		e.slot = cellOf(h).takeJoiner()
		e.finish()
		return
	}
	if h.state.ToTerminal(h.leave()) == ActRelease {
		h.release()
	}
}

// broken ends a task whose Poll panicked with v, or called Goexit if v is nil.
func (h *Header) broken(v any) {
	c := CausePanicked
	if v == nil {
		c = CauseExited
	}
	if tracing {
		h.traceTask(TracePollEnd, brokenOutcome(v), CauseNone)
	}
	e := ending{h: h, cause: c, err: newJoinError(h, c, v)}
	e.finish()
}
