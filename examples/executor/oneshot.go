package executor

import "github.com/rouse-go/rouse"

// A Oneshot carries one value from one sender to one receiver. The zero value is
// ready. The receiver is a task that polls it, as a rouse.Future; the sender is any
// goroutine. It must not be copied.
type Oneshot[T any] struct {
	state word
	v     T // the sender's until state is oneshotSent, then the receiver's
	cell  rouse.WakerCell
}

const oneshotOpen, oneshotSent, oneshotClosed = 0, 1, 2

// Send sends v. It reports false if the receiver has gone, or if something was
// sent before. Only the sender calls it.
func (o *Oneshot[T]) Send(v T) bool {
	if o.state.Load() != oneshotOpen {
		return false
	}
	writes(&o.v, "value")
	o.v = v
	return o.end(oneshotSent)
}

// Close tells the receiver that no value comes, unless one was sent.
func (o *Oneshot[T]) Close() { o.end(oneshotClosed) }

func (o *Oneshot[T]) end(state uint64) (first bool) {
	if first = o.state.CompareAndSwap(oneshotOpen, state); first {
		o.cell.Wake()
	}
	return first
}

// Poll is ready when a value was sent, or the sender has closed: then ok of the
// Received is false. It looks after it has registered, so it misses nothing.
func (o *Oneshot[T]) Poll(cx rouse.Context) (r Received[T], ready bool) {
	o.cell.Register(cx.Waker())
	state := o.state.Load()
	if state == oneshotSent {
		writes(&o.v, "value")
		r = Received[T]{o.v, true}
	}
	return r, state != oneshotOpen
}

// Drop says that the receiver has gone. What was sent is garbage.
func (o *Oneshot[T]) Drop() {
	o.state.CompareAndSwap(oneshotOpen, oneshotClosed)
	o.cell.Close()
}

// A Received is what came out of a Oneshot or a Channel. OK is false if it was
// closed, and nothing is left in it.
type Received[T any] struct {
	Value T
	OK    bool
}
