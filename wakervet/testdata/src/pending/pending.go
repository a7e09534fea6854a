package pending

import "github.com/rouse-go/rouse"

type event struct {
	set   bool
	value int
	cell  rouse.WakerCell
	inner rouse.Future[int]
	own   rouse.Context
}

type forgets struct{ *event }

func (f forgets) Poll(cx rouse.Context) (int, bool) {
	if f.set {
		return f.value, true
	}
	return 0, false // want `this poll can return not ready here, but never touches its Context: nobody will wake the task`
}

type unnamed struct{ *event }

func (f unnamed) Poll(rouse.Context) (int, bool) {
	return f.value, f.set // want `this poll can return not ready here`
}

func literals(s rouse.Scheduler, e *event) {
	rouse.Spawn(s, rouse.FutureFunc[int](func(_ rouse.Context) (int, bool) {
		if !e.set {
			return 0, false // want `this poll can return not ready here`
		}
		return 1, true
	}))
	var f rouse.FutureFunc[int] = e.try
	rouse.SpawnDetached(s, f)
}

func (e *event) try(rouse.Context) (int, bool) {
	return e.value, e.set // want `this poll can return not ready here`
}

type conn struct {
	rouse.Header
	n int
}

func (c *conn) step(cx rouse.Context) bool {
	c.n++
	if c.n > 3 {
		return true
	}
	return false // want `this poll can return not ready here`
}

var vtable = rouse.NewVtable(rouse.Ops[conn]{Poll: (*conn).step})

// The rest is silent.

type registers struct{ *event }

func (f registers) Poll(cx rouse.Context) (int, bool) {
	if f.set {
		return f.value, true
	}
	f.cell.Register(cx.Waker())
	return 0, f.set
}

type passes struct{ *event }

func (f passes) Poll(cx rouse.Context) (int, bool) {
	if f.set {
		return f.value, true
	}
	return f.inner.Poll(cx)
}

type delegates struct{ *event }

func (f delegates) Poll(rouse.Context) (int, bool) {
	if f.set {
		return f.value, true
	}
	return f.inner.Poll(f.own)
}

type never struct{}

func (never) Poll(rouse.Context) (int, bool) { return 0, false }

type always struct{ n int }

func (a always) Poll(rouse.Context) (int, bool) { return a.n, true }

var counted int

var counts = rouse.FutureFunc[int](func(rouse.Context) (int, bool) {
	counted++
	return 0, false
})

// No poll of the kit's.
func (e *event) ready(rouse.Context) (int, bool) { return e.value, e.set }
