//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A joiner that gives up takes its waker back. It knows that it has set JOIN_WAKER; but once the
// task is complete, the flag is no longer its own.
type givenUp struct{ word explore.Uint64 }

func (t *givenUp) unsetWaker() bool {
	for {
		s := t.word.Load()
		if s&hasJoinWaker == 0 {
			panic("assertion failed: the join waker is set in " + flags(s)) // the bug: not before the next line
		}
		if s&isComplete != 0 {
			return false
		}
		if t.word.CompareAndSwap(s, s&^hasJoinWaker) {
			return true
		}
	}
}

func (t *givenUp) complete() {
	if t.word.Or(isComplete)&hasJoinWaker != 0 {
		// The joiner is woken here; then the slot is the handle's again.
		t.word.And(^uint64(hasJoinWaker))
	}
}

var assertBeforeComplete = bug{
	name:   "assert-before-complete",
	within: 4,
	fails:  "assertion failed: the join waker is set in running|complete",
	format: flags,
	faulty: func(x *explore.Exec) {
		t := new(givenUp)
		x.Name(t, "task")
		t.word.Store(isRunning | hasJoinWaker) // it was registered before
		x.Go("joiner", func() { t.unsetWaker() })
		x.Go("runner", t.complete)
	},
	right: func(x *explore.Exec) {
		h := newHost(x)
		p := new(probe)
		j := rouse.Spawn(h, p)
		x.Go("joiner", func() {
			w := rouse.NoopWaker()
			if _, ready := j.Poll(rouse.NewContext(w.Borrow())); !ready {
				j.Detach()
			}
		})
		x.Final(func() {
			x.Assert(p.drops.Get() == 1 && h.released.Get() == 1, "%d destructions, %d releases", p.drops.Get(), h.released.Get())
		})
	},
}
