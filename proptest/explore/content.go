package explore

import (
	"math"
	"reflect"
	"unsafe"
)

// Plain variables and ghosts count in the state by their content, so that it does not matter who
// wrote it or how. Content that means nothing outside its execution (a map, say) is known by its
// writer's history instead: a finer distinction, which costs states and nothing else.

// hashValue is the content of a value at hand.
func hashValue[T any](e *engine, t *thread, p *T) (uint64, bool) {
	switch p := any(p).(type) {
	case *int:
		return mix(uint64(*p), 7), true
	case *bool:
		return mix(bit(*p), 7), true
	case *uint64:
		return mix(*p, 7), true
	case *string:
		return hashString(*p), true
	}
	return e.hashContent(t, reflect.ValueOf(p).Elem())
}

// contentOrWriter is the content of v, which t has just written.
func (e *engine) contentOrWriter(t *thread, v reflect.Value) uint64 {
	if h, ok := e.hashContent(t, v); ok {
		return h
	}
	return mix(t.canon, t.hist)
}

// hashContent hashes v: numbers and strings by value, pointers by the object they point to,
// slices by their elements.
func (e *engine) hashContent(t *thread, v reflect.Value) (h uint64, ok bool) {
	switch k := v.Kind(); k {
	case reflect.Bool:
		return mix(bit(v.Bool()), 7), true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return mix(uint64(v.Int()), 7), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return mix(v.Uint(), 7), true
	case reflect.Float32, reflect.Float64:
		return mix(math.Float64bits(v.Float()), 7), true
	case reflect.String:
		return hashString(v.String()), true
	case reflect.Pointer, reflect.UnsafePointer, reflect.Chan:
		return e.hashPointer(t, v.UnsafePointer()), true
	case reflect.Func: // a closure is an object too
		if v.IsNil() {
			return 1, true
		}
		if !v.CanAddr() {
			return 0, false
		}
		return e.hashPointer(t, *(*unsafe.Pointer)(v.Addr().UnsafePointer())), true
	case reflect.Interface:
		if v.IsNil() {
			return 2, true
		}
		h, ok = e.hashContent(t, v.Elem())
		t := v.Elem().Type()
		return mix(h, uint64(reflect.ValueOf(t).Pointer())), ok // the type's descriptor
	case reflect.Struct:
		for i := range v.NumField() {
			f, ok := e.hashContent(t, v.Field(i))
			if !ok {
				return 0, false
			}
			h = mix(h, f)
		}
		return h, true
	case reflect.Array, reflect.Slice:
		h = uint64(v.Len())
		for i := range v.Len() {
			f, ok := e.hashContent(t, v.Index(i))
			if !ok {
				return 0, false
			}
			h = mix(h, f)
		}
		return h, true
	}
	return 0, false
}

func (e *engine) hashPointer(t *thread, p unsafe.Pointer) uint64 {
	if p == nil {
		return 3
	}
	o := e.touch(t, p, kindPointee)
	if e.final {
		return mix(uint64(o.localName(t.index)), 4)
	}
	return mix(o.name, 4)
}

// written is a plain location whose content is to be hashed when the step is over: the write is
// announced before it is made.
type written struct {
	o *object
	v reflect.Value
}

// settle brings the state up to date with what the step wrote.
func (e *engine) settle() {
	for _, w := range e.wrote {
		if h, ok := e.hashContent(w.o.writer, w.v); ok {
			e.contains(w.o, h)
		}
	}
	clear(e.wrote)
	e.wrote = e.wrote[:0]
}

// contains is told the content of the plain location o after a write.
func (e *engine) contains(o *object, h uint64) {
	o.writer.turn.own += mix(o.name, h) - mix(o.name, o.content)
	o.content, o.version = h, h
	e.rehash(o)
}

// Reads announces a plain read of the variable at p; see Read.
func Reads[T any](p *T, name string) { Read(unsafe.Pointer(p), name) }

// Writes announces a plain write of the variable at p; see Write. As it knows the type, the
// search can tell equal contents, where a Write tells writers apart.
func Writes[T any](p *T, name string) {
	e := active.Load()
	if e == nil {
		return
	}
	if o := e.write(unsafe.Pointer(p), name); o != nil {
		e.wrote = append(e.wrote, written{o, reflect.ValueOf(p).Elem()})
	}
}
