package executor

import "github.com/rouse-go/rouse"

// A Channel carries values from many senders to many receivers, first in first
// out, and holds a bounded number of them. A sender waits while it is full, a
// receiver while it is empty, each in the order in which they came. All methods
// are safe for concurrent use by multiple goroutines.
//
// There are two ways to use it. SendFuture and RecvFuture are futures for a Race,
// a Timeout or a task. Send and Recv are for a future that sends or receives again
// and again: it has a rouse.Waiter as a field, passes it to each call, and drops it
// in its own destructor. That allocates nothing.
type Channel[T any] struct {
	// room has a permit for each value that the channel has room for, items one
	// for each value that is in it. A sender takes one from room, and gives one to
	// items when the value is there; a receiver does the opposite.
	room, items rouse.Semaphore

	mu     mutex
	ring   []T
	first  int // where the oldest value is
	length int
	closed bool
}

// NewChannel returns a channel for capacity values, at least one.
func NewChannel[T any](capacity int) *Channel[T] {
	c := &Channel[T]{ring: make([]T, max(capacity, 1))}
	c.room.Release(len(c.ring))
	return c
}

// Send sends v. It is ready when v is in the channel, or the channel is closed and
// sent is false. Otherwise w waits, and the task is woken when there is room.
func (c *Channel[T]) Send(cx rouse.Context, w *rouse.Waiter, v T) (sent, ready bool) {
	if open, ready := c.room.Acquire(cx, w, 1); !open {
		return false, ready
	}
	if !c.put(v) {
		return false, true
	}
	c.items.Release(1)
	return true, true
}

// Recv receives a value. It is ready when it has one, or the channel is closed and
// empty and r.OK is false. Otherwise w waits, and the task is woken.
func (c *Channel[T]) Recv(cx rouse.Context, w *rouse.Waiter) (r Received[T], ready bool) {
	if _, ready = c.items.Acquire(cx, w, 1); !ready {
		return r, false
	}
	if r = c.take(); r.OK {
		c.room.Release(1)
	}
	return r, true
}

// Close closes the channel: nothing is sent any more, and receivers get what is
// in it. Those that wait are told.
func (c *Channel[T]) Close() {
	c.mu.Lock()
	writes(&c.length, "channel")
	c.closed = true
	c.mu.Unlock()
	c.room.Close()
	c.items.Close()
}

// put reports false if the channel is closed.
func (c *Channel[T]) put(v T) (open bool) {
	c.mu.Lock()
	writes(&c.length, "channel")
	if open = !c.closed; open {
		at := c.first + c.length
		if at >= len(c.ring) {
			at -= len(c.ring)
		}
		c.ring[at] = v
		c.length++
	}
	c.mu.Unlock()
	return open
}

// take takes the oldest value. There is none only if the channel is closed.
func (c *Channel[T]) take() (r Received[T]) {
	c.mu.Lock()
	writes(&c.length, "channel")
	if r.OK = c.length > 0; r.OK {
		slot := &c.ring[c.first]
		r.Value, *slot = *slot, r.Value
		if c.first++; c.first == len(c.ring) {
			c.first = 0
		}
		c.length--
	}
	c.mu.Unlock()
	return r
}

// SendFuture returns a future that sends v. Its output is false if the channel is
// closed. To drop it is to give up.
func (c *Channel[T]) SendFuture(v T) rouse.Future[bool] { return &sending[T]{c: c, v: v} }

type sending[T any] struct {
	c    *Channel[T]
	v    T
	wait rouse.Waiter
}

func (s *sending[T]) Poll(cx rouse.Context) (sent, ready bool) { return s.c.Send(cx, &s.wait, s.v) }

func (s *sending[T]) Drop() { s.wait.Drop() }

// RecvFuture returns a future that receives a value. To drop it is to give up.
func (c *Channel[T]) RecvFuture() rouse.Future[Received[T]] { return &receiving[T]{c: c} }

type receiving[T any] struct {
	c    *Channel[T]
	wait rouse.Waiter
}

func (r *receiving[T]) Poll(cx rouse.Context) (Received[T], bool) { return r.c.Recv(cx, &r.wait) }

func (r *receiving[T]) Drop() { r.wait.Drop() }
