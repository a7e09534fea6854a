// Loop3 has timers: something else that wakes tasks, and keeps their wakers.
package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/rouse-go/rouse"
)

// A Conn is a connection. Its first field makes it a task.
type Conn struct {
	rouse.Header
	loop     *Loop
	name     string
	deadline time.Time

	mu sync.Mutex
	in []string // lines that have come and were not handled
}

// A Loop is an event loop. Tasks are woken from any goroutine, and run on one.
type Loop struct {
	queue  rouse.RunQueue
	parker rouse.Parker
	timers []*timer
	open   int // connections that have not ended
}

// A timer owns a waker: the right to wake a task, which it has to use or drop.
type timer struct {
	at   time.Time
	task rouse.Waker
}

var conns = rouse.NewVtable(rouse.Ops[Conn]{
	Poll:     (*Conn).poll,
	Cancel:   (*Conn).cancel,
	Schedule: func(c *Conn, n rouse.Notified, why rouse.Reason) { c.loop.queue.Schedule(n, why) },
})

func NewLoop() *Loop {
	l := new(Loop)
	l.queue.NonEmpty = l.parker.Unpark
	return l
}

func (l *Loop) Accept(name string) *Conn {
	c := &Conn{loop: l, name: name}
	conns.Init(c)
	l.open++
	c.Wake() // the first poll sets the timer
	return c
}

// Run runs tasks until all connections have ended.
func (l *Loop) Run() {
	for l.open > 0 {
		if l.queue.RunOne() {
			continue
		}
		if d, ok := l.fire(time.Now()); ok {
			l.parker.ParkTimeout(d)
		} else {
			l.parker.Park()
		}
	}
	for _, t := range l.timers {
		t.task.Drop()
	}
}

// At has the task woken at a time. The waker is borrowed; the clone is kept.
func (l *Loop) At(at time.Time, w rouse.WakerRef) {
	l.timers = append(l.timers, &timer{at: at, task: w.Clone()})
}

// fire wakes the tasks whose time has come, and returns the time to the next.
func (l *Loop) fire(now time.Time) (next time.Duration, ok bool) {
	rest := l.timers[:0]
	for _, t := range l.timers {
		d := t.at.Sub(now)
		if d <= 0 {
			t.task.Wake() // consumes the waker
			continue
		}
		if !ok || d < next {
			next, ok = d, true
		}
		rest = append(rest, t)
	}
	clear(l.timers[len(rest):])
	l.timers = rest
	return next, ok
}

// Receive takes a line from the network. It may be called from any goroutine.
func (c *Conn) Receive(line string) {
	c.mu.Lock()
	c.in = append(c.in, line)
	c.mu.Unlock()
	c.Wake()
}

// poll does not know who has woken it, and so looks at everything.
func (c *Conn) poll(cx rouse.Context) (ready bool) {
	if c.deadline.IsZero() {
		c.deadline = time.Now().Add(20 * time.Millisecond)
		c.loop.At(c.deadline, cx.Waker())
	}
	for line, ok := c.next(); ok; line, ok = c.next() {
		fmt.Println(c.name, "says", line)
		if line == "quit" {
			c.loop.open--
			return true
		}
	}
	if !time.Now().Before(c.deadline) {
		fmt.Println(c.name, "has timed out")
		c.loop.open--
		return true
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
	l.Accept("b") // says nothing
	a.Receive("quit")
	l.Run()
	fmt.Println("all connections have ended")
}
