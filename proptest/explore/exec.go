package explore

// Exec is one execution of a scenario. The body that receives it builds fresh state, declares
// threads with Go, and returns; then the threads run, in an order chosen by the search.
//
// Everything the threads share must be visible to the search: in instrumented objects, plain
// locations announced by Read and Write, Vars, Ghosts, or in what Key reports.
type Exec struct{ e *engine }

// Current returns the execution under way, nil outside explorations. It is for hooks in the code
// under test.
func Current() *Exec {
	if e := active.Load(); e != nil && e.mode != counting {
		return e.x
	}
	return nil
}

// Go declares a thread. Called by a thread, it starts another one, which what the caller did so
// far happens before.
func (x *Exec) Go(name string, f func()) { x.spawn(name, false, f) }

// Daemon declares a thread that need not end: it may wait for ever once all others are done. It is
// then ended by a panic out of Await, and if it recovers from that, by Goexit.
func (x *Exec) Daemon(name string, f func()) { x.spawn(name, true, f) }

func (x *Exec) spawn(name string, daemon bool, f func()) {
	e := x.e
	switch e.mode {
	case unwinding:
		e.exit()
		return
	case peeking:
		panic("explore: Go in the condition of an Await")
	}
	if e.final {
		panic("explore: Go in a Final check")
	}
	e.spawn(e.cur, name, daemon, f)
}

// Final adds a check that runs when all threads have ended, ordered after everything they did.
func (x *Exec) Final(f func()) { x.e.finals = append(x.e.finals, f) }

// Await blocks the calling thread until cond holds; what names it in tables. Testing the
// condition and going on is one step. The condition must change nothing; what it reads should be
// instrumented (it may be otherwise, at the cost of partial-order reduction around it).
func (x *Exec) Await(what string, cond func() bool) {
	e := x.e
	if e.mode == exploring && e.cur == e.main {
		panic("explore: Await outside a thread")
	}
	if e.mode == exploring {
		t := e.cur
		t.pend, t.pendObj, t.cond, t.what = opAwait, nil, cond, what
		t.pendSig = mix(uint64(opAwait), hashString(what))
		if e.wait(t) {
			touched, before := len(e.step), t.hist
			e.atomic = true
			ok := cond()
			e.atomic = false
			if !ok {
				panic("explore: the condition of Await(" + what + ") does not depend on the state alone")
			}
			if len(e.step) == touched {
				e.stepAll = true
			}
			t.hist = mix(before, 1) // it observed that cond holds, and no more
			e.note(t, nil, "Await(%q)", what)
			return
		}
	}
	e.cur.pend = opAwait // as suspend may ask
	for {
		if e.mode == unwinding && !e.cur.exiting {
			e.exit()
		}
		n := e.drained
		ok := cond()
		e.drained = n
		if ok {
			return
		}
		e.suspend(e.cur)
	}
}

// Failf fails the scenario and ends the calling thread.
func (x *Exec) Failf(format string, args ...any) {
	e := x.e
	if e.mode == exploring {
		e.fail(e.cur, format, args...)
		if e.cur == e.main {
			panic(failNow{})
		}
	}
	e.goexit()
}

// Assert fails the scenario unless ok.
func (x *Exec) Assert(ok bool, format string, args ...any) {
	if !ok {
		x.Failf(format, args...)
	}
}

// Logf adds a line to the table of a failure.
func (x *Exec) Logf(format string, args ...any) {
	if e := x.e; e.mode == exploring {
		e.note(e.cur, nil, format, args...)
	}
}

// Observe adds v to the history of the calling thread: something it learned otherwise than from
// an instrumented object, and may act upon.
func (x *Exec) Observe(v uint64) {
	if e := x.e; e.mode == exploring {
		e.cur.hist = mix(e.cur.hist, v)
	}
}

// At declares that the calling thread's future depends on nothing it observed before but what
// label and live say: it is at the place called label, with no other local state. Threads that
// come there by different ways are then in the same state, which is what keeps a loop finite. A
// wrong At makes the search miss executions.
func (x *Exec) At(label string, live ...uint64) {
	e := x.e
	if e.mode != exploring {
		return
	}
	h := mix(e.cur.canon, hashString(label))
	for _, v := range live {
		h = mix(h, v)
	}
	e.cur.hist = h
	e.relabelled = true
}

// Key adds f to the state: the hash of shared state that is not instrumented. It turns the
// partial-order reduction off, as the search cannot know which steps touch such state.
func (x *Exec) Key(f func() uint64) {
	x.e.extra = append(x.e.extra, f)
	if d, ok := x.e.search.(*dfs); ok {
		d.reduce = false
	}
}

// Ops returns the operations of the calling thread so far; in a Final check, of all threads.
func (x *Exec) Ops() Ops {
	e := x.e
	if !e.final {
		return e.cur.ops
	}
	var sum Ops
	for _, t := range e.threads {
		sum = sum.Sub(Ops{}.Sub(t.ops))
	}
	return sum
}
