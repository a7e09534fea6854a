//go:build rouse_explore

package scenarios

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// A use is what a thread does with a waker of its own that is not a task's, and how many wakes that
// is. It consumes the waker.
type use struct {
	name  string
	wakes int
	do    func(w *rouse.Waker)
}

var (
	dropIt   = use{"drop", 0, func(w *rouse.Waker) { w.Drop() }}
	wakeIt   = use{"wake", 1, func(w *rouse.Waker) { w.Wake() }}
	byRefIt  = use{"by ref, drop", 1, func(w *rouse.Waker) { w.WakeByRef(); w.Drop() }}
	cloneIt  = use{"clone, wake both", 2, func(w *rouse.Waker) { c := w.Clone(); w.Wake(); c.Wake() }}
	movesIt  = use{"clone, drop, by ref, drop", 1, func(w *rouse.Waker) { c := w.Clone(); w.Drop(); c.WakeByRef(); c.Drop() }}
	assignIt = use{"assign to itself and another", 1, func(w *rouse.Waker) {
		var c rouse.Waker
		c.CloneFrom(w.Borrow())
		c.CloneFrom(w.Borrow())
		noop := rouse.NoopWaker()
		c.CloneFrom(noop.Borrow())
		w.Wake()
	}}
	rawIt = use{"apart and together", 1, func(w *rouse.Waker) {
		r := w.IntoRaw()
		c := r.VTable.Clone(r.Data)
		r.VTable.Wake(r.Data)
		c.VTable.Drop(c.Data)
	}}
)

// used is the body of a scenario of a waker that is not a task's, and its clones, which threads use
// at once. The accounts of a spy say the rest: one end, of it all, and no use behind it.
func used(uses ...use) func(w *world) {
	return func(w *world) {
		s := w.spy()
		w.x.Name(s, "spy")
		want := 0
		for i, u := range uses {
			k := s.owner.Clone()
			if i == len(uses)-1 {
				s.owner.Drop()
			}
			want += u.wakes
			w.Go(fmt.Sprintf("%d: %s", i+1, u.name), func() { w.x.Do(func() { u.do(&k) }) })
		}
		w.x.Final(func() {
			w.x.Assert(s.alive.v == 0, "%d wakers are alive", s.alive.v)
			w.x.Assert(s.wakes.Get() == want, "%d wakes, want %d", s.wakes.Get(), want)
		})
	}
}

// Wakers that are not tasks': their table's Wake or Drop is called once, behind all else.
var foreigners = []Scenario{
	{"foreign wakers", "2 drop", used(dropIt, dropIt), false},
	{"foreign wakers", "2 wake by value", used(wakeIt, wakeIt), false},
	{"foreign wakers", "by value, drop", used(wakeIt, dropIt), false},
	{"foreign wakers", "by value, by ref", used(wakeIt, byRefIt), false},
	{"foreign wakers", "2 by ref", used(byRefIt, byRefIt), false},
	{"foreign wakers", "clone and wake, by value", used(cloneIt, wakeIt), false},
	{"foreign wakers", "clone and drop, by value, by ref", used(movesIt, wakeIt, byRefIt), false},
	{"foreign wakers", "assigned, by value", used(assignIt, wakeIt), false},
	{"foreign wakers", "taken apart, by value, drop", used(rawIt, wakeIt, dropIt), false},
	{"foreign wakers", "3 wake by value", used(wakeIt, wakeIt, wakeIt), false},
	{"foreign wakers", "clone and wake, by value, drop", used(cloneIt, wakeIt, dropIt), false},
}
