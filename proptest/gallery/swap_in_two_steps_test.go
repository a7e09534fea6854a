//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// The fast way to drop a JoinHandle is for a task that is as it was spawned: one comparison, one
// store. In between somebody else gives back a reference.
type spawned struct {
	refs     explore.Int64
	released explore.Ghost[int]
}

const asSpawned = 2 // the handle's, and the one of the run queue

func (t *spawned) dropHandle() {
	if t.refs.Load() == asSpawned {
		t.refs.Store(asSpawned - 1) // the bug: not a compare-and-swap
		return
	}
	t.drop()
}

func (t *spawned) drop() {
	if t.refs.Add(-1) == 0 {
		increment(&t.released)
	}
}

var swapInTwoSteps = bug{
	name:   "swap-in-two-steps",
	within: 4,
	fails:  "0 releases, 1 references left",
	faulty: func(x *explore.Exec) {
		t := new(spawned)
		x.Name(t, "task")
		t.refs.Store(asSpawned)
		x.Go("joiner", t.dropHandle)
		x.Go("runner", t.drop)
		x.Final(func() {
			refs := t.refs.Load()
			x.Assert(t.released.Get() == 1, "%d releases, %d references left", t.released.Get(), refs)
		})
	},
	right: func(x *explore.Exec) {
		h := newHost(x)
		h.retire(x)
		j := rouse.Spawn(h, new(probe))
		x.Go("joiner", j.Detach)
		x.Final(func() { x.Assert(h.released.Get() == 1, "%d releases", h.released.Get()) })
	},
}
