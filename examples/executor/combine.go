package executor

import (
	"slices"

	"github.com/rouse-go/rouse"
)

// Yield returns a future that lets the other tasks that are due run first.
func Yield() rouse.Future[struct{}] { return new(yielding) }

type yielding struct{ yielded bool }

func (y *yielding) Poll(cx rouse.Context) (none struct{}, ready bool) {
	if ready = y.yielded; !ready {
		y.yielded = true
		cx.Waker().WakeByRef()
	}
	return none, ready
}

// Race returns a future that is ready as soon as one of fs is, with its output.
// The others are dropped then. If several are ready, the first of them wins.
func Race[T any](fs ...rouse.Future[T]) rouse.Future[T] { return &race[T]{slices.Clone(fs)} }

type race[T any] struct{ parts[T] }

func (r *race[T]) Poll(cx rouse.Context) (v T, ready bool) {
	for _, f := range r.parts {
		if v, ready = f.Poll(cx); ready {
			break
		}
	}
	return v, ready
}

// JoinAll returns a future that is ready when all of fs are, with all outputs. It
// polls all that are not ready whenever one of them is woken, so it is for a few
// futures; a Group is for many.
func JoinAll[T any](fs ...rouse.Future[T]) rouse.Future[[]T] {
	return &joinAll[T]{slices.Clone(fs), make([]T, len(fs))}
}

type joinAll[T any] struct {
	parts[T]
	out []T
}

func (j *joinAll[T]) Poll(cx rouse.Context) (out []T, ready bool) {
	ready = true
	for i, f := range j.parts {
		if f == nil { // it was ready before
			continue
		}
		if v, done := f.Poll(cx); done {
			j.out[i] = v
			drop(&j.parts[i])
		} else {
			ready = false
		}
	}
	return j.out, ready
}

// parts are the futures that another one is made of.
type parts[T any] []rouse.Future[T]

// Drop drops those that are left, all of them even if a destructor panics.
func (ps parts[T]) Drop() {
	for i := range ps {
		defer drop(&ps[i])
	}
}

// drop calls the destructor of a future, if it has one. It forgets the future
// first, so that the destructor is called once even if it panics.
func drop[T any](f *rouse.Future[T]) {
	d, ok := (*f).(interface{ Drop() })
	*f = nil
	if ok {
		d.Drop()
	}
}
