package enumerate

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// world is the whole state of a program. Happens-before is kept as it is defined: each access to
// plain memory is an event with a number, and each thread and each object that orders knows a set
// of events, as a mask.
type world struct {
	words   [Words]cell
	ghosts  [Ghosts]uint64
	locks   [Locks]cell // 1 if it is locked
	plains  [Plains]plain
	top     cell // the number of a node, 0 for none
	nodes   []node
	pool    []cell // nodes that were put into it, the latest last
	threads []thread
	events  int
	failure string
}

type cell struct {
	value, knows uint64
}

type plain struct {
	value    uint64
	accesses []access
}

type access struct {
	event, thread int
	write         bool
}

type node struct {
	value, next cell
	plain       plain
}

type thread struct {
	name    string
	daemon  bool
	code    []micro
	source  int // says which code it is
	pc      int
	reg     uint64
	tmp     uint64 // within an instruction
	mine    int    // a node, 0 for none
	saved   int    // the same, outside the Do
	log     string
	out     string // the log, when it has ended
	knows   uint64
	started bool
}

func (t *thread) done() bool { return t.started && t.pc == len(t.code) }

func (w *world) copy() *world {
	c := *w
	c.threads = slices.Clone(w.threads)
	c.pool = slices.Clone(w.pool)
	c.nodes = slices.Clone(w.nodes)
	for i := range c.nodes {
		c.nodes[i].plain.accesses = slices.Clone(c.nodes[i].plain.accesses)
	}
	for i := range c.plains {
		c.plains[i].accesses = slices.Clone(c.plains[i].accesses)
	}
	return &c
}

// key is equal for equal worlds only.
func (w *world) key() string {
	var b []byte
	n := func(vs ...uint64) {
		for _, v := range vs {
			b = binary.AppendUvarint(b, v)
		}
	}
	s := func(s string) {
		n(uint64(len(s)))
		b = append(b, s...)
	}
	flag := func(f bool) {
		n(map[bool]uint64{true: 1}[f])
	}
	variable := func(p plain) {
		n(p.value, uint64(len(p.accesses)))
		for _, a := range p.accesses {
			n(uint64(a.event), uint64(a.thread))
			flag(a.write)
		}
	}
	for _, c := range slices.Concat(w.words[:], w.locks[:], []cell{w.top}, w.pool) {
		n(c.value, c.knows)
	}
	n(w.ghosts[:]...)
	for _, p := range w.plains {
		variable(p)
	}
	n(uint64(len(w.nodes)))
	for _, d := range w.nodes {
		n(d.value.value, d.value.knows, d.next.value, d.next.knows)
		variable(d.plain)
	}
	for _, t := range w.threads {
		n(uint64(t.source), uint64(t.pc), t.reg, t.tmp, uint64(t.mine), uint64(t.saved), t.knows)
		flag(t.started)
		s(t.log)
		s(t.out)
	}
	s(w.failure)
	return string(b)
}

// What an atomic operation does to the happens-before order.

func (t *thread) acquire(c *cell)        { t.knows |= c.knows }
func (t *thread) release(c *cell)        { c.knows = t.knows }
func (t *thread) acquireRelease(c *cell) { t.acquire(c); t.release(c) }

func (t *thread) load(c *cell) uint64 {
	t.acquire(c)
	return c.value
}

func (t *thread) store(c *cell, v uint64) {
	t.release(c)
	c.value = v
}

func (t *thread) swap(c *cell, v uint64) uint64 {
	t.acquireRelease(c)
	old := c.value
	c.value = v
	return old
}

// cas is only a load if it fails.
func (t *thread) cas(c *cell, old, v uint64) bool {
	if t.load(c) != old {
		return false
	}
	t.store(c, v)
	return true
}

// touch is an access to plain memory by thread i, which is a race if it conflicts with one that
// the thread does not know of.
func (w *world) touch(i int, p *plain, name string, write bool) {
	t := &w.threads[i]
	for _, a := range p.accesses {
		if a.thread != i && (a.write || write) && t.knows&(1<<a.event) == 0 {
			w.fail("race on %s: %s by %s", name, map[bool]string{true: "write", false: "read"}[write], t.name)
		}
	}
	if w.events == 64 {
		panic("enumerate: more than 64 accesses to plain memory in an execution")
	}
	p.accesses = append(p.accesses, access{w.events, i, write})
	t.knows |= 1 << w.events
	w.events++
}

func (w *world) get(i int, p *plain, name string) uint64 {
	w.touch(i, p, name, false)
	return p.value
}

func (w *world) set(i int, p *plain, name string, v uint64) {
	w.touch(i, p, name, true)
	p.value = v
}

// fail ends the execution with the step under way. The first failure counts.
func (w *world) fail(format string, args ...any) {
	if w.failure == "" {
		w.failure = fmt.Sprintf(format, args...)
	}
}
