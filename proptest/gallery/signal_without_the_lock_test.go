//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A cond is a sync.Cond for one waiter.
type cond struct {
	mu      explore.Mutex
	waiting explore.Bool
}

func (c *cond) wait(x *explore.Exec) {
	c.waiting.Store(true)
	c.mu.Unlock()
	x.Await("a signal", func() bool { return !c.waiting.Load() })
	c.mu.Lock()
}

func (c *cond) signal() { c.waiting.Store(false) }

var signalWithoutTheLock = bug{
	name:   "signal-without-the-lock",
	within: 5,
	fails:  `deadlock: waiter in Await("a signal")`,
	faulty: func(x *explore.Exec) {
		c, cancelled := new(cond), new(explore.Bool)
		x.Name(c, "cond")
		x.Name(cancelled, "cancelled")
		x.Go("waiter", func() {
			c.mu.Lock()
			for !cancelled.Load() {
				c.wait(x)
			}
			c.mu.Unlock()
		})
		x.Go("canceller", func() {
			cancelled.Store(true)
			c.signal() // the bug: without the mutex it may come between the waiter's look and its wait
		})
	},
	right: func(x *explore.Exec) {
		rouse.Restart()
		c, cancelled := new(rouse.WakerCell), new(explore.Bool)
		x.Name(c, "cell")
		x.Name(cancelled, "cancelled")
		var w alarm
		x.Go("waiter", func() {
			if c.Register(w.waker().Borrow()); !cancelled.Load() { // first the waker, then the look
				x.Await("a wake", w.rung.Get)
			}
		})
		x.Go("canceller", func() {
			cancelled.Store(true)
			c.Wake()
		})
	},
}
