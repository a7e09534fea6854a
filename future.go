package rouse

import "reflect"

// A Future is a computation that is polled. Poll returns the output and true
// once it is ready, and is not called again then; otherwise it returns false
// and has arranged that the waker in cx, or a Clone of it, is used when it is
// worth polling again. Polls never overlap, and each sees what the former wrote.
//
// If the future has a method Drop(), it is called once, after the last poll,
// when the task has ended: ready or not. So is a Drop() of an output that no
// JoinHandle took. It must not block, since it may run inside a scheduler's
// refusal.
type Future[T any] interface {
	Poll(cx Context) (T, bool)
}

// A FutureFunc is a Future without a destructor.
type FutureFunc[T any] func(cx Context) (T, bool)

// Poll calls f.
func (f FutureFunc[T]) Poll(cx Context) (T, bool) { return f(cx) }

// Ready returns a future that is ready with v.
func Ready[T any](v T) FutureFunc[T] { return func(Context) (T, bool) { return v, true } }

// A Dropper is a future or an output with a destructor.
type Dropper interface{ Drop() }

// drop runs the destructor of *p, be it declared by T or by *T.
func drop[T any](p *T) {
	var v any = p
	if k := reflect.TypeFor[T]().Kind(); k == reflect.Pointer || k == reflect.Interface {
		v = *p // which has its own methods, and allocates nothing here
	}
	if d, ok := v.(Dropper); ok {
		d.Drop()
	}
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
	_, ok := v.(Dropper)
	return ok
}
