package rouse

import "math/bits"

// A RunQueue is a queue of Notifieds: many producers, one consumer, first in
// first out. It is intrusive, through the tasks' links: pushing never fails
// and never allocates. The zero value is ready. It must not be copied. Push
// may race with everything; Pop is the consumer's.
//
// Producers push a stack; the consumer takes all of it at once, which leaves
// no room for ABA, and turns it round.
type RunQueue struct {
	// head is nil once the consumer has found the queue empty, else a stack
	// of what it has not seen yet, which ends in &seen.
	head pointer[Header]
	_    [cacheLine - bits.UintSize/8]byte

	// batch is the consumer's: what it took, in order.
	batch *Header
}

const cacheLine = 64

// seen ends a stack whose consumer has not yet found it empty. It is never written.
var seen Header

// Push appends n. It reports true if the consumer had found the queue empty,
// and thus may be parked: the caller, one of many, has to start or interrupt
// it. A zero Notified panics, as in Notified.Next, and leaves the queue as it
// was. RMWs: 1.
func (q *RunQueue) Push(n Notified) (wasEmpty bool) {
	if debugging && n.h == nil {
		panic("rouse: RunQueue.Push: the Notified is zero")
	}
	for {
		old := q.head.Load()
		next := old
		if old == nil {
			next = &seen
		}
		n.h.setLink(next)
		if q.head.CompareAndSwap(old, n.h) {
			return old == nil
		}
	}
}

// Pop removes the first Notified. It reports false if there is none: then, and
// only then, the next Push will report true. RMWs: 1 for each batch; 1 to find
// the queue empty; found empty before 0.
func (q *RunQueue) Pop() (n Notified, ok bool) {
	h := q.batch
	if h == nil {
		if h = q.refill(); h == nil {
			return Notified{}, false
		}
	}
	next := h.link()
	if next == &seen {
		next = nil
	}
	q.batch = next
	return h.held(), true
}

// refill takes what was pushed and returns the first of it, nil if it is nothing.
func (q *RunQueue) refill() *Header {
	switch q.head.Load() {
	case nil:
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

// A LocalQueue is a RunQueue for one goroutine: no locked instruction at all.
// The zero value is ready. It must not be copied, and no two methods may race.
// Linking the tasks themselves is the idea of tokio's inject queue.
type LocalQueue struct {
	_           noCopy
	first, last *Header
	length      int
}

// Push appends n. A zero Notified panics as in RunQueue.Push.
func (q *LocalQueue) Push(n Notified) {
	if debugging && n.h == nil {
		panic("rouse: LocalQueue.Push: the Notified is zero")
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

// Pop removes the first Notified.
func (q *LocalQueue) Pop() (n Notified, ok bool) {
	if q.first == nil {
		return Notified{}, false
	}
	n = q.first.held()
	q.first = n.h.link()
	q.length--
	return n, true
}

// Len returns the number of Notifieds in the queue.
func (q *LocalQueue) Len() int { return q.length }
