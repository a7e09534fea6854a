package explore

import (
	"fmt"
	"reflect"
	"sync"
	"unsafe"
)

// Name names the variable that p points to in tables: an instrumented object, a plain location,
// or a struct, whose instrumented fields get names of their own. What is named in the body has
// the same identity for all threads from the start, which helps the search to see that states
// are equal.
func (x *Exec) Name(p any, label string, args ...any) {
	if x.e.mode != exploring {
		return
	}
	if len(args) > 0 {
		label = fmt.Sprintf(label, args...)
	}
	whole := x.eachIn(p, func(o *object, path string) { o.label, o.path = label, path })
	whole.whole = label
}

// Format prints the values of the word that p points to, a Uint64 or Uint32, with f in tables,
// instead of with Config.Format. If p points to a struct, f is for the words that are fields of it.
func (x *Exec) Format(p any, f func(v uint64) string) {
	if x.e.mode == exploring {
		x.eachIn(p, func(o *object, _ string) { o.format = f })
	}
}

// eachIn calls f with the object that p points to, which it returns, and with those in it.
func (x *Exec) eachIn(p any, f func(o *object, path string)) *object {
	v := reflect.ValueOf(p)
	base := v.UnsafePointer()
	whole := x.e.touch(x.e.cur, base, kindPointee)
	f(whole, "")
	for _, in := range fieldsOf(v.Type().Elem()) {
		f(x.e.touch(x.e.cur, unsafe.Add(base, in.offset), kindPointee), in.path)
	}
	return whole
}

// field is an instrumented object within a struct.
type field struct {
	offset uintptr
	path   string
}

var fields sync.Map // reflect.Type -> []field

func fieldsOf(t reflect.Type) []field {
	if fs, ok := fields.Load(t); ok {
		return fs.([]field)
	}
	fs := appendFields(nil, t, 0, "")
	fields.Store(t, fs)
	return fs
}

func appendFields(fs []field, t reflect.Type, offset uintptr, path string) []field {
	switch {
	case t.PkgPath() == ownPath && t.Kind() == reflect.Struct && path != "" && isInstrumented(t):
		return append(fs, field{offset, path})
	case t.PkgPath() == ownPath && isInstrumented(t):
		return fs
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			fs = appendFields(fs, f.Type, offset+f.Offset, path+"."+f.Name)
		}
	case t.Kind() == reflect.Array:
		for i := range t.Len() {
			fs = appendFields(fs, t.Elem(), offset+uintptr(i)*t.Elem().Size(), fmt.Sprintf("%s[%d]", path, i))
		}
	}
	return fs
}

var ownPath = reflect.TypeFor[Uint64]().PkgPath()

// instrumented is implemented by the pointers to this package's objects.
type instrumented interface{ isInstrumented() }

func (*Uint64) isInstrumented()     {}
func (*Pointer[T]) isInstrumented() {}
func (*Mutex) isInstrumented()      {}
func (*Var[T]) isInstrumented()     {}
func (*Ghost[T]) isInstrumented()   {}
func (*Pool) isInstrumented()       {}
func (*Int64) isInstrumented()      {}
func (*Int32) isInstrumented()      {}
func (*Uint32) isInstrumented()     {}
func (*Bool) isInstrumented()       {}

func isInstrumented(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[instrumented]())
}
