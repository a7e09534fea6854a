package rouse

import (
	"reflect"
	"testing"
	"unsafe"
)

// awkward puts a T where a 32-bit machine would not align it by itself.
type awkward[T any] struct {
	_ uint32
	v T
	_ uint32
}

type nested[T any] struct {
	_ [3]uint32
	a awkward[awkward[T]]
}

func aligned[T any](t *testing.T) {
	t.Helper()
	name := reflect.TypeFor[T]().String()
	if names := misaligned(reflect.TypeFor[T](), 0, name); names != nil {
		t.Errorf("not aligned: %v", names)
	}
	var zero T
	if a := unsafe.Alignof(zero); a != 8 {
		t.Errorf("%s: alignment %d", name, a)
	}
	on := new(nested[T])
	in := make([]awkward[T], 3)
	local := struct {
		_ byte
		v T
	}{}
	for i, p := range []unsafe.Pointer{
		unsafe.Pointer(&on.a.v.v), unsafe.Pointer(&in[1].v), unsafe.Pointer(&in[2].v), unsafe.Pointer(&local.v),
	} {
		if uintptr(p)%8 != 0 {
			t.Errorf("%s: place %d is at %p", name, i, p)
		}
	}
}

// misaligned names the words in a T that are not 8-aligned if it is.
func misaligned(t reflect.Type, at uintptr, path string) (names []string) {
	switch {
	case t == reflect.TypeFor[word]() && at%8 != 0:
		return []string{path}
	case t.Kind() == reflect.Array && t.Len() > 0:
		for i := range min(2, t.Len()) {
			names = append(names, misaligned(t.Elem(), at+uintptr(i)*t.Elem().Size(), path+"[i]")...)
		}
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			names = append(names, misaligned(f.Type, at+f.Offset, path+"."+f.Name)...)
		}
	}
	return names
}

// TestAlignment: a 64-bit atomic operation faults on 32-bit machines where its
// operand is not 8-aligned.
func TestAlignment(t *testing.T) {
	aligned[State](t)
	aligned[Header](t)
	aligned[OwnedTasks](t)
	aligned[joinCell[byte]](t)
	aligned[taskCell[uint16, FutureFunc[uint16]]](t)
	if uintptr(unsafe.Pointer(&lastID))%8 != 0 {
		t.Error("lastID is not aligned")
	}
}

// TestAwkwardUse runs the operations where they would fault.
func TestAwkwardUse(t *testing.T) {
	var o awkward[OwnedTasks]
	var s nested[State]
	var h nested[Header]
	s.a.v.v.Notify()
	h.a.v.v.init(&vtable{}, 0)
	if h.a.v.v.ID() == 0 || !o.v.Bind(&h.a.v.v) || o.v.IsClosed() || !o.v.Remove(&h.a.v.v) {
		t.Error("bind and remove fail")
	}
	o.v.CloseAndShutdownAll()
}
