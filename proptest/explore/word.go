package explore

import (
	"sync/atomic"
	"unsafe"
)

// Uint64 is an atomic word, with the methods of go.uber.org/atomic.Uint64. The zero value is
// ready.
type Uint64 struct{ v atomic.Uint64 }

// Load returns the word.
func (u *Uint64) Load() uint64 {
	e := active.Load()
	if e == nil {
		return u.v.Load()
	}
	o := e.begin(opLoad, kindWord, unsafe.Pointer(u), 0, 0)
	v := u.v.Load()
	if o != nil {
		e.cur.ops.Loads++
		e.observed(o, v, mix(v, 0))
		if e.trace != nil {
			e.noteWord(o, v, v, "%v.Load() = %s", o, e.show(o, v))
		}
	}
	return v
}

// Store sets the word.
func (u *Uint64) Store(v uint64) {
	e := active.Load()
	if e == nil {
		u.v.Store(v)
		return
	}
	o := e.begin(opStore, kindWord, unsafe.Pointer(u), v, 0)
	if o == nil {
		u.v.Store(v)
		return
	}
	old := u.v.Swap(v)
	e.cur.ops.Stores++
	e.stored(o, mix(v, 0))
	if e.trace != nil {
		e.noteWord(o, old, v, "%v.Store(%s)", o, e.show(o, v))
	}
}

// Add adds delta and returns the new value.
func (u *Uint64) Add(delta uint64) uint64 {
	e := active.Load()
	if e == nil {
		return u.v.Add(delta)
	}
	o := e.begin(opAdd, kindWord, unsafe.Pointer(u), delta, 0)
	v := u.v.Add(delta)
	if o != nil {
		e.cur.ops.RMWs++
		e.updated(o, v, mix(v, 0))
		if e.trace != nil {
			e.noteWord(o, v-delta, v, "%v.Add(%s)", o, formatDelta(delta))
		}
	}
	return v
}

// Sub subtracts delta and returns the new value.
func (u *Uint64) Sub(delta uint64) uint64 { return u.Add(-delta) }

// Swap sets the word and returns the value it had.
func (u *Uint64) Swap(v uint64) (old uint64) {
	e := active.Load()
	if e == nil {
		return u.v.Swap(v)
	}
	o := e.begin(opSwap, kindWord, unsafe.Pointer(u), v, 0)
	old = u.v.Swap(v)
	if o != nil {
		e.cur.ops.RMWs++
		e.updated(o, old, mix(v, 0))
		if e.trace != nil {
			e.noteWord(o, old, v, "%v.Swap(%s) = %s", o, e.show(o, v), e.show(o, old))
		}
	}
	return old
}

// CompareAndSwap sets the word to v if it is old, and reports whether it was. One that fails
// writes nothing, and is only a load to the memory model.
func (u *Uint64) CompareAndSwap(old, v uint64) (swapped bool) {
	e := active.Load()
	if e == nil {
		return u.v.CompareAndSwap(old, v)
	}
	o := e.begin(opCAS, kindWord, unsafe.Pointer(u), old, v)
	swapped = u.v.CompareAndSwap(old, v)
	if o == nil {
		if !swapped && e.mode == counting {
			e.counts.failedCAS.Add(1)
		}
		return swapped
	}
	e.cur.ops.RMWs++
	if swapped {
		e.updated(o, 1, mix(v, 0))
	} else {
		e.cur.ops.FailedCAS++
		e.observed(o, 0, mix(u.v.Load(), 0))
		e.cur.retry.fail(o, e.cur.hist)
	}
	if e.trace != nil {
		if now := u.v.Load(); swapped {
			e.noteWord(o, old, now, "%v.CAS(%s, %s)", o, e.show(o, old), e.show(o, v))
		} else {
			e.noteWord(o, now, now, "%v.CAS(%s, %s) failed", o, e.show(o, old), e.show(o, v))
		}
	}
	return swapped
}

// And clears the bits outside mask and returns the old value.
func (u *Uint64) And(mask uint64) (old uint64) {
	u.modify(opAnd, mask, func(v uint64) uint64 { old = v; return v & mask })
	return old
}

// Or sets the bits of mask and returns the old value.
func (u *Uint64) Or(mask uint64) (old uint64) {
	u.modify(opOr, mask, func(v uint64) uint64 { old = v; return v | mask })
	return old
}

// modify is a read-modify-write by a function.
func (u *Uint64) modify(k opKind, arg uint64, f func(uint64) uint64) (v uint64) {
	e := active.Load()
	var o *object
	if e != nil {
		o = e.begin(k, kindWord, unsafe.Pointer(u), arg, 0)
	}
	var old uint64
	for {
		old = u.v.Load()
		if v = f(old); u.v.CompareAndSwap(old, v) {
			break
		}
	}
	if o != nil {
		e.cur.ops.RMWs++
		e.updated(o, old, mix(v, 0))
		if e.trace != nil {
			if k == opAdd {
				e.noteWord(o, old, v, "%v.Add(%s)", o, formatDelta(arg))
			} else {
				e.noteWord(o, old, v, "%v.%s(%s)", o, opNames[k], e.formatMask(arg))
			}
		}
	}
	return v
}
