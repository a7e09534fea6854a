//go:build rouse_debug

package rouse

// A Notified that is pushed while a queue has it, or that is run or dropped there,
// is told by name, before anything is written.

func (n Notified) enters(op string) {
	if n.h == nil {
		panic("rouse: " + op + ": the Notified is zero")
	}
	if h := n.spend.handle; h != nil {
		h.check(op)
		if !h.queue.CompareAndSwap(nil, &endOfLife{op: op, stack: callers()}) {
			h.isQueued(op)
		}
	}
}

func (n Notified) leaves() {
	if h := n.spend.handle; h != nil {
		h.queue.Store(nil)
	}
}

// isQueued panics if the handle of a Notified is in a queue. The task's word is as
// it was: the queue still has the Notified, and may hand it out.
func (h *handle) isQueued(op string) {
	if in := h.queue.Load(); in != nil {
		panic("rouse: " + op + ": the Notified is in a queue, since " + in.op + h.state() +
			"\n\nborn at:\n" + h.record.born.String() + "queued at:\n" + in.stack.String())
	}
}
