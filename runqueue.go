package rouse

import "math/bits"

// A RunQueue is a queue of Notifieds with many producers and one consumer, first
// in, first out. It is a Scheduler: spawn tasks on it, and let its consumer call
// RunOne in a loop. It links the tasks themselves, so that pushing never fails
// and never allocates. The zero value is ready to use. It must not be copied.
// Push, Schedule and Yield are safe for concurrent use by multiple goroutines;
// only the consumer may call Pop, RunOne and Close.
//
// Producers push onto a stack. The consumer takes all of it at once, which
// leaves no room for an ABA problem, and reverses it.
type RunQueue struct {
	// NonEmpty, if it is not nil, is called by Schedule and Yield where Push
	// would report true: it starts or wakes the consumer. Set it before the queue
	// is used.
	NonEmpty func()

	// head is nil once the consumer has found the queue empty, &shut once it is
	// closed, and otherwise a stack of what the consumer has not seen yet, which
	// ends in &seen.
	head pointer[Header]
	_    [cacheLine - bits.UintSize/8]byte

	// batch is the consumer's: what it took, in order.
	batch *Header
}

const cacheLine = 64

// seen ends a stack whose consumer has not yet found it empty; shut stands in a
// closed queue. Neither is ever written.
var seen, shut Header

// Push appends n. It reports true if the consumer had found the queue empty, and
// may be parked: then this caller, and no other, has to start or wake it. If the
// queue is closed, Push drops n. Cost: one atomic operation.
func (q *RunQueue) Push(n Notified) (wasEmpty bool) {
	if debugging && n.h == nil {
		panic("rouse: RunQueue.Push: the Notified is zero")
	}
	for {
		old := q.head.Load()
		next := old
		switch old {
		case nil:
			next = &seen
		case &shut:
			n.Drop()
			return false
		}
		n.h.setLink(next)
		if q.head.CompareAndSwap(old, n.h) {
			return old == nil
		}
	}
}

// Schedule pushes n, and calls NonEmpty if the consumer may be parked.
func (q *RunQueue) Schedule(n Notified, _ Reason) {
	if q.Push(n) && q.NonEmpty != nil {
		q.NonEmpty()
	}
}

// Yield is Schedule.
func (q *RunQueue) Yield(n Notified) { q.Schedule(n, Yielded) }

// Pop removes the first Notified; the caller owns it. It reports false if there
// is none: then, and only then, the next Push reports true. Cost: one atomic
// operation for each batch, and one to find the queue empty.
func (q *RunQueue) Pop() (n Notified, ok bool) {
	h := q.batch
	if h == nil {
		if h = q.refill(); h == nil {
			return Notified{}, false
		}
	}
	next := h.link()
	if next == &seen {
		q.batch = nil
	} else if q.batch = next; next != nil {
		h.setLink(nil) // a task that waits keeps no other
	}
	return h.queued(), true
}

// RunOne runs the first task, and reports whether there was one.
func (q *RunQueue) RunOne() bool {
	n, ok := q.Pop()
	if ok {
		n.Run()
	}
	return ok
}

// Close drops all Notifieds in the queue, and those that are pushed meanwhile, one
// after the other on the calling goroutine. From then on Push drops what it is
// given, so no Notified is ever left in a closed queue. If destructors panic, the
// panic is raised again at the end. Cost: a Notified.Drop for each.
func (q *RunQueue) Close() {
	sweep(func() bool {
		if n, ok := q.Pop(); ok {
			n.Drop()
			return true
		}
		// Pop left nil, unless something was pushed since, or it is closed.
		return q.head.Load() != &shut && !q.head.CompareAndSwap(nil, &shut)
	})
}

// refill takes what was pushed and returns the first of it, nil if it is nothing.
func (q *RunQueue) refill() *Header {
	switch q.head.Load() {
	case nil, &shut:
		return nil
	case &seen:
		if q.head.CompareAndSwap(&seen, nil) {
			return nil
		}
	}
	h, last := q.head.Swap(&seen), &seen
	for {
		next := h.link()
		if next == &seen && last == &seen {
			return h // alone, and linked as it must be
		}
		h.setLink(last)
		if next == &seen {
			return h
		}
		last, h = h, next
	}
}

// A LocalQueue is a RunQueue for one goroutine: it costs no atomic operation at
// all. The zero value is ready to use. It must not be copied, and it is not safe
// for concurrent use.
//
// The idea to link the tasks themselves is that of tokio's inject queue.
type LocalQueue struct {
	_           noCopy
	first, last *Header
	length      int
	shut        bool
}

// Push appends n. It panics if the queue is closed, and has not taken n then.
// Schedule and Yield drop n instead, and cost a call more: Push is inlined, and
// is too large for that with a call of Drop in it.
func (q *LocalQueue) Push(n Notified) {
	if debugging && n.h == nil {
		panic("rouse: LocalQueue.Push: the Notified is zero")
	}
	if q.shut {
		panic("rouse: LocalQueue.Push: the queue is closed; its Schedule and Yield drop what comes, or call Notified.Drop")
	}
	n.h.setLink(nil)
	if q.first == nil {
		q.first = n.h
	} else {
		q.last.setLink(n.h)
	}
	q.last = n.h
	q.length++
}

// Schedule pushes n, or drops it if the queue is closed.
func (q *LocalQueue) Schedule(n Notified, _ Reason) {
	if q.shut {
		n.Drop()
		return
	}
	q.Push(n)
}

// Yield is Schedule.
func (q *LocalQueue) Yield(n Notified) { q.Schedule(n, Yielded) }

// Pop removes the first Notified; the caller owns it. It reports false if there
// is none.
func (q *LocalQueue) Pop() (n Notified, ok bool) {
	h := q.first
	if h == nil {
		return Notified{}, false
	}
	if q.first = h.link(); q.first == nil {
		q.last = nil
	} else {
		h.setLink(nil)
	}
	q.length--
	return h.queued(), true
}

// RunOne runs the first task, and reports whether there was one.
func (q *LocalQueue) RunOne() bool {
	n, ok := q.Pop()
	if ok {
		n.Run()
	}
	return ok
}

// Len returns the number of Notifieds in the queue.
func (q *LocalQueue) Len() int { return q.length }

// Close drops all Notifieds in the queue, and those that come meanwhile, one after
// the other. From then on Schedule and Yield drop what they are given, and Push
// panics. If destructors panic, the panic is raised again at the end. Cost: a
// Notified.Drop for each.
func (q *LocalQueue) Close() {
	defer func() { q.shut = true }()
	sweep(func() bool {
		n, ok := q.Pop()
		if ok {
			n.Drop()
		}
		return ok
	})
}
