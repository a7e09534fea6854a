package rouse_test

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// A Conn is a connection, and a task: its first field is a Header, and nothing
// else is allocated for it.
type Conn struct {
	rouse.Header
	loop *Loop
	name string
	in   []string // what the socket has received
}

var connVtable = rouse.NewVtable(rouse.Ops[Conn]{
	Poll:     (*Conn).poll,
	Cancel:   func(c *Conn, why rouse.Cause) { fmt.Println(c.name, why) },
	Schedule: func(c *Conn, n rouse.Notified, _ rouse.Reason) { c.loop.queue.Push(n) },
	Release:  func(c *Conn) { fmt.Println(c.name, "released") },
})

// poll handles what has come. It is ready, and the task has ended, after a "quit".
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

// A Loop is an event loop. Its queue takes Notifieds from any goroutine. A loop
// that sleeps in a system call would set queue.NonEmpty, to interrupt it.
type Loop struct{ queue rouse.RunQueue }

// turn is one turn of the loop: sockets are ready to be read, and the tasks that
// were woken run.
func (l *Loop) turn(ready map[*Conn]string) {
	for c, line := range ready {
		c.in = append(c.in, line)
		c.Wake()
	}
	for l.queue.RunOne() {
	}
}

// Level 1: a struct of one's own is the task. Its owner wakes it without a waker.
// Others that wake it, a timer or another connection, keep a Clone of its waker,
// which keeps the task from being released.
func ExampleHeader() {
	var l Loop
	a, b := &Conn{loop: &l, name: "a"}, &Conn{loop: &l, name: "b"}
	connVtable.Init(a)
	connVtable.Init(b)

	l.turn(map[*Conn]string{a: "hello"})
	l.turn(map[*Conn]string{a: "quit"})
	a.Disown() // it is complete, and nobody refers to it

	timer := b.WakerRef().Clone()
	b.Close() // it is idle, and so it is cancelled by this call
	b.Disown()
	fmt.Println("b's timer still refers to it")
	timer.Drop()
	// Output:
	// a said hello
	// a said quit
	// a released
	// b closed
	// b's timer still refers to it
	// b released
}
