//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A joined task keeps the waker of its joiner in a slot. JOIN_WAKER says that the slot is full:
// the joiner may then only read it, to see whether it holds the waker of this poll already.
type joined struct {
	word explore.Uint64
	slot explore.Var[*alarm]
}

// An alarm is a waker.
type alarm struct{ rung explore.Ghost[bool] }

func (t *joined) complete() {
	if t.word.Or(isComplete)&hasJoinWaker == 0 {
		return
	}
	w := t.slot.Get()
	t.slot.Set(nil) // the bug: to wake by value is to move the waker out, under the joiner's eyes
	w.rung.Set(true)
}

func (t *joined) poll(w *alarm) (ready bool) {
	s := t.word.Load()
	if s&isComplete != 0 {
		return true
	}
	if s&hasJoinWaker != 0 && t.slot.Get() == w {
		return false // it is registered
	}
	t.slot.Set(w)
	return t.word.Or(hasJoinWaker)&isComplete != 0
}

var joinerWokenByValue = bug{
	name:   "joiner-woken-by-value",
	within: 2,
	fails:  "data race on task.slot: write by runner is not ordered after read by joiner",
	format: flags,
	faulty: func(x *explore.Exec) {
		t, w := new(joined), new(alarm)
		x.Name(t, "task")
		x.Go("joiner", func() {
			if !t.poll(w) {
				t.poll(w)
			}
		})
		x.Go("runner", t.complete)
	},
	right: func(x *explore.Exec) {
		h := newHost(x)
		j := rouse.Spawn(h, new(probe))
		x.Go("joiner", func() {
			res := join(x, &j, 2)
			x.Assert(res.Value == 1 && res.Err == nil, "result %v", res)
		})
	},
}
