package explore

import (
	"fmt"
	"math/bits"
)

// Happens-before is kept as sets of plain accesses rather than as vector clocks. The engine keeps
// a record for the last write of each plain location, and for the last read of it by each thread
// since. A thread knows a record if the access happens before what the thread does next; an
// atomic or a mutex knows it if a thread that acquires from it will. Acquiring joins the object's
// set into the thread's; a read-modify-write then copies it back; a store overwrites the object's
// set with the thread's. That is what vector clocks decide, restricted to the epochs that can
// still take part in a race. It is canonical (no counters that grow), so it can be part of the
// state: two executions that agree on values and histories but not on the order of plain accesses
// are two states, and pruning cannot hide a race. What a thread that has ended knew matters to
// nobody any more, but the records that only it knew can still take part in a race: so the records
// that there are belong to the state too.
type know struct {
	bits [knowWords]uint64
	hash uint64
}

const knowWords = 4
const maxRecords = 64 * knowWords

type record struct {
	hash   uint64
	thread *thread
	write  bool
	pos    string // when tracing
	step   int
}

func (k *know) has(r int32) bool { return k.bits[r>>6]&(1<<(r&63)) != 0 }

func (k *know) clear(r int32, h uint64) bool {
	if !k.has(r) {
		return false
	}
	k.bits[r>>6] &^= 1 << (r & 63)
	k.hash -= h
	return true
}

func (e *engine) learn(k, from *know) {
	for i := 0; i < e.knowUsed; i++ {
		d := from.bits[i] &^ k.bits[i]
		k.bits[i] |= d
		for ; d != 0; d &= d - 1 {
			k.hash += e.records[i<<6+bits.TrailingZeros64(d)].hash
		}
	}
}

// newRecord makes a record that t alone knows.
func (e *engine) newRecord(o *object, t *thread, write bool) int32 {
	r := -1
	for i := 0; i < e.knowUsed && r < 0; i++ {
		if w := ^e.recordsUsed[i]; w != 0 {
			r = i<<6 + bits.TrailingZeros64(w)
		}
	}
	if r < 0 {
		if e.knowUsed == knowWords {
			panic(fmt.Sprintf("explore: more than %d plain accesses to keep apart", maxRecords))
		}
		r = e.knowUsed << 6
		e.knowUsed++
	}
	e.recordsUsed[r>>6] |= 1 << (r & 63)
	h := mix(o.name, t.canon)
	if write {
		h = mix(o.name, 1) // who wrote last is in the version
	}
	e.records[r] = record{hash: h, thread: t, write: write}
	e.state += mix(h, 11)
	t.know.bits[r>>6] |= 1 << (r & 63)
	t.know.hash += h
	if e.trace != nil {
		e.records[r].pos, e.records[r].step = position(), e.depth
	}
	return int32(r)
}

// forget makes r unknown to everyone.
func (e *engine) forget(r int32) {
	h := e.records[r].hash
	e.main.know.clear(r, h)
	for _, t := range e.threads {
		t.know.clear(r, h)
	}
	for _, o := range e.reg.objs[:e.reg.n] {
		if o.know.hash != 0 && o.know.clear(r, h) {
			e.rehash(o)
		}
	}
	e.recordsUsed[r>>6] &^= 1 << (r & 63)
	e.state -= mix(h, 11)
}

func (e *engine) plainRead(t *thread, o *object) {
	if o.write >= 0 && !t.know.has(o.write) {
		e.race(t, o, o.write, false)
	}
	for i, r := range o.reads {
		if e.records[r].thread == t {
			e.forget(r)
			o.reads[i] = e.newRecord(o, t, false)
			return
		}
	}
	o.reads = append(o.reads, e.newRecord(o, t, false))
}

func (e *engine) plainWrite(t *thread, o *object) {
	if o.write >= 0 {
		if !t.know.has(o.write) {
			e.race(t, o, o.write, true)
		}
		e.forget(o.write)
	}
	for _, r := range o.reads {
		if !t.know.has(r) {
			e.race(t, o, r, true)
		}
		e.forget(r)
	}
	o.reads = o.reads[:0]
	o.write = e.newRecord(o, t, true)
}

func (e *engine) race(t *thread, o *object, r int32, write bool) {
	if e.final || e.failure != nil {
		return
	}
	first := &e.records[r]
	op := func(w bool) string {
		if w {
			return "write"
		}
		return "read"
	}
	f := &Failure{
		Message: fmt.Sprintf("data race on %v: %s by %s is not ordered after %s by %s",
			o, op(write), t.name, op(first.write), first.thread.name),
		Thread: t.name,
	}
	f.Race = &Race{
		Location: o.String(),
		First:    Access{first.thread.name, first.write, first.step, first.pos},
		Second:   Access{Thread: t.name, Write: write, Step: e.depth},
	}
	if e.trace != nil {
		f.Race.Second.Pos = position()
	}
	e.failure = f
}
