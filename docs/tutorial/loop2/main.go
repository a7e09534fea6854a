// Loop2 is a loop on a goroutine of its own, which sleeps while nothing is due.
package main

import (
	"fmt"
	"sync"

	"github.com/rouse-go/rouse"
)

// A Conn is a connection. Its first field makes it a task.
type Conn struct {
	rouse.Header
	loop *Loop
	name string

	mu sync.Mutex
	in []string // lines that have come and were not handled
}

// A Loop is an event loop. Tasks are woken from any goroutine, and run on one.
type Loop struct {
	queue  rouse.RunQueue
	parker rouse.Parker
	open   int // connections that have not ended
}

var conns = rouse.NewVtable(rouse.Ops[Conn]{
	Poll:     (*Conn).poll,
	Cancel:   (*Conn).cancel,
	Schedule: func(c *Conn, n rouse.Notified, why rouse.Reason) { c.loop.queue.Schedule(n, why) },
})

func NewLoop() *Loop {
	l := new(Loop)
	l.queue.NonEmpty = l.parker.Unpark // called when a task comes and the queue was found empty
	return l
}

func (l *Loop) Accept(name string) *Conn {
	c := &Conn{loop: l, name: name}
	conns.Init(c)
	l.open++
	return c
}

// Run runs tasks until all connections have ended.
func (l *Loop) Run() {
	for l.open > 0 {
		if !l.queue.RunOne() {
			l.parker.Park()
		}
	}
}

// Receive takes a line from the network. It may be called from any goroutine.
func (c *Conn) Receive(line string) {
	c.mu.Lock()
	c.in = append(c.in, line) // first the line,
	c.mu.Unlock()
	c.Wake() // then the wake
}

func (c *Conn) poll(rouse.Context) (ready bool) {
	for line, ok := c.next(); ok; line, ok = c.next() {
		fmt.Println(c.name, "says", line)
		if line == "quit" {
			c.loop.open--
			return true
		}
	}
	return false
}

func (c *Conn) next() (line string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.in) == 0 {
		return "", false
	}
	line, c.in = c.in[0], c.in[1:]
	return line, true
}

func (c *Conn) cancel(why rouse.Cause) {
	fmt.Println(c.name, "is cancelled:", why)
	c.loop.open--
}

func main() {
	l := NewLoop()
	a := l.Accept("a")
	go func() { // the network
		a.Receive("hello")
		a.Receive("quit")
	}()
	l.Run()
	fmt.Println("all connections have ended")
}
