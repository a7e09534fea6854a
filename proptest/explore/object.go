package explore

import (
	"strconv"
	"unsafe"
)

const maxThreads = 32 // the main thread, which sets up and checks, included

// object is what the engine knows of one instrumented location, or of one that a Pointer was seen
// to point to. Addresses differ from one execution to the next, so an object is called by who
// first saw it and when in that thread's life, which the thread's history determines.
type object struct {
	ptr     unsafe.Pointer // keeps the object alive, so that no address has two owners in an execution
	kind    objKind
	label   string
	path    string              // behind the label: of a field of what was named
	whole   string              // what a struct is called whose first field has the label
	format  func(uint64) string // of a word that is not a Uint64's
	nth     int                 // for labels: registration order in this execution
	shared  bool                // seen by the main thread during setup: every thread calls it local[0]
	local   [maxThreads]uint16  // what each thread calls it; 0 if it has not seen it
	name    uint64              // identity by first sight
	names   uint64              // identity by everyone who has seen it: does not depend on the order
	value   uint64              // hash of what an atomic, mutex or ghost holds
	version uint64              // hash of what a plain location holds
	content uint64              // the last version that was known by its content
	writer  *thread             // who wrote it
	know    know                // what a thread that acquires from it learns
	contrib uint64              // its share of the state hash
	locked  bool

	write int32 // record of the last plain write, -1 if none
	reads []int32
}

type objKind uint8

const (
	kindPointee objKind = iota
	kindWord
	kindPointer
	kindMutex
	kindPlain
	kindGhost
	kindPool
)

var kindNames = [...]string{"object", "word", "pointer", "mutex", "plain", "ghost", "pool"}

func (o *object) String() string {
	if o == nil {
		return "nil"
	}
	if o.label != "" {
		return o.label + o.path
	}
	return kindNames[o.kind] + "#" + strconv.Itoa(o.nth)
}

// entire is what o is called as a struct: its address is that of its first field.
func (o *object) entire() string {
	if o != nil && o.whole != "" {
		return o.whole
	}
	return o.String()
}

// registry finds objects by address. It is emptied for each execution by moving on to the next
// generation.
type registry struct {
	slots []regSlot
	gen   uint32
	objs  []*object // the first n are in use
	n     int
}

type regSlot struct {
	ptr unsafe.Pointer
	obj *object
	gen uint32
}

func (r *registry) reset() {
	r.gen++
	r.n = 0
}

func hashAddr(p unsafe.Pointer) uint64 {
	h := uint64(uintptr(p)) * 0x9e3779b97f4a7c15
	return h >> 20
}

// find returns the object at p, and whether it had to be made.
func (r *registry) find(p unsafe.Pointer) (o *object, made bool) {
	if 2*r.n >= len(r.slots) {
		r.grow()
	}
	mask := uint64(len(r.slots) - 1)
	for i := hashAddr(p) & mask; ; i = (i + 1) & mask {
		s := &r.slots[i]
		if s.gen != r.gen {
			o := r.fresh()
			*o = object{ptr: p, nth: r.n, write: -1, reads: o.reads[:0]}
			*s = regSlot{p, o, r.gen}
			return o, true
		}
		if s.ptr == p {
			return s.obj, false
		}
	}
}

func (r *registry) fresh() *object {
	if r.n == len(r.objs) {
		r.objs = append(r.objs, &object{})
	}
	r.n++
	return r.objs[r.n-1]
}

func (r *registry) grow() {
	old, oldGen := r.slots, r.gen
	r.slots = make([]regSlot, max(64, 2*len(old)))
	r.gen = 1
	mask := uint64(len(r.slots) - 1)
	for _, s := range old {
		if s.gen != oldGen {
			continue
		}
		i := hashAddr(s.ptr) & mask
		for r.slots[i].gen == 1 {
			i = (i + 1) & mask
		}
		r.slots[i] = regSlot{s.ptr, s.obj, 1}
	}
}

// touch returns the object at p as seen by t.
func (e *engine) touch(t *thread, p unsafe.Pointer, k objKind) *object {
	o, made := e.reg.find(p)
	if k != kindPointee {
		o.kind = k
	}
	if o.local[t.index] != 0 || o.shared {
		return o
	}
	t.seen++
	o.local[t.index] = uint16(min(t.seen, 1<<16-1))
	id := mix(t.canon, uint64(t.seen))
	if made {
		o.name = id
	}
	o.names += id
	if t == e.main && !e.started {
		o.shared = true
	}
	e.rehash(o)
	return o
}

// localName is what t calls o, 0 if it has not seen it.
func (o *object) localName(t int) uint16 {
	if o.shared {
		return o.local[0]
	}
	return o.local[t]
}

// rehash brings the state hash up to date with a change to o.
func (e *engine) rehash(o *object) {
	c := mix(mix(o.names, o.value), mix(o.version, o.know.hash))
	e.state += c - o.contrib
	o.contrib = c
}

// pointee returns the identity of the object p points to: as t calls it, and as the state does.
func (e *engine) pointee(t *thread, p unsafe.Pointer) (local, global uint64, o *object) {
	if p == nil {
		return 0, 0, nil
	}
	o = e.touch(t, p, kindPointee)
	return uint64(o.localName(t.index)), o.name, o
}
