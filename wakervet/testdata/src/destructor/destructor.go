package destructor

import "github.com/rouse-go/rouse"

// timer is a future with a destructor, for the others to wrap.
type timer struct{ w rouse.Waker }

func (t *timer) Poll(cx rouse.Context) (int, bool) {
	t.w.CloneFrom(cx.Waker())
	return 0, false
}

func (t *timer) Drop() { t.w.Drop() }

type returns struct{ t *timer }

func (f *returns) Poll(cx rouse.Context) (int, bool) { return f.t.Poll(cx) }

func (f *returns) Drop() error { // want `the kit does not call this Drop when the task of a returns ends: a destructor takes and returns nothing`
	f.t.Drop()
	return nil
}

type takes struct{ t *timer }

func (f takes) Poll(cx rouse.Context) (int, bool) { return f.t.Poll(cx) }
func (f takes) Drop(why int)                      { f.t.Drop() } // want `the kit does not call this Drop when the task of a takes ends`

type misspelt struct{ w rouse.Waker }

func (f *misspelt) Poll(cx rouse.Context) (int, bool) { return 1, true }
func (f *misspelt) drop()                             { f.w.Drop() } // want `drop is not called when the task of a misspelt ends: the destructor is called Drop`

type plural struct{ w rouse.Waker }

func (f *plural) Poll(cx rouse.Context) (int, bool) { return 1, true }
func (f *plural) Drops()                            { f.w.Drop() } // want `Drops is not called when the task of a plural ends`

type closes struct{ w rouse.Waker }

func (f *closes) Poll(cx rouse.Context) (int, bool) { return 1, true }
func (f *closes) Close() error { // want `Close is not called when the task of a closes ends: call it Drop, or have a Drop that calls it`
	f.w.Drop()
	return nil
}

type logged[T any] struct{ rouse.Future[T] } // want `the future logged polls Future, but has no Drop, so that the Drop of Future is not called when its task ends: forward it`

type wraps struct{ inner *timer } // want `the future wraps polls inner, but has no Drop`

func (f wraps) Poll(cx rouse.Context) (int, bool) { return f.inner.Poll(cx) }

func newWraps() wraps { return wraps{inner: &timer{}} }

type generic[T any, F rouse.Future[T]] struct{ inner F } // want `the future generic polls inner, but has no Drop`

func (f *generic[T, F]) Poll(cx rouse.Context) (T, bool) { return f.inner.Poll(cx) }

type race struct{ a, b *timer }

func (f *race) Poll(cx rouse.Context) (int, bool) {
	if v, ok := f.a.Poll(cx); ok {
		return v, true
	}
	return f.b.Poll(cx)
}

func (f *race) Drop() { f.a.Drop() } // want `this Drop does not drop b, which the future race polls`

type embeds struct { // want `the Drop of the embedded Waker is the destructor of the future embeds: give the field a name`
	rouse.Waker
	n int
}

func (f *embeds) Poll(cx rouse.Context) (int, bool) { return f.n, f.n > 0 }

type forgets struct { // want `the future forgets keeps a waker in w, which nothing gives back: drop it in a Drop`
	n int
	w rouse.Waker
}

func (f *forgets) Poll(cx rouse.Context) (int, bool) {
	f.w.CloneFrom(cx.Waker())
	return f.n, f.n > 0
}

func (f *forgets) fire() { f.w.WakeByRef() }

type queued struct { // want `the future queued waits by w, which it does not drop`
	q *rouse.WaitQueue
	w rouse.Waiter
}

func (f *queued) Poll(cx rouse.Context) (bool, bool) { return f.q.Wait(cx, &f.w) }

// The rest is silent.

type leaves struct {
	q *rouse.WaitQueue
	w rouse.Waiter
}

func (f *leaves) Poll(cx rouse.Context) (bool, bool) { return f.q.Wait(cx, &f.w) }
func (f *leaves) Drop()                              { f.w.Drop() }

type fires struct{ w rouse.Waker }

func (f *fires) Poll(cx rouse.Context) (int, bool) {
	f.w.CloneFrom(cx.Waker())
	go func() { f.w.Wake() }()
	return 0, false
}

type promotes struct{ *timer }

// borrowsInner is given a timer that its caller drops.
type borrowsInner struct{ inner *timer }

func (f borrowsInner) Poll(cx rouse.Context) (int, bool) { return f.inner.Poll(cx) }

func borrowing(t *timer) borrowsInner { return borrowsInner{t} }

// stream has a Drop of another meaning.
type stream struct{ n int }

func (f *stream) Poll(cx rouse.Context) (int, bool) { return f.n, true }
func (f *stream) Drop(n int)                        { f.n -= n }

type forwards[T any] struct{ rouse.Future[T] }

func (f forwards[T]) Drop() {
	if d, ok := f.Future.(interface{ Drop() }); ok {
		d.Drop()
	}
}

type both struct{ a, b *timer }

func (f *both) Poll(cx rouse.Context) (int, bool) {
	if v, ok := f.a.Poll(cx); ok {
		return v, true
	}
	return f.b.Poll(cx)
}

func (f *both) Drop() { f.each((*timer).Drop) }

func (f *both) each(do func(*timer)) { do(f.a); do(f.b) }

// started keeps a timer that it does not poll.
type started struct {
	t *timer
	n int
}

func (f *started) Poll(cx rouse.Context) (int, bool) { return f.n, true }

type plainInner struct{ inner rouse.FutureFunc[int] }

func (f plainInner) Poll(cx rouse.Context) (int, bool) { return f.inner.Poll(cx) }

type joins struct{ j rouse.JoinHandle[int] }

func (f *joins) Poll(cx rouse.Context) (int, bool) {
	res, ok := f.j.Poll(cx)
	return res.Value, ok
}

// shut is closed by its owner.
type shut struct{ w rouse.Waker }

func (f *shut) Poll(cx rouse.Context) (int, bool) { return 1, true }
func (f *shut) Close()                            { f.w.Drop() }
func (f *shut) drop()                             { f.w.Drop() }

func end(f *shut) { f.Close(); f.drop() }

// Conn is closed by whoever uses the package.
type Conn struct{ w rouse.Waker }

func (f *Conn) Poll(cx rouse.Context) (int, bool) { return 1, true }
func (f *Conn) Close()                            { f.w.Drop() }

// No future.
type list struct{ rouse.Waker }

func (l *list) Drop() error { return nil }
