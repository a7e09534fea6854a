package rouse

import "reflect"

// A Future is a computation that is polled. Poll returns the output and true
// once it is ready, and is not called again then. Otherwise it returns false,
// and has arranged that the waker in cx, or a Clone of it, is used when another
// poll makes sense. Polls of a future never overlap, and each sees what the
// previous one wrote.
//
// If the future has a method Drop(), it is called once when the task has ended,
// after the last poll, ready or not. The same holds for a Drop() of an output
// that no JoinHandle took, unless it is a nil pointer. Drop must not block,
// since a scheduler that refuses a task calls it.
//
// The idea is Rust's std::future::Future.
type Future[T any] interface {
	Poll(cx Context) (T, bool)
}

// A FutureFunc is a Future without a destructor.
type FutureFunc[T any] func(cx Context) (T, bool)

// Poll calls f.
func (f FutureFunc[T]) Poll(cx Context) (T, bool) { return f(cx) }

// Ready returns a future that is ready with v.
func Ready[T any](v T) FutureFunc[T] { return func(Context) (T, bool) { return v, true } }

// A dropper is a future or an output with a destructor.
type dropper interface{ Drop() }

// runDestructor calls the destructor of *p, be it declared by T or by *T.
func runDestructor[T any](p *T) {
	var v any = p
	if k := reflect.TypeFor[T]().Kind(); k == reflect.Pointer || k == reflect.Interface {
		v = *p // which has its own methods, and allocates nothing here
	}
	if d, ok := v.(dropper); ok && !isNil(v) {
		d.Drop()
	}
}

// isNil reports whether v is a nil pointer: an output that is nil has nothing to
// destroy.
func isNil(v any) bool {
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}

// destructs reports whether a T may have a destructor.
func destructs[T any]() bool {
	var v any = (*T)(nil)
	switch reflect.TypeFor[T]().Kind() {
	case reflect.Interface:
		return true
	case reflect.Pointer:
		v = *new(T)
	}
	_, ok := v.(dropper)
	return ok
}
