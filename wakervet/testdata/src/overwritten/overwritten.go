package overwritten

import (
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

type shared struct {
	ready bool
	done  atomic.Bool
	w     rouse.Waker
}

type plain struct{ *shared }

func (f plain) Poll(cx rouse.Context) (int, bool) {
	if f.ready || f.done.Load() {
		return 1, true
	}
	f.w = cx.Waker().Clone() // want `f.w may hold a waker of an earlier poll, which is overwritten and never given back: use f.w.CloneFrom`
	return 0, false
}

var kept rouse.Waker

var literal = rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
	kept = cx.Waker().Clone() // want `kept may hold a waker of an earlier poll`
	return 0, false
})

// The rest is silent.

type keeps struct{ *shared }

func (f keeps) Poll(cx rouse.Context) (int, bool) {
	f.w.CloneFrom(cx.Waker())
	return 0, f.ready
}

type drops struct{ *shared }

func (f drops) Poll(cx rouse.Context) (int, bool) {
	f.w.Drop()
	f.w = cx.Waker().Clone()
	return 0, f.ready
}

type asks struct{ *shared }

func (f asks) Poll(cx rouse.Context) (int, bool) {
	if !f.w.WillWake(cx.Waker()) {
		f.w = cx.Waker().Clone()
	}
	return 0, f.ready
}

type once struct {
	*shared
	started bool
	begun   atomic.Bool
}

func (f *once) Poll(cx rouse.Context) (int, bool) {
	if !f.started {
		f.started = true
		f.w = cx.Waker().Clone()
	}
	return 0, f.ready
}

type steps struct {
	*shared
	step int
}

func (f *steps) Poll(cx rouse.Context) (int, bool) {
	switch f.step {
	case 0:
		f.w = cx.Waker().Clone()
		f.step = 1
		return 0, false
	}
	return 1, true
}

type onceAtomic struct{ once }

func (f *onceAtomic) Poll(cx rouse.Context) (int, bool) {
	if f.begun.Load() {
		return 1, true
	}
	f.begun.Store(true)
	f.w = cx.Waker().Clone()
	return 0, false
}

type claims struct{ once }

func (f *claims) Poll(cx rouse.Context) (int, bool) {
	if f.begun.CompareAndSwap(false, true) {
		f.w = cx.Waker().Clone()
	}
	return 0, f.ready
}

func local(cx rouse.Context) (int, bool) {
	var w rouse.Waker
	w = cx.Waker().Clone()
	w.Wake()
	return 0, false
}

var polls = rouse.FutureFunc[int](local)

// No poll.
func (s *shared) start(r rouse.WakerRef) { s.w = r.Clone() }
