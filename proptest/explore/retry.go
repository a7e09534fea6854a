package explore

import "runtime"

// A thread in a compare-and-swap loop remembers, to the search, the value of every attempt that
// failed, although the code does not. With Config.RetryLoops, the history of a thread that loads
// a word, fails to swap it, and comes back to the same load, is again what it was before the first
// load. The place is compared, and that nothing was done in between, so that code that goes on
// elsewhere after a failure keeps its history.
type retry struct {
	obj    *object // loaded last
	before uint64  // the history before that load
	site   uint64  // of that load
	failed bool    // to swap it
	after  uint64  // the history then
}

func (r *retry) fail(o *object, hist uint64) {
	if r.obj == o {
		r.failed, r.after = true, hist
	}
}

// atLoad is called with t about to wait for a load of o.
func (e *engine) atLoad(t *thread, o *object) {
	site, ok := e.sites[t.hist]
	if !ok {
		site = callSite()
		if e.sites == nil {
			e.sites = map[uint64]uint64{}
		}
		e.sites[t.hist] = site
	}
	if r := &t.retry; r.failed && r.obj == o && r.site == site && r.after == t.hist {
		t.hist = r.before
		e.relabelled = true
	}
	t.retry = retry{obj: o, before: t.hist, site: site}
}

// callSite is the hash of the return addresses of the running thread.
func callSite() uint64 {
	var pcs [32]uintptr
	h := uint64(0)
	for _, pc := range pcs[:runtime.Callers(4, pcs[:])] {
		h = mix(h, uint64(pc))
	}
	return h
}
