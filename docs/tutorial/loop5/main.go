// Loop5 is stopped in order, and survives a connection that panics.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
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
	tasks  rouse.OwnedTasks // the connections that have not ended
	free   []*Conn          // connections that were released
	stop   atomic.Bool
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
	Release:  func(c *Conn) { c.loop.release(c) },
	Panicked: func(c *Conn, err *rouse.JoinError) bool {
		fmt.Println(c.name, "has panicked:", err.Value)
		return true // dealt with: the loop goes on
	},
})

func NewLoop() *Loop {
	l := new(Loop)
	l.queue.NonEmpty = l.parker.Unpark
	return l
}

// Accept makes a task that the list owns. It ends at once if the loop has stopped.
func (l *Loop) Accept(name string) *Conn {
	c := &Conn{loop: l}
	if last := len(l.free) - 1; last >= 0 {
		c, l.free = l.free[last], l.free[:last]
	}
	c.name = name
	if n, open := conns.InitBound(c, &l.tasks); open {
		l.queue.Schedule(n, rouse.Spawned) // the first poll
	}
	return c
}

// release is called once, when the connection has ended and its last waker is gone.
func (l *Loop) release(c *Conn) {
	fmt.Println(c.name, "is released")
	c.deadline, c.in = time.Time{}, nil // not *c = Conn{}: the Header is the Vtable's
	l.free = append(l.free, c)
}

// Stop ends the loop. It may be called from any goroutine.
func (l *Loop) Stop() {
	l.stop.Store(true)
	l.parker.Unpark()
}

// Run runs tasks until the loop is stopped.
func (l *Loop) Run() {
	for !l.stop.Load() {
		if l.queue.RunOne() {
			continue
		}
		if d, ok := l.fire(time.Now()); ok {
			l.parker.ParkTimeout(d)
		} else {
			l.parker.Park()
		}
	}
	l.tasks.CloseAndShutdownAll() // cancels the idle connections; no new ones
	l.queue.Close()               // cancels those that are due
	for _, t := range l.timers {
		t.task.Drop()
	}
	l.timers = nil
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
		c.deadline = time.Now().Add(time.Minute)
		c.loop.At(c.deadline, cx.Waker())
	}
	for line, ok := c.next(); ok; line, ok = c.next() {
		fmt.Println(c.name, "says", line)
		switch line {
		case "quit":
			return true
		case "boom":
			panic("a bad line")
		case "stop":
			c.loop.Stop()
		}
	}
	if !time.Now().Before(c.deadline) {
		fmt.Println(c.name, "has timed out")
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

func (c *Conn) cancel(why rouse.Cause) { fmt.Println(c.name, "is cancelled:", why) }

func main() {
	l := NewLoop()
	a, b := l.Accept("a"), l.Accept("b")
	go func() { // the network
		a.Receive("boom")
		b.Receive("stop")
	}()
	l.Run()
	fmt.Println("connections left:", l.tasks.Len())
	l.Accept("c")
}
