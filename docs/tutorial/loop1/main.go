// Loop1 is a task: a connection, whose struct holds all that the task needs.
package main

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// A Conn is a connection. Its first field makes it a task.
type Conn struct {
	rouse.Header
	loop *Loop
	name string
	in   []string // lines that have come and were not handled
}

// A Loop is an event loop: a queue of the tasks that are due.
type Loop struct{ queue rouse.RunQueue }

// conns says how a Conn is polled, cancelled and queued. There is one such table
// for each type.
var conns = rouse.NewVtable(rouse.Ops[Conn]{
	Poll:     (*Conn).poll,
	Cancel:   (*Conn).cancel,
	Schedule: func(c *Conn, n rouse.Notified, why rouse.Reason) { c.loop.queue.Schedule(n, why) },
})

// poll handles what has come. It returns true when the connection has ended.
func (c *Conn) poll(rouse.Context) (ready bool) {
	for _, line := range c.in {
		fmt.Println(c.name, "says", line)
		if line == "quit" {
			return true
		}
	}
	c.in = nil
	return false
}

func (c *Conn) cancel(why rouse.Cause) { fmt.Println(c.name, "is cancelled:", why) }

func main() {
	var l Loop
	a, b := &Conn{loop: &l, name: "a"}, &Conn{loop: &l, name: "b"}
	conns.Init(a)
	conns.Init(b)

	a.in = append(a.in, "hello", "again")
	a.Wake() // puts it into the queue
	a.Wake() // it is there already
	b.in = append(b.in, "quit")
	b.Wake()
	for l.queue.RunOne() {
	}
	fmt.Println("a:", a)
	fmt.Println("b:", b)
}
