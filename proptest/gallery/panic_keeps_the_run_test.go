//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A handler panics, and the pool that it runs in recovers. The lock that it was called under is
// not the pool's: it stays locked, so the connection is never processed again, nor ended.
type fragile struct {
	processing explore.Bool
	ended      explore.Ghost[int]
	pool       func(func())
}

func (c *fragile) request() {
	if c.processing.CompareAndSwap(false, true) {
		c.pool(c.process)
	}
}

func (c *fragile) process() {
	handle()
	c.processing.Store(false) // the bug: not deferred
}

func (c *fragile) close() {
	if c.processing.CompareAndSwap(false, true) {
		increment(&c.ended)
	}
}

func handle() { panic("no such request") }

var panicKeepsTheRun = bug{
	name:   "panic-keeps-the-run",
	within: 2,
	fails:  "the connection ended 0 times",
	faulty: func(x *explore.Exec) {
		spawn, over := goroutines(x, "run"), new(explore.Ghost[bool])
		c := &fragile{pool: func(f func()) {
			spawn(func() {
				recovered(f)
				x.Logf("has recovered")
				over.Set(true)
			})
		}}
		x.Name(c, "conn")
		x.Go("peer", func() {
			c.request()
			x.Await("the end of the run", over.Get)
			c.close()
		})
		x.Final(func() { x.Assert(c.ended.Get() == 1, "the connection ended %d times", c.ended.Get()) })
	},
	// A task whose poll panics is ended, with its own Cancel, before the panic goes on.
	right: func(x *explore.Exec) {
		h := newHost(x)
		c := new(conn)
		v := rouse.NewVtable(rouse.Ops[conn]{
			Poll:     func(*conn, rouse.Context) bool { handle(); return true },
			Cancel:   func(c *conn, _ rouse.Cause) { increment(&c.ended) },
			Schedule: func(_ *conn, n rouse.Notified, _ rouse.Reason) { h.spawn(func() { recovered(n.Run) }) },
		})
		v.Init(c)
		x.Name(c, "conn")
		x.Go("peer", func() {
			c.Wake()
			c.Close()
		})
		x.Final(func() { x.Assert(c.ended.Get() == 1, "the connection ended %d times", c.ended.Get()) })
	},
}

type conn struct {
	rouse.Header
	ended explore.Ghost[int]
}

// recovered runs f as pools do.
func recovered(f func()) {
	defer func() { _ = recover() }()
	f()
}
