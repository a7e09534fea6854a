package explore

import (
	"reflect"
	"unsafe"
)

// span is memory that nobody may touch.
type span struct {
	ptr  unsafe.Pointer
	size uintptr
	by   string
	hash uint64
}

// Retire declares that nobody touches the variable p points to any more: from now on, an
// operation on an instrumented object in it is a failure, and an access to a plain location in it
// that is not ordered before is a race. It is for code that manages memory by
// itself, whose errors the garbage collector would hide.
func (x *Exec) Retire(p any) {
	e := x.e
	if e.mode != exploring {
		return
	}
	v := reflect.ValueOf(p)
	t := e.cur
	o := e.touch(t, v.UnsafePointer(), kindPointee)
	for _, s := range e.retired {
		if s.ptr == o.ptr {
			x.Failf("%s retires %v, which %s has retired already", t.name, o.entire(), s.by)
		}
	}
	s := span{o.ptr, v.Type().Elem().Size(), t.name, mix(o.name, 10)}
	e.retired = append(e.retired, s)
	e.state += s.hash
	e.stepAll = true
	e.disturb()
	e.note(t, o, "retires %v", o.entire())
	for _, in := range e.reg.objs[:e.reg.n] {
		if s.holds(in) && (in.write >= 0 || len(in.reads) > 0) {
			e.plainWrite(t, in)
			e.rehash(in)
		}
	}
}

func (s *span) holds(o *object) bool { return uintptr(o.ptr)-uintptr(s.ptr) < s.size }

// Reuse ends what Retire began: the variable has a new life.
func (x *Exec) Reuse(p any) {
	e := x.e
	if e.mode != exploring {
		return
	}
	ptr := reflect.ValueOf(p).UnsafePointer()
	for i, s := range e.retired {
		if s.ptr == ptr {
			e.retired = append(e.retired[:i], e.retired[i+1:]...)
			e.state -= s.hash
			e.stepAll = true
			e.disturb()
			return
		}
	}
}

// checkRetired fails if o is in retired memory.
func (e *engine) checkRetired(t *thread, o *object) {
	for _, s := range e.retired {
		if s.holds(o) {
			e.fail(t, "%s uses %v after %s retired it", t.name, o, s.by)
		}
	}
}
