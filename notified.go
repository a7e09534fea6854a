package rouse

// A Notified is the right and the duty to run a task once. It is one word,
// passed by value: whoever is given it runs it, drops it, or gives it on,
// exactly once. The zero Notified is none.
//
// While a Notified exists its holder owns the task's link, so a queue of them
// needs no memory of its own. It is tokio's task::Notified, and async-task's
// Runnable.
type Notified struct {
	spend spending
	h     *Header
}

// Run polls the task on the calling goroutine, or cancels it if it was asked to
// end, and consumes n. A task that was woken meanwhile goes to its scheduler
// before Run returns. A second Run or Drop panics. RMWs: 2, a last run 1 more
// if a JoinHandle exists. Panics of the task's that nobody dealt with come out
// of here, once the task is complete; a runtime.Goexit in it ends the calling
// goroutine.
func (n Notified) Run() {
	if n.h == nil {
		panic("rouse: Notified.Run: the Notified is zero")
	}
	n.spend.end("Notified.Run")
	n.h.run()
}

// Drop gives up the run and consumes n: the task is cancelled on the calling
// goroutine, with CauseDropped, or on another that is dropping a Notified of
// the same kind at the time. No lock that a destructor may take may be held.
// RMWs: 5, 1 more if a JoinHandle exists.
func (n Notified) Drop() {
	if n.h == nil {
		panic("rouse: Notified.Drop: the Notified is zero")
	}
	n.spend.end("Notified.Drop")
	n.h.state.DropNotified()
	n.h.vtable.refused.cancel(n.h)
}

// IsZero reports whether n is none.
func (n Notified) IsZero() bool { return n.h == nil }

// Task returns the task.
func (n Notified) Task() RawTask { return RawTask{n.h} }

// Next returns what SetNext stored, for a queue of the holder's own. A zero
// Notified has no link: using it panics, by a nil pointer that only the debug
// build names, as in SetNext and in the queues.
func (n Notified) Next() Notified {
	if debugging && n.h == nil {
		panic("rouse: Notified.Next: the Notified is zero")
	}
	if next := n.h.link(); next != nil {
		return next.held()
	}
	return Notified{}
}

// SetNext stores next in the task's link; the zero Notified ends a list.
func (n Notified) SetNext(next Notified) {
	if debugging && n.h == nil {
		panic("rouse: Notified.SetNext: the Notified is zero")
	}
	n.h.setLink(next.h)
}

func (h *Header) link() *Header {
	reads(&h.next, "link")
	return h.next
}

func (h *Header) setLink(next *Header) {
	writes(&h.next, "link")
	h.next = next
}
