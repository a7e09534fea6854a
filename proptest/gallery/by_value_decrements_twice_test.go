//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// The word of a complete task is its count. To wake it by value is to give back a reference; who
// gives back the last one releases it.
type counted struct {
	refs     explore.Int64
	released explore.Ghost[int]
}

// wakeByValue is the transition: it decrements, and says what is left to do.
func (t *counted) wakeByValue() {
	if t.refs.Add(-1) == 0 {
		t.drop() // the bug: the transition has decremented already
	}
}

func (t *counted) drop() {
	if t.refs.Add(-1) <= 0 {
		increment(&t.released)
	}
}

var byValueDecrementsTwice = bug{
	name:   "by-value-decrements-twice",
	within: 4,
	fails:  "released once, with -1 references left",
	faulty: func(x *explore.Exec) {
		t := new(counted)
		x.Name(t, "task")
		t.refs.Store(2)
		x.Go("waker", t.wakeByValue)
		x.Go("dropper", t.drop)
		x.Final(func() {
			n := t.released.Get()
			x.Assert(n == 1 && t.refs.Load() == 0, "released once, with %d references left", t.refs.Load())
		})
	},
	right: func(x *explore.Exec) {
		h := newHost(x)
		a, b := new(keeper), new(keeper)
		rouse.SpawnDetached(h.main(), &probe{done: func(cx rouse.Context) bool {
			a.keep(cx)
			b.keep(cx)
			return true
		}})
		h.runMain() // it is complete, and has two wakers
		x.Go("waker", a.waker.Wake)
		x.Go("dropper", b.waker.Drop)
		x.Final(func() { x.Assert(h.released.Get() == 1, "%d releases", h.released.Get()) })
	},
}
