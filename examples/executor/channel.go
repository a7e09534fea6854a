package executor

import (
	"math/bits"

	"github.com/rouse-go/rouse"
)

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

	mu   mutex
	ring struct {
		slots      []T  // a power of two, so that a mask finds the slot of a position
		head, tail uint // positions: of the oldest value, and where the next goes
		closed     bool
	}
}

// NewChannel returns a channel for capacity values, at least one.
func NewChannel[T any](capacity int) *Channel[T] {
	capacity = max(capacity, 1)
	c := new(Channel[T])
	c.ring.slots = make([]T, 1<<bits.Len(uint(capacity-1)))
	c.room.Release(capacity)
	return c
}

// Send sends v. It is ready when v is in the channel, or the channel is closed and
// sent is false. Otherwise w waits, and the task is woken when there is room.
func (c *Channel[T]) Send(cx rouse.Context, w *rouse.Waiter, v T) (sent, ready bool) {
	if sent, ready = c.room.Acquire(cx, w, 1); !sent {
		return false, ready
	}
	c.lock()
	if sent = !c.ring.closed; sent {
		*c.slot(c.ring.tail) = v
		c.ring.tail++
	}
	c.mu.Unlock()
	if sent {
		c.items.Release(1)
	}
	return sent, true
}

// Recv receives a value. It is ready when it has one, or the channel is closed and
// empty and r.OK is false. Otherwise w waits, and the task is woken.
func (c *Channel[T]) Recv(cx rouse.Context, w *rouse.Waiter) (r Received[T], ready bool) {
	if _, ready = c.items.Acquire(cx, w, 1); !ready {
		return r, false
	}
	c.lock()
	if r.OK = c.ring.head != c.ring.tail; r.OK {
		slot := c.slot(c.ring.head)
		r.Value, *slot = *slot, r.Value
		c.ring.head++
	}
	c.mu.Unlock()
	if r.OK {
		c.room.Release(1)
	}
	return r, true
}

// Close closes the channel: nothing is sent any more, and receivers get what is
// in it. Those that wait are told.
func (c *Channel[T]) Close() {
	c.lock()
	c.ring.closed = true
	c.mu.Unlock()
	c.room.Close()
	c.items.Close()
}

func (c *Channel[T]) slot(at uint) *T { return &c.ring.slots[at&uint(len(c.ring.slots)-1)] }

func (c *Channel[T]) lock() {
	c.mu.Lock()
	writes(&c.ring, "channel")
}

// SendFuture returns a future that sends v. Its output is false if the channel is
// closed. To drop it is to give up.
func (c *Channel[T]) SendFuture(v T) rouse.Future[bool] {
	return &waiting[bool]{f: func(cx rouse.Context, w *rouse.Waiter) (sent, ready bool) { return c.Send(cx, w, v) }}
}

// RecvFuture returns a future that receives a value. To drop it is to give up.
func (c *Channel[T]) RecvFuture() rouse.Future[Received[T]] { return &waiting[Received[T]]{f: c.Recv} }

// A waiting future polls a function, which gets the place in a queue where the
// task waits.
type waiting[T any] struct {
	place rouse.Waiter
	f     func(rouse.Context, *rouse.Waiter) (T, bool)
}

func (w *waiting[T]) Poll(cx rouse.Context) (T, bool) { return w.f(cx, &w.place) }

func (w *waiting[T]) Drop() { w.place.Drop() }
