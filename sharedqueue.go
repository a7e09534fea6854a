package rouse

import "sync/atomic"

// A SharedQueue is a queue of Notifieds for all workers of a runtime, first in, first
// out: many goroutines push, and many pop. Tasks that are woken outside of any worker
// go there, and those for which a worker's StealQueue has no room. It links the tasks
// themselves, so that pushing never fails and never allocates.
//
// The zero SharedQueue is ready to use. It must not be copied. All methods are safe
// for concurrent use by multiple goroutines. It has a lock, which is held for a few
// instructions, and never while user code runs. Whether the queue is empty is seen
// without the lock.
//
// The idea is tokio's inject queue.
type SharedQueue struct {
	_ [0]atomic.Uint64 // 64-bit alignment on 32-bit machines; go vet flags copies

	length word // written with the lock held

	mu          mutex // guards what follows
	first, last Notified
	closed      bool // Close has found it empty
}

// Push appends n. If the queue is closed, Push drops n on the calling goroutine, which
// must not hold a lock that a destructor of the task may take. Push panics if n is
// zero. Cost: a lock.
func (q *SharedQueue) Push(n Notified) {
	if n.IsZero() {
		panic("rouse: SharedQueue.Push: the Notified is zero")
	}
	n.SetNext(Notified{})
	q.push(n, n, 1)
}

// push appends those that are linked from first to last, which ends the list.
func (q *SharedQueue) push(first, last Notified, count int) {
	q.mu.Lock()
	closed := q.closed
	if !closed {
		q.append(first, last)
		q.length.Store(q.length.Load() + uint64(count))
	}
	q.mu.Unlock()
	if closed {
		dropLinked(first)
	}
}

// append links what is linked from first to last behind what there is. The lock is
// held.
func (q *SharedQueue) append(first, last Notified) {
	reads(&q.first, "queue")
	writes(&q.first, "queue")
	if q.first.IsZero() {
		q.first = first
	} else {
		q.last.SetNext(first)
	}
	q.last = last
}

// Pop removes the first Notified; the caller owns it. It reports false if there is
// none. Cost: a lock; one atomic load if there is none.
func (q *SharedQueue) Pop() (n Notified, ok bool) {
	if q.length.Load() == 0 {
		return n, false
	}
	q.mu.Lock()
	n, ok = q.pop()
	q.mu.Unlock()
	return n, ok
}

// pop is Pop with the lock held.
func (q *SharedQueue) pop() (n Notified, ok bool) {
	reads(&q.first, "queue")
	writes(&q.first, "queue")
	if n = q.first; n.IsZero() {
		return n, false
	}
	q.first = n.Next()
	if q.first.IsZero() {
		q.last = Notified{}
	}
	n.SetNext(Notified{})
	q.length.Store(q.length.Load() - 1)
	return n, true
}

// Len returns the number of Notifieds in the queue. Cost: one atomic load.
func (q *SharedQueue) Len() int { return int(q.length.Load()) }

// Close drops all Notifieds in the queue, and those that are pushed meanwhile, one
// after the other on the calling goroutine. From then on Push drops what it is given,
// so no Notified is ever left in a closed queue. A second Close drops what it finds
// and returns, even if the first is still in progress. If destructors panic, the panic
// goes on to the caller once all Notifieds are dropped. Cost: a lock and a
// Notified.Drop for each.
func (q *SharedQueue) Close() {
	sweep(func() bool {
		n, ok := q.popClosing()
		if ok {
			n.Drop()
		}
		return ok
	})
}

// popClosing is Pop for Close: once there is nothing, the queue is closed.
func (q *SharedQueue) popClosing() (n Notified, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n, ok = q.pop(); !ok {
		q.closed = true
	}
	return n, ok
}

// dropLinked drops the Notifieds that are linked from first on. If one panics the
// others are dropped all the same.
func dropLinked(first Notified) {
	sweep(func() bool {
		n := first
		if n.IsZero() {
			return false
		}
		first = n.Next()
		n.SetNext(Notified{})
		n.Drop()
		return true
	})
}
