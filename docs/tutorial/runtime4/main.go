// Runtime4 has a channel, on which many tasks wait.
package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/rouse-go/rouse"
)

// A Runtime runs tasks on one goroutine.
type Runtime struct {
	queue  rouse.RunQueue
	parker rouse.Parker
}

func New() *Runtime {
	rt := new(Runtime)
	rt.queue.NonEmpty = rt.parker.Unpark
	go rt.work()
	return rt
}

func (rt *Runtime) work() {
	for {
		if !rt.queue.RunOne() {
			rt.parker.Park()
		}
	}
}

// A Chan is a bounded channel for tasks. Its methods are polls: a task calls them
// in its own Poll, each time with the same Waiter, until they are ready.
type Chan[T any] struct {
	space rouse.Semaphore // a permit for each value that there is room for
	ready rouse.WaitQueue // where receivers wait
	mu    sync.Mutex
	buf   []T
}

func NewChan[T any](room int) *Chan[T] {
	c := new(Chan[T])
	c.space.Release(room)
	return c
}

// Send reports sent if the channel is not closed.
func (c *Chan[T]) Send(cx rouse.Context, w *rouse.Waiter, v T) (sent, ready bool) {
	if sent, ready = c.space.Acquire(cx, w, 1); !sent {
		return false, ready
	}
	c.mu.Lock()
	c.buf = append(c.buf, v)
	c.mu.Unlock()
	c.ready.NotifyOne() // first the value, then the notification
	return true, true
}

// Receive reports received unless the channel is closed and empty.
func (c *Chan[T]) Receive(cx rouse.Context, w *rouse.Waiter) (v T, received, ready bool) {
	received, ready = c.ready.WaitUntil(cx, w, func() (ok bool) {
		v, ok = c.take()
		return ok
	})
	return v, received, ready
}

// Close lets the receivers have what is left, and refuses what comes.
func (c *Chan[T]) Close() {
	c.space.Close()
	c.ready.Close()
}

func (c *Chan[T]) take() (v T, ok bool) {
	c.mu.Lock()
	if ok = len(c.buf) > 0; ok {
		v, c.buf = c.buf[0], c.buf[1:]
	}
	c.mu.Unlock()
	if ok {
		c.space.Release(1)
	}
	return v, ok
}

// A Producer sends 1, 2, 3 and so on. It is a goroutine's loop, turned into a
// struct: what would be a local variable is a field, so that Poll can go on.
type Producer struct {
	to         *Chan[int]
	next, last int
	wait       rouse.Waiter
}

func (p *Producer) Poll(cx rouse.Context) (int, bool) {
	for ; p.next <= p.last; p.next++ {
		sent, ready := p.to.Send(cx, &p.wait, p.next)
		if !ready {
			return 0, false
		}
		if !sent {
			break
		}
	}
	return p.next - 1, true
}

func (p *Producer) Drop() { p.wait.Drop() } // gives up its place in the queue

// A Consumer adds up what it receives.
type Consumer struct {
	from *Chan[int]
	sum  int
	wait rouse.Waiter
}

func (c *Consumer) Poll(cx rouse.Context) (int, bool) {
	for {
		v, received, ready := c.from.Receive(cx, &c.wait)
		if !ready {
			return 0, false
		}
		if !received {
			return c.sum, true
		}
		c.sum += v
	}
}

func (c *Consumer) Drop() { c.wait.Drop() }

func main() {
	rt := New()
	c := NewChan[int](2)
	producers := make([]rouse.JoinHandle[int], 3)
	for i := range producers {
		producers[i] = rouse.Spawn(&rt.queue, &Producer{to: c, next: 1, last: 100})
	}
	consumers := make([]rouse.JoinHandle[int], 5)
	for i := range consumers {
		consumers[i] = rouse.Spawn(&rt.queue, &Consumer{from: c})
	}
	for i := range producers {
		n, err := producers[i].Join(context.Background())
		fmt.Println("sent", n, err)
	}
	c.Close()
	sum := 0
	for i := range consumers {
		n, _ := consumers[i].Join(context.Background())
		sum += n
	}
	fmt.Println("sum:", sum)
}
