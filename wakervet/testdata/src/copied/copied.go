// Package copied uses a copy of the kit.
package copied

import "example.com/kit"

type conn struct {
	kit.Header
	state kit.State
}

var (
	q      kit.RunQueue
	vtable = &kit.Vtable{
		Schedule: func(n kit.Notified, _ kit.Reason) { n.Run() }, // MISTAKE: scheduleinline
	}
)

func early() {
	c := new(conn)
	c.Wake() // MISTAKE: headerinit
	c.Init(vtable)
}

func again(c *conn, o *kit.OwnedTasks) {
	q.Push(c.InitNotified(vtable))
	c.Init(vtable)         // MISTAKE: headerinit
	c.InitBound(vtable, o) // MISTAKE: notifiedlost
}

func leaks(cx kit.Context) {
	w := cx.Waker().Clone() // MISTAKE: wakerleak
	if q.Push(kit.Notified{}) {
		w.Wake()
	}
}

func (c *conn) run() {
	if c.state.Begin() {
		c.state.End() // MISTAKE: wakerdiscard
	}
}
