package rouse_test

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// A Conn is a connection, and a task: its Header is the first field, and
// nothing else is allocated for it.
type Conn struct {
	rouse.Header
	loop *Loop
	name string
	in   []string // what the socket has received; the loop's
}

var connVtable = rouse.NewVtable(rouse.Ops[Conn]{
	Poll:     (*Conn).poll,
	Cancel:   func(c *Conn, why rouse.Cause) { fmt.Println(c.name, why) },
	Schedule: func(c *Conn, n rouse.Notified, _ rouse.Reason) { c.loop.queue.Push(n) },
	Release:  func(c *Conn) { fmt.Println(c.name, "released") },
})

// poll handles what has come, and is ready for good after a "quit".
func (c *Conn) poll(rouse.Context) (ready bool) {
	for _, line := range c.in {
		fmt.Println(c.name, "said", line)
		if line == "quit" {
			return true
		}
	}
	c.in = nil
	return false
}

// A Loop is an event loop. Its queue takes Notifieds from any goroutine; a
// driver would interrupt its poll where Push reports true.
type Loop struct{ queue rouse.RunQueue }

// turn is one turn of the loop, after the poll has found sockets ready.
func (l *Loop) turn(ready map[*Conn]string) {
	for c, line := range ready {
		c.in = append(c.in, line)
		c.Wake()
	}
	for n, ok := l.queue.Pop(); ok; n, ok = l.queue.Pop() {
		n.Run()
	}
}

// Level 1: a struct of one's own is the task. Its owner wakes it without a
// waker, and whoever else may wake it, a timer or another connection, keeps a
// Clone of the waker, which keeps the memory from being released.
func ExampleHeader() {
	var l Loop
	a, b := &Conn{loop: &l, name: "a"}, &Conn{loop: &l, name: "b"}
	connVtable.Init(a)
	connVtable.Init(b)

	l.turn(map[*Conn]string{a: "hello"})
	l.turn(map[*Conn]string{a: "quit"})
	a.Disown() // complete, and nobody refers to it

	timer := b.WakerRef().Clone()
	b.Close() // idle: cancelled here and now
	b.Disown()
	fmt.Println("b is referred to by its timer still")
	timer.Drop()
	// Output:
	// a said hello
	// a said quit
	// a released
	// b closed
	// b is referred to by its timer still
	// b released
}
