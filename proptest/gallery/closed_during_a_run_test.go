//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A connection is processed by one run at a time, and closed by whoever gets the same lock. If a
// run has it, the run is to see that the connection was closed: but it looks before it unlocks.
type connection struct {
	processing explore.Bool
	closed     explore.Bool
	mail       *mail
	ended      explore.Ghost[int]
	spawn      func(func())
}

func (c *connection) request() {
	c.mail.post()
	if c.processing.CompareAndSwap(false, true) {
		c.spawn(c.process)
	}
}

func (c *connection) process() {
	c.mail.readAll()
	if c.closed.Load() {
		increment(&c.ended)
		return
	}
	c.processing.Store(false) // the bug: closed meanwhile, and nobody looks again
}

func (c *connection) close() {
	c.closed.Store(true)
	if c.processing.CompareAndSwap(false, true) {
		increment(&c.ended)
	}
}

var closedDuringARun = bug{
	name:   "closed-during-a-run",
	within: 4,
	fails:  "the connection was closed, and ended 0 times",
	faulty: func(x *explore.Exec) {
		c := &connection{mail: new(mail), spawn: goroutines(x, "run")}
		x.Name(c.mail, "mail")
		x.Name(c, "conn")
		x.Go("reader", c.request)
		x.Go("hangup", c.close)
		x.Final(func() {
			n := c.ended.Get()
			x.Assert(n == 1, "the connection was closed, and ended %d times", n)
		})
	},
	right: func(x *explore.Exec) {
		rouse.Restart()
		c := &stateConnection{mail: new(mail), spawn: goroutines(x, "run")}
		x.Name(c, "conn")
		x.Go("reader", c.request)
		x.Go("hangup", c.close)
		x.Final(func() {
			n := c.ended.Get()
			x.Assert(n == 1, "the connection was closed, and ended %d times", n)
		})
	},
}

// A run that was closed meanwhile has End report true, and Begin report false.
type stateConnection struct {
	state rouse.State
	mail  *mail
	ended explore.Ghost[int]
	spawn func(func())
}

func (c *stateConnection) request() {
	c.mail.post()
	if c.state.Notify() {
		c.spawn(c.process)
	}
}

func (c *stateConnection) process() {
	for c.state.Begin() {
		c.mail.readAll()
		if !c.state.End() {
			return
		}
	}
	c.end()
}

func (c *stateConnection) close() {
	if c.state.Close() {
		c.end()
	}
}

func (c *stateConnection) end() {
	c.mail.readAll()
	for !c.state.Finish() {
		c.mail.readAll()
	}
	increment(&c.ended)
}
