package rouse

// A Notified is the right and the duty to run a task once. Whoever is given it
// runs it, drops it, or hands it on, exactly once. It is one word, passed by
// value. The zero Notified refers to no task: IsZero and Task accept it, and the other
// methods panic.
//
// While a Notified exists its holder owns the link of the task, so a queue of
// them needs no memory of its own.
//
// The ideas are tokio's task::Notified and async-task's Runnable.
type Notified struct {
	spend spending
	h     *Header
}

// Run polls the task on the calling goroutine, or cancels it if it was asked to
// end, and consumes n. If the task was woken meanwhile, its scheduler has the
// next Notified before Run returns. A second Run or Drop panics. A panic of the
// task that nobody dealt with goes on to the caller of Run, once the task has
// ended; a runtime.Goexit in it ends the calling goroutine. Cost: two atomic
// operations; for the last run of a task with a JoinHandle three.
func (n Notified) Run() {
	if n.h == nil {
		panic("rouse: Notified.Run: the Notified is zero")
	}
	n.spend.end("Notified.Run")
	n.h.run()
}

// Drop gives up the run and consumes n: the task is cancelled on the calling
// goroutine, with CauseDropped, and has ended when Drop returns. The caller must
// not hold a lock that a destructor of the task may take. A destructor may wake
// another task, whose scheduler may drop that Notified in turn: then the calls
// nest. A second Run or Drop panics. Cost: three atomic operations; one more if
// a JoinHandle exists.
func (n Notified) Drop() {
	if n.h == nil {
		panic("rouse: Notified.Drop: the Notified is zero")
	}
	n.spend.end("Notified.Drop")
	n.h.state.dropNotified()
	n.h.state.pin("Notified.Drop") // for untaken
	n.h.cancel(CauseDropped)
}

// IsZero reports whether n is none.
func (n Notified) IsZero() bool { return n.h == nil }

// Task returns the task.
func (n Notified) Task() RawTask { return RawTask{n.h} }

// Next returns what SetNext stored, for a queue of the holder's own.
func (n Notified) Next() Notified {
	if debugging && n.h == nil {
		panic("rouse: Notified.Next: the Notified is zero")
	}
	if next := n.h.link(); next != nil && next != &seen {
		return next.queued()
	}
	return Notified{}
}

// SetNext stores next in the task's link; the zero Notified ends a list. A queue
// that hands out a Notified clears its link, so that the task keeps no other.
//
// A run leaves the link as it is: what stands there when Run is called is what
// Scheduler.Yield finds there. So a worker can leave a Notified of its own, by which
// Yield knows whose run it was.
func (n Notified) SetNext(next Notified) {
	if debugging && n.h == nil {
		panic("rouse: Notified.SetNext: the Notified is zero")
	}
	n.h.setLink(next.h)
}

func (h *Header) link() *Header {
	reads(&h.next, "link")
	return h.next
}

func (h *Header) setLink(next *Header) {
	writes(&h.next, "link")
	h.next = next
}

// Where run is, for what unwinds through it.
const (
	inKit = iota
	inPoll
	inYield
	inWake
)

// run is Notified.Run. The run of a task that goes idle costs two adds, one
// deferred call, and no call that is not inlined but the user's own: the adds
// of State.toRunning and toIdle stand here in line, since calls to them are not
// inlined (self-wake 229 instructions, 301 with calls and nested defers). The
// tests of short ways prove them equal to the rules.
func (h *Header) run() {
	readsHeader(h)
	act := actPoll
	if debugging {
		act = h.state.toRunning("Notified.Run")
	} else if n := h.state.sub(flagNotified - flagRunning); n&(runMask|flagNotified|flagCancelled) != flagRunning {
		act = h.state.toRunningSlow("Notified.Run", n)
	}
	if act == actCancel {
		h.cancel(CauseNone)
		return
	}

	// What unwinds through here is a panic or a Goexit in the user's code.
	at := inPoll
	defer func() {
		switch at {
		case inKit:
		case inYield:
			h.untaken(recover())
		default:
			h.unwound(at, recovered(recover()))
		}
	}()
	if tracing {
		h.traceTask(tracePollStart, outcomeNone, CauseNone)
	}
	cx := Context{WakerRef{p: h.waker(), borrow: h.lend()}}
	var ready bool
	if h.vtable.isCell {
		c := cellOf(h)
		reads(&c.stage, "stage")
		touches(c.stage, theFuture)
		if ready = c.stage.poll(cx); ready {
			touches(c.stage, theOutput)
		}
	} else {
		ready = h.vtable.poll(h, cx)
	}
	cx.ref.borrow.end("the return of its Poll")
	at = inKit
	if tracing {
		h.traceTask(tracePollEnd, pollOutcome(ready), CauseNone)
	}
	if ready {
		if h.complete() {
			at = inWake
			c := cellOf(h)
			reads(&c.joiner, "join waker")
			c.joiner.WakeByRef()
			at = inKit
			h.joinerWoken()
		}
		return
	}
	if debugging {
		act = h.state.toIdle()
	} else if n := h.state.sub(flagRunning); n.atRest() {
		return
	} else if n&(runMask|flagNotified|flagCancelled) == flagNotified {
		act = actYield
	} else {
		act = h.state.toIdleSlow(n)
	}
	if act != actYield {
		h.idled(act)
		return
	}
	h.submitted(Yielded)
	switch {
	case h.vtable.isCell:
		c := cellOf(h)
		reads(&c.sched, "scheduler")
		if h.vtable.kind&cellQueued != 0 {
			switch q := c.sched.(type) { // as in submit
			case *LocalQueue:
				q.Yield(h.grant())
				return
			case *RunQueue:
				q.Yield(h.grant())
				return
			}
		}
		at = inYield
		c.sched.Yield(h.grant())
	case h.vtable.yield != nil:
		at = inYield
		h.vtable.yield(h, h.grant())
	default:
		at = inYield
		h.vtable.schedule(h, h.grant(), Yielded)
	}
	at = inKit
}

// idled does what the end of a run asks for, besides a yield.
func (h *Header) idled(act action) {
	switch act {
	case actSubmit:
		h.orphaned()
	case actReport:
		h.reportOrphan()
	case actCancel:
		h.cancel(CauseNone)
	}
}

// unwound goes on behind a poll or a joiner's waker that panicked with v, or
// called Goexit if v is nil.
func (h *Header) unwound(at int, v any) {
	if at == inPoll {
		h.broken(v)
		return
	}
	e := ending{h: h, ready: true, split: true, wakes: true, next: returnSlot}
	e.raise.add(v)
	e.finish()
}
