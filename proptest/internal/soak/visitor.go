package main

import (
	"math/rand/v2"
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

// A market is what visitors meet at: permits that are handed out and come back,
// and items that some bring and others wait for.
type market struct {
	r      *round
	gate   rouse.Semaphore
	bound  atomic.Int64 // permits that there are; never fewer than the gate was given
	held   atomic.Int64
	arrive rouse.WaitQueue
	items  atomic.Int64
	closed atomic.Bool  // both may refuse
	shut   atomic.Bool  // the crew may drop what it has
	ready  atomic.Int64 // visitors that did all they had to do

	// present are the visitors that are on the list, or are about to be put there.
	present atomic.Int64
}

// An errand is what a visitor does there.
type errand int

const (
	pass  errand = iota // acquire permits, and release them, now or at a later poll
	turn                // wait for permits, and give up
	bring               // an item, and notify one
	take                // wait for an item
	look                // wait for an item, and give up
	stir                // notify all, for nothing
	widen               // release a permit that nobody has acquired
)

// A visitor is a future that does its errands one after the other.
type visitor struct {
	m       *market
	rng     *rand.Rand
	errands []errand
	last    func() // called before it is ready
	seat    *seat
	listed  bool

	place  rouse.Waiter
	wants  int  // permits, of this errand
	has    int  // of them
	leaves bool // it waits, and is about to give up

	polling, over atomic.Bool
}

// errands are drawn from the kinds.
func errandsOf(rng *rand.Rand, n int, kinds ...errand) []errand {
	es := make([]errand, n)
	for i := range es {
		es[i] = kinds[rng.IntN(len(kinds))]
	}
	return es
}

func (v *visitor) Poll(cx rouse.Context) (int, bool) {
	t := &v.m.r.tally
	if v.polling.Swap(true) {
		t.failf("two polls of a visitor at once")
	}
	defer v.polling.Store(false)
	if v.over.Load() {
		t.failf("a poll of a visitor after its end")
	}
	for len(v.errands) > 0 {
		if !v.step(cx) {
			return 0, false
		}
		v.errands = v.errands[1:]
		if v.rng.IntN(4) == 0 {
			cx.Waker().WakeByRef()
			return 0, false
		}
	}
	if v.last != nil {
		v.last()
	}
	v.m.ready.Add(1)
	return 1, true
}

// step does what it can of the first errand, and reports whether it is done. If
// not, the task will be woken.
func (v *visitor) step(cx rouse.Context) (done bool) {
	m := v.m
	switch e := v.errands[0]; e {
	case pass, turn:
		return v.passes(cx, e == turn)
	case take, look:
		return v.takes(cx, e == look)
	case bring:
		m.r.brought.Add(1)
		m.items.Add(1)
		m.arrive.NotifyOne()
	case stir:
		m.arrive.NotifyAll()
	case widen:
		m.bound.Add(1)
		m.gate.Release(1)
	}
	return true
}

// gaveUp is whether it waited, and does not any more. One that is about to give
// up wakes itself, and so gives up at its next poll, whatever has come meanwhile.
func (v *visitor) gaveUp(cx rouse.Context, gives bool) bool {
	switch {
	case !gives:
	case v.leaves:
		v.leaves, v.wants = false, 0
		v.place.Drop()
		return true
	default:
		v.leaves = true
		cx.Waker().WakeByRef()
	}
	return false
}

func (v *visitor) passes(cx rouse.Context, gives bool) (done bool) {
	m := v.m
	if v.has == 0 {
		if v.leaves {
			return v.gaveUp(cx, true)
		}
		if v.wants == 0 {
			v.wants = 1 + v.rng.IntN(3)
		}
		acquired, ready := m.gate.Acquire(cx, &v.place, v.wants)
		if !ready {
			return v.gaveUp(cx, gives)
		}
		wants := v.wants
		v.wants = 0
		if !acquired {
			m.refused("Semaphore")
			return true
		}
		v.has = wants
		if held, bound := m.held.Add(int64(wants)), m.bound.Load(); held > bound {
			m.r.failf("%d permits are held, of %d", held, bound)
		}
		if v.rng.IntN(2) == 0 {
			cx.Waker().WakeByRef()
			return false
		}
	}
	v.giveBack()
	return true
}

func (v *visitor) giveBack() {
	if n := v.has; n > 0 {
		v.has = 0
		v.m.held.Add(-int64(n))
		v.m.gate.Release(n)
	}
}

func (v *visitor) takes(cx rouse.Context, gives bool) (done bool) {
	m := v.m
	if v.leaves {
		return v.gaveUp(cx, true)
	}
	try := m.try
	if gives {
		try = func() bool { return false }
	}
	holds, ready := m.arrive.WaitUntil(cx, &v.place, try)
	switch {
	case !ready:
		return v.gaveUp(cx, gives)
	case !holds:
		m.refused("WaitQueue")
	default:
		m.r.taken.Add(1)
	}
	return true
}

// try takes an item, if there is one.
func (m *market) try() bool {
	for n := m.items.Load(); n > 0; n = m.items.Load() {
		if m.items.CompareAndSwap(n, n-1) {
			return true
		}
	}
	return false
}

func (m *market) refused(what string) {
	if !m.closed.Load() {
		m.r.failf("an open %s refuses", what)
	}
}

// Drop is called where the visitor has ended, and where it is cut short.
func (v *visitor) Drop() {
	if v.over.Swap(true) {
		v.m.r.failf("a second end of a visitor")
	}
	if v.seat != nil && v.seat.owed.Swap(0) != 0 && !v.m.shut.Load() {
		v.m.r.failf("a visitor has ended that a Notified is left of")
	}
	v.place.Drop()
	v.giveBack()
	v.m.r.visited.Add(1)
	if v.listed {
		v.m.present.Add(-1)
	}
}
