package explore

import (
	"reflect"
	"sync/atomic"
	"unsafe"
)

// Pointer is an atomic pointer, with the methods of go.uber.org/atomic.Pointer. The zero value is
// nil.
type Pointer[T any] struct{ v atomic.Pointer[T] }

// Load returns the pointer.
func (p *Pointer[T]) Load() *T {
	e := active.Load()
	if e == nil {
		return p.v.Load()
	}
	o := e.begin(opLoad, kindPointer, unsafe.Pointer(p), 0, 0)
	v := p.v.Load()
	if o != nil {
		e.cur.ops.Loads++
		local, global, to := e.pointee(e.cur, unsafe.Pointer(v))
		e.observed(o, local, mix(global, 0))
		if e.trace != nil {
			e.note(e.cur, o, "%v.Load() = %v", o, p.target(to))
		}
	}
	return v
}

// Store sets the pointer.
func (p *Pointer[T]) Store(v *T) {
	e := active.Load()
	if e == nil {
		p.v.Store(v)
		return
	}
	o := e.begin(opStore, kindPointer, unsafe.Pointer(p), e.pointerArg(unsafe.Pointer(v)), 0)
	p.v.Store(v)
	if o != nil {
		e.cur.ops.Stores++
		_, global, to := e.pointee(e.cur, unsafe.Pointer(v))
		e.stored(o, mix(global, 0))
		if e.trace != nil {
			e.note(e.cur, o, "%v.Store(%v)", o, p.target(to))
		}
	}
}

// Swap sets the pointer and returns the one it was.
func (p *Pointer[T]) Swap(v *T) (old *T) {
	e := active.Load()
	if e == nil {
		return p.v.Swap(v)
	}
	o := e.begin(opSwap, kindPointer, unsafe.Pointer(p), e.pointerArg(unsafe.Pointer(v)), 0)
	old = p.v.Swap(v)
	if o != nil {
		e.cur.ops.RMWs++
		_, global, to := e.pointee(e.cur, unsafe.Pointer(v))
		local, _, from := e.pointee(e.cur, unsafe.Pointer(old))
		e.updated(o, local, mix(global, 0))
		if e.trace != nil {
			e.note(e.cur, o, "%v.Swap(%v) = %v", o, p.target(to), p.target(from))
		}
	}
	return old
}

// CompareAndSwap sets the pointer to v if it is old, and reports whether it was.
func (p *Pointer[T]) CompareAndSwap(old, v *T) (swapped bool) {
	e := active.Load()
	if e == nil {
		return p.v.CompareAndSwap(old, v)
	}
	o := e.begin(opCAS, kindPointer, unsafe.Pointer(p), e.pointerArg(unsafe.Pointer(old)), e.pointerArg(unsafe.Pointer(v)))
	swapped = p.v.CompareAndSwap(old, v)
	if o == nil {
		if !swapped && e.mode == counting {
			e.counts.failedCAS.Add(1)
		}
		return swapped
	}
	e.cur.ops.RMWs++
	_, was, from := e.pointee(e.cur, unsafe.Pointer(old))
	_, global, to := e.pointee(e.cur, unsafe.Pointer(v))
	outcome := ""
	if swapped {
		e.updated(o, 1, mix(global, 0))
	} else {
		e.cur.ops.FailedCAS++
		outcome = " failed"
		e.missed(o, was, unsafe.Pointer(p.v.Load()))
		e.cur.retry.fail(o, e.cur.hist)
	}
	if e.trace != nil {
		e.note(e.cur, o, "%v.CAS(%v, %v)%s", o, p.target(from), p.target(to), outcome)
	}
	return swapped
}

// target is what o is called as something that p points to.
func (p *Pointer[T]) target(o *object) string {
	if isInstrumented(reflect.TypeFor[T]()) {
		return o.String()
	}
	return o.entire()
}

// missed accounts for a failed CompareAndSwap. The thread does not get to see the pointer there,
// so it does not learn of the object.
func (e *engine) missed(o *object, _ uint64, now unsafe.Pointer) {
	holds := o.value
	if holds == 0 { // nobody has operated on it yet
		_, global, _ := e.pointee(e.main, now)
		holds = mix(global, 0)
	}
	e.observed(o, 0, holds)
}

// pointerArg is the identity of a pointer that is an argument of the pending operation.
func (e *engine) pointerArg(p unsafe.Pointer) uint64 {
	if e.mode != exploring {
		return 0
	}
	local, _, _ := e.pointee(e.cur, p)
	return local
}
