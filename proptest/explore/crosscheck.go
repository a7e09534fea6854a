package explore

// An outcome is a failure, or what the Final checks read of instrumented objects. The search must
// come to all of them, so a walk over all interleavings, which relies on nothing that a scenario
// declares, must not come to another one.

// crossCheckLimit bounds a cross-check that has no other limit.
const crossCheckLimit = 1_000_000

// crossCheck walks over all interleavings of a scenario that was exhausted, and fails it if there
// is an outcome that the search did not come to.
func (e *engine) crossCheck() {
	c := e.cfg
	c.NoCache, c.NoReduction = true, true
	if c.MaxSchedules == 0 && c.MaxTime == 0 {
		c.MaxSchedules = crossCheckLimit
	}
	bare := newEngine(c, e.body)
	bare.known = e.outcomes
	bare.beat = e.beat
	active.Store(bare)
	defer bare.stop()
	bare.search = &dfs{e: bare}
	bare.run()
	e.rep.Checked = bare.rep.Schedules
	e.rep.Elapsed += bare.rep.Elapsed
	e.rep.Exhausted = bare.rep.Exhausted && !bare.endless
	if bare.failure == nil {
		return
	}
	f := bare.explain()
	if f.Message != unknownOutcome {
		f.Message += " (the search did not find this, but the cross-check: " + distrust + ")"
	}
	e.rep.Failure, e.rep.Exhausted = f, false
}

const (
	distrust       = "shared memory is not announced, a shared object is not named, or a promise of Do, At or RetryLoops is not kept"
	unknownOutcome = "the Final checks can read what they never did in the search: " + distrust
)

// readAtEnd accounts for a read of *p by a Final check. The names that objects have in the state
// depend on the order in which threads saw them, so what pointers point to is called as the check
// sees it, as it is when it loads a Pointer.
func readAtEnd[T any](p *T) {
	if e := active.Load(); e != nil && e.mode == exploring && e.final {
		if h, ok := hashValue(e, e.main, p); ok {
			e.main.hist = mix(e.main.hist, h)
		}
	}
}

// ended takes note of the outcome of an execution that has passed.
func (e *engine) ended() {
	h := e.main.hist
	switch {
	case e.known != nil && !e.known[h]:
		e.fail(nil, "%s", unknownOutcome)
	case e.outcomes != nil:
		e.outcomes[h] = true
	}
}
