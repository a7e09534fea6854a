package executor

import "github.com/rouse-go/rouse"

// Yield returns a future that lets the other tasks that are due run first.
func Yield() rouse.Future[struct{}] {
	yielded := false
	return rouse.FutureFunc[struct{}](func(cx rouse.Context) (none struct{}, ready bool) {
		if !yielded {
			yielded = true
			cx.Waker().WakeByRef()
			return none, false
		}
		return none, true
	})
}

// A part is a future that is polled by another one, which calls its destructor as
// soon as it is ready, or is not wanted any more.
type part[T any] struct{ f rouse.Future[T] }

func (p *part[T]) poll(cx rouse.Context) (v T, ready bool) {
	if v, ready = p.f.Poll(cx); ready {
		p.drop()
	}
	return v, ready
}

// drop forgets the future first, so that its destructor is called once even if it
// panics.
func (p *part[T]) drop() {
	f := p.f
	p.f = nil
	if d, ok := f.(interface{ Drop() }); ok {
		d.Drop()
	}
}

func partsOf[T any](fs []rouse.Future[T]) []part[T] {
	parts := make([]part[T], len(fs))
	for i, f := range fs {
		parts[i].f = f
	}
	return parts
}

func dropAll[T any](parts []part[T]) {
	for i := range parts {
		parts[i].drop()
	}
}

// Race returns a future that is ready as soon as one of fs is, with its output.
// The others are dropped then. If several are ready, the first of them wins.
func Race[T any](fs ...rouse.Future[T]) rouse.Future[T] { return &race[T]{partsOf(fs)} }

type race[T any] struct{ runners []part[T] }

func (r *race[T]) Poll(cx rouse.Context) (v T, ready bool) {
	for i := range r.runners {
		if v, ready = r.runners[i].poll(cx); ready {
			r.Drop()
			return v, true
		}
	}
	return v, false
}

func (r *race[T]) Drop() { dropAll(r.runners) }

// JoinAll returns a future that is ready when all of fs are, with all outputs. It
// polls all that are not ready whenever one of them is woken, so it is for a few
// futures; a Group is for many.
func JoinAll[T any](fs ...rouse.Future[T]) rouse.Future[[]T] {
	return &joinAll[T]{partsOf(fs), make([]T, len(fs))}
}

type joinAll[T any] struct {
	parts []part[T]
	out   []T
}

func (j *joinAll[T]) Poll(cx rouse.Context) (out []T, ready bool) {
	ready = true
	for i := range j.parts {
		if j.parts[i].f == nil {
			continue
		}
		v, done := j.parts[i].poll(cx)
		if done {
			j.out[i] = v
		}
		ready = ready && done
	}
	return j.out, ready
}

func (j *joinAll[T]) Drop() { dropAll(j.parts) }
