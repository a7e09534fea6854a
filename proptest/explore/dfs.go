package explore

// dfs walks the tree of schedules depth first, replaying the path to each branch from the start.
//
// States. A state is keyed by what every object holds and what every thread has observed since it
// began. A thread is a deterministic function of what it observes, so two executions with equal
// keys have the same future, and the second one to arrive is cut. The knowledge sets of the race
// detector are part of the key, so that they have the same future races too. Each step changes
// its thread's history, so no path comes back to a state on it: the state graph has no cycles
// unless Exec.At is used.
//
// Sleep sets. A thread is asleep at a state if running it there leads only to states that are
// visited already; it is not run there. After the subtree of thread t is done, t is asleep in the
// siblings explored next, and stays so until a step that conflicts with t's step (what that step
// touches is known from its execution).
//
// That the two may be combined without storing sleep sets with states follows from the order of
// the search. Claim: when a call explore(s, Z) returns, every state reachable from s is visited,
// provided that for each u in Z every state reachable from u(s) was visited when it began. By
// induction on the longest path from s, which is finite: a thread that is enabled in s is run, and
// the claim holds for the child call; or in Z, and the proviso covers it. For the child call on
// t(s), a thread u in its sleep set is independent of t, and was in Z or run from s before t; in
// both cases all that is reachable from u(s) is visited, and u(t(s)) = t(u(s)) is among it. If s
// itself was visited before, that call has returned (s is not below itself), and there is nothing
// left to do. The argument needs the absence of cycles, so if a state is found on its own path
// (which takes Exec.At), the search starts again without sleep sets.
//
// The same argument covers failures found in a step rather than a state: a race or a failed
// assertion in a step of u depends only on what u observes, knows and touches, none of which an
// independent step of t changes.
type dfs struct {
	e       *engine
	path    []frame
	visited keySet
	reduce  bool
	cycle   bool
}

// frame is a state on the path.
type frame struct {
	key     uint64
	sig     uint64 // of the operation that cur is about to do; 0: not yet known
	todo    uint64 // threads to run from here, cur included
	sleep   uint64
	cur     int
	last    int // the thread whose step led here
	preempt int // preemptions up to here
	mark    footprint
	asleep  []footprint // by thread, of those in sleep
}

// footprint is what a step touched, in the names of the thread that took it. Bit 63 stands for
// all objects that the thread had not seen before.
type footprint struct {
	reads, writes uint64
	all           bool
}

func (f *footprint) add(bit uint64, write bool) {
	if write {
		f.writes |= bit
	} else {
		f.reads |= bit
	}
}

func nameBit(name uint16, seenBefore int, shared bool) uint64 {
	switch {
	case name == 0, !shared && int(name) > seenBefore:
		return 1 << 63
	case name > 62:
		return 1 << 62
	}
	return 1 << (name - 1)
}

func (d *dfs) stepDone() {
	e := d.e
	if !d.reduce || e.depth == 0 || e.depth != len(d.path) {
		return
	}
	f := &d.path[e.depth-1]
	t := e.threads[f.cur-1]
	m := footprint{all: e.stepAll}
	for _, a := range e.step {
		m.add(nameBit(a.o.localName(t.index), t.seenBefore, a.o.shared), a.write)
	}
	f.mark = m
}

// conflicts reports whether the step just taken conflicts with the step m of the sleeping u.
func (d *dfs) conflicts(u *thread, m *footprint) bool {
	e := d.e
	if m.all || e.stepAll {
		return true
	}
	for _, a := range e.step {
		bit := nameBit(a.o.localName(u.index), u.seen, a.o.shared)
		if m.writes&bit != 0 || a.write && m.reads&bit != 0 {
			return true
		}
	}
	return false
}

func (d *dfs) pick() *thread {
	e := d.e
	if e.depth < len(d.path) {
		f := &d.path[e.depth]
		t := e.threads[f.cur-1]
		if sig := t.signature(); f.sig == 0 {
			f.sig = sig
		} else if f.sig != sig {
			e.fail(t, "the scenario is not deterministic: step %d of %s differs between two runs of one schedule", e.depth+1, t.name)
			return nil
		}
		return t
	}
	enabled := e.enabledSet()
	if enabled == 0 {
		e.atRest()
	}
	f := d.push()
	f.todo = enabled
	if d.reduce {
		d.inherit(f)
	}
	d.bound(f, enabled)
	f.key = e.key()
	if e.cfg.Preemptions != 0 {
		f.key = mix(f.key, uint64(f.last)<<32|uint64(f.preempt))
	}
	if !e.cfg.NoCache && !d.visited.add(f.key) {
		d.cycle = d.cycle || e.relabelled && d.onPath(f.key)
		e.rep.Cached++
		e.cut = true
		d.path = d.path[:len(d.path)-1]
		return nil
	}
	if enabled == 0 {
		d.path = d.path[:len(d.path)-1]
		return nil
	}
	f.todo &^= f.sleep
	if f.todo == 0 {
		e.rep.Reduced++
		e.cut = true
		d.path = d.path[:len(d.path)-1]
		return nil
	}
	t := d.choose(f)
	f.sig = t.signature()
	return t
}

// push appends a frame, reusing what an earlier one allocated.
func (d *dfs) push() *frame {
	n := len(d.path)
	if n == cap(d.path) {
		d.path = append(d.path, frame{})
	} else {
		d.path = d.path[:n+1]
	}
	f := &d.path[n]
	*f = frame{asleep: f.asleep}
	if n > 0 {
		f.last = d.path[n-1].cur
		f.preempt = d.path[n-1].preempt
	}
	return f
}

// inherit computes the sleep set of f from that of the state before it.
func (d *dfs) inherit(f *frame) {
	n := len(d.path)
	if n < 2 {
		return
	}
	p := &d.path[n-2]
	for m := p.sleep; m != 0; m &= m - 1 {
		i := lowest(m)
		if u := d.e.threads[i-1]; !d.conflicts(u, &p.asleep[i]) {
			f.lull(i, p.asleep[i])
		}
	}
}

// lull puts thread i to sleep.
func (f *frame) lull(i int, m footprint) {
	for len(f.asleep) <= i {
		f.asleep = append(f.asleep, footprint{})
	}
	f.asleep[i] = m
	f.sleep |= 1 << i
}

// bound applies the preemption bound.
func (d *dfs) bound(f *frame, enabled uint64) {
	b := d.e.cfg.Preemptions
	if b == 0 || f.last == 0 || enabled&(1<<f.last) == 0 {
		return
	}
	if f.preempt >= max(b, 0) {
		f.todo = 1 << f.last
	}
}

// choose picks the next of f.todo: the thread that ran last if it may go on.
func (d *dfs) choose(f *frame) *thread {
	if f.todo&(1<<f.last) != 0 && f.last != 0 {
		f.cur = f.last
	} else {
		f.cur = lowest(f.todo)
	}
	return d.e.threads[f.cur-1]
}

func (d *dfs) onPath(key uint64) bool {
	for i := range d.path[:len(d.path)-1] {
		if d.path[i].key == key {
			return true
		}
	}
	return false
}

// over moves to the next branch.
func (d *dfs) over() bool {
	if d.cycle && d.reduce {
		d.reduce, d.cycle = false, false
		d.visited = keySet{}
		d.path = d.path[:0]
		return true
	}
	for n := len(d.path); n > 0; n-- {
		f := &d.path[n-1]
		f.todo &^= 1 << f.cur
		if d.reduce {
			f.lull(f.cur, f.mark)
		}
		if f.todo != 0 {
			stayed := f.cur == f.last
			f.cur, f.sig = lowest(f.todo), 0
			if stayed {
				f.preempt++
			}
			d.path = d.path[:n]
			return true
		}
	}
	d.path = d.path[:0]
	d.e.rep.Exhausted = d.e.cfg.Preemptions == 0
	return false
}
