package resp

import (
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

// A wakerCount counts the owned wakers that the server has handed to its
// parts. Every one of them goes through take, and then wake or drop: at rest
// the count is that of the blocked pops, subscriptions and timers, and after
// shutdown it is 0.
type wakerCount struct{ n atomic.Int64 }

func (c *wakerCount) take(r rouse.WakerRef) rouse.Waker {
	c.n.Add(1)
	return r.Clone()
}

func (c *wakerCount) wake(w *rouse.Waker) {
	c.n.Add(-1)
	w.Wake()
}

func (c *wakerCount) drop(w *rouse.Waker) {
	c.n.Add(-1)
	w.Drop()
}
