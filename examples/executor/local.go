package executor

import (
	"sync"

	"github.com/rouse-go/rouse"
)

// A Local is a value that each task may have for itself, such as the number of the
// request that it serves. With gives it to a future; whatever that future polls
// finds it by Get. A Local is a package variable as a rule. The zero value is
// ready.
type Local[T any] struct {
	mu     sync.Mutex
	values map[rouse.RawWaker]T // of the tasks that are being polled, by their wakers
}

// With returns f as a future that has v for l while it is polled. Inside it another
// With may change that for a part of it.
func With[T, U any](l *Local[T], v T, f rouse.Future[U]) rouse.Future[U] {
	return &local[T, U]{l, v, part[U]{f}}
}

// Get returns the value that the innermost With has given to the task of cx.
func (l *Local[T]) Get(cx rouse.Context) (v T, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v, ok = l.values[cx.Waker().Raw()]
	return v, ok
}

// set sets or removes the value of a task, and returns what was there.
func (l *Local[T]) set(task rouse.RawWaker, v T, ok bool) (old T, had bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	old, had = l.values[task]
	switch {
	case !ok:
		delete(l.values, task)
	case l.values == nil:
		l.values = map[rouse.RawWaker]T{task: v}
	default:
		l.values[task] = v
	}
	return old, had
}

type local[T, U any] struct {
	l    *Local[T]
	v    T
	what part[U]
}

func (l *local[T, U]) Poll(cx rouse.Context) (U, bool) {
	task := cx.Waker().Raw()
	old, had := l.l.set(task, l.v, true)
	defer l.l.set(task, old, had)
	return l.what.poll(cx)
}

func (l *local[T, U]) Drop() { l.what.drop() }
