//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A cell has room for one waiter, and who registers last has it. Who had it before is not told,
// and waits for ever.
type lastComes struct{ waiter explore.Pointer[alarm] }

func (c *lastComes) register(w *alarm) {
	c.waiter.Store(w) // the bug: whoever it was
}

func (c *lastComes) wake() {
	if w := c.waiter.Swap(nil); w != nil {
		w.rung.Set(true)
	}
}

var displacedWaiter = bug{
	name:   "displaced-waiter",
	within: 2,
	fails:  `deadlock: task A in Await("a wake")`,
	faulty: func(x *explore.Exec) {
		c := new(lastComes)
		x.Name(c, "cell")
		twoWaiters(x, c.register, c.wake)
	},
	right: func(x *explore.Exec) {
		rouse.Restart()
		c := new(rouse.WakerCell)
		x.Name(c, "cell")
		twoWaiters(x, func(w *alarm) { c.Register(w.waker().Borrow()) }, c.Wake)
	},
}

// twoWaiters has two tasks wait for one event at one cell. One that is woken before the event
// learns that it has lost its place, and goes.
func twoWaiters(x *explore.Exec, register func(*alarm), wake func()) {
	event := new(explore.Bool)
	x.Name(event, "event")
	for _, name := range []string{"A", "B"} {
		w := new(alarm)
		x.Name(w, name)
		x.Go("task "+name, func() {
			register(w)
			if !event.Load() {
				x.Await("a wake", w.rung.Get)
			}
		})
	}
	x.Go("source", func() {
		event.Store(true)
		wake()
	})
}
