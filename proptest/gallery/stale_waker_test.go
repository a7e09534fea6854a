//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A slab has a slot for each future, and a waker is the address of one. When the future is done,
// the next one moves into its slot; its wakers are still about.
type slot struct{ woken explore.Bool }

func (s *slot) moveIn() { s.woken.Store(false) }

func (s *slot) waker() (wake func()) {
	return func() { s.woken.Store(true) } // the bug: whose waker it is, the slot does not know
}

var staleWaker = bug{
	name:   "stale-waker",
	within: 4,
	fails:  "the second tenant was woken by the waker of the first",
	faulty: func(x *explore.Exec) {
		s := new(slot)
		x.Name(s, "slot")
		s.moveIn()
		wakeFirst := s.waker()
		x.Go("timer", wakeFirst)
		x.Go("executor", s.moveIn) // the first is done
		x.Final(func() { x.Assert(!s.woken.Load(), "the second tenant was woken by the waker of the first") })
	},
	right: func(x *explore.Exec) {
		h, k := newHost(x), new(keeper)
		cells := new(rouse.Pool[int, *probe])
		x.Name(cells, "pool")
		cells.SpawnDetached(h.main(), &probe{done: func(cx rouse.Context) bool {
			k.keep(cx)
			return true
		}})
		h.runMain() // it is done; its cell is not free while its waker is about
		second := &probe{done: new(keeper).keep}
		x.Go("timer", k.waker.Wake)
		x.Go("executor", func() { cells.SpawnDetached(h, second) })
		x.Final(func() {
			x.Assert(second.polls.Get() == 1, "the second tenant was polled %d times", second.polls.Get())
			x.Assert(h.released.Get() == 1, "%d releases", h.released.Get())
		})
	},
}
