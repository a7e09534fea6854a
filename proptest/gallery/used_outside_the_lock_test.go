//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A cell for one waker. Its state is a lock on the slot, which remembers a wake that came while
// somebody registered: who registered then wakes.
type lockedCell struct {
	state explore.Int32
	slot  explore.Var[*alarm]
}

const (
	waiting = iota
	writing
	writingNotified
	reading
)

func (c *lockedCell) register(w *alarm) {
	if !c.state.CompareAndSwap(waiting, writing) {
		return // somebody else registers, or wakes
	}
	c.slot.Set(w)
	if c.state.Swap(waiting) == writingNotified {
		c.slot.Get().rung.Set(true) // the bug: the lock was released in the line before
	}
}

func (c *lockedCell) wake() {
	for {
		switch {
		case c.state.CompareAndSwap(writing, writingNotified):
			return
		case c.state.CompareAndSwap(waiting, reading):
			if w := c.slot.Get(); w != nil {
				w.rung.Set(true)
			}
			c.state.Store(waiting)
			return
		}
		explore.Pause()
	}
}

var usedOutsideTheLock = bug{
	name:   "used-outside-the-lock",
	within: 15,
	fails:  "data race on cell.slot",
	faulty: func(x *explore.Exec) {
		c := new(lockedCell)
		x.Name(c, "cell")
		x.Go("task A", func() { c.register(new(alarm)) })
		x.Go("task B", func() { c.register(new(alarm)) })
		x.Go("event", c.wake)
	},
	// A WakerCell is one pointer, and has no lock: what was taken out of it is the taker's.
	right: func(x *explore.Exec) {
		rouse.Restart()
		c := new(rouse.WakerCell)
		x.Name(c, "cell")
		var a, b alarm
		x.Go("task A", func() { c.Register(a.waker().Borrow()) })
		x.Go("task B", func() { c.Register(b.waker().Borrow()) })
		x.Go("event", c.Wake)
		x.Final(func() {
			c.Close()
			x.Assert(a.rung.Get() && b.rung.Get(), "woken: A %v, B %v", a.rung.Get(), b.rung.Get())
		})
	},
}

func (a *alarm) waker() *rouse.Waker {
	w := rouse.FuncWaker(func() { a.rung.Set(true) })
	return &w
}
