package rouse

import "reflect"

// A Future is a computation that advances each time it is polled, and that waits
// without holding a goroutine. A task polls its future on the goroutine that runs
// it. Polls of one task never overlap, and each sees what the previous one wrote,
// so a future needs no lock for its own fields. A task owns its future: Spawn
// copies the value in, and nobody else may use it afterwards.
//
// If the future has a method Drop(), it is called once, after the last poll,
// when the task ends in whatever way. The same holds for a Drop() of an output
// that no JoinHandle took. Drop is not called on a nil pointer. It must not
// block, and must not take a lock under which tasks are woken or refused.
//
// A panic in Poll or Drop ends the task; Scheduler says where the panic goes on.
//
// The idea is Rust's std::future::Future.
type Future[T any] interface {
	// Poll returns the output and true if the future is ready, and is never
	// called again. Otherwise it returns false, after it has arranged that the
	// waker in cx is used when another poll makes sense: it keeps a Clone of the
	// waker where the event is signalled. The Context itself must not be kept.
	Poll(cx Context) (output T, ready bool)
}

// A FutureFunc is a function that is a Future. It has no destructor.
type FutureFunc[T any] func(cx Context) (T, bool)

// Poll calls f.
func (f FutureFunc[T]) Poll(cx Context) (T, bool) { return f(cx) }

// Ready returns a future whose first poll is ready with v.
func Ready[T any](v T) FutureFunc[T] { return func(Context) (T, bool) { return v, true } }

// A dropper is a future or an output with a destructor.
type dropper interface{ Drop() }

// runDestructor calls the destructor of *p, which T or *T may declare.
func runDestructor[T any](p *T) {
	var v any = p
	if k := reflect.TypeFor[T]().Kind(); k == reflect.Pointer || k == reflect.Interface {
		v = *p // which has its own methods, and allocates nothing here
	}
	if d, ok := v.(dropper); ok && !isNil(v) {
		d.Drop()
	}
}

// isNil reports whether v is a nil pointer, which has nothing to destroy.
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
