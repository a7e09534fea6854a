//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// All who wait are woken, one after another. One of the wakers is somebody's who panics: those
// behind it wait on.
func wakeAll(wakers []func()) {
	for _, wake := range wakers {
		wake() // the bug: it is not ours to trust
	}
}

var panicForgetsTheRest = bug{
	name:   "panic-forgets-the-rest",
	within: 1,
	fails:  `deadlock: waiter B in Await("a wake")`,
	faulty: func(x *explore.Exec) {
		a, b := new(explore.Bool), new(explore.Bool)
		x.Name(a, "A")
		x.Name(b, "B")
		wakers := []func(){
			func() { a.Store(true) },
			func() { panic("a waker of another library") },
			func() { b.Store(true) },
		}
		x.Go("waiter A", func() { x.Await("a wake", a.Load) })
		x.Go("waiter B", func() { x.Await("a wake", b.Load) })
		x.Go("source", func() { recovered(func() { wakeAll(wakers) }) })
	},
	// Where the kit tells many it tells all of them, and raises the panic afterwards.
	right: func(x *explore.Exec) {
		h := newHost(x)
		list, k := new(rouse.OwnedTasks), new(keeper)
		o := rouse.Options{Owned: list, NoOrphanCheck: true}
		a := rouse.SpawnWith(h.main(), &fussy{probe{done: func(rouse.Context) bool { return false }}}, o)
		h.runMain()
		b := rouse.SpawnWith(h.main(), &probe{done: k.keep}, o)
		h.runMain()
		x.Go("closer", func() { recovered(list.CloseAndShutdownAll) })
		x.Go("waker", k.waker.Wake)
		x.Final(func() {
			for _, j := range []*rouse.JoinHandle[int]{&a, &b} {
				_, ready := j.TryJoin()
				x.Assert(ready, "a joiner is not told")
			}
		})
	},
}

// A fussy future panics when it is destroyed.
type fussy struct{ probe }

func (f *fussy) Drop() { panic("a destructor of another library") }
