package rouse

import "sync/atomic"

// A StealQueue is one worker's queue of Notifieds, first in, first out, from which
// other workers steal half. It is a ring of 256 places. When the ring is full, the
// older half of it goes to the SharedQueue of all workers:
//
//	func (w *worker) next() (n rouse.Notified, ok bool) {
//		if n, ok = w.queue.Pop(); ok {
//			return n, true
//		}
//		if n, ok = w.queue.Take(&shared); ok {
//			return n, true
//		}
//		for _, other := range workers {
//			if n, ok = w.queue.Steal(&other.queue); ok {
//				return n, true
//			}
//		}
//		return n, false
//	}
//
// A worker should call Take now and then even if its own queue is not empty, so that
// no task waits in the SharedQueue for ever. A worker that prefers to run first what
// was woken last keeps that Notified in a variable of its own. A worker that ends
// pops what is left, and runs or drops it.
//
// The zero StealQueue is ready to use. It must not be copied. Push, Pop and Take, and
// Steal with q as the receiver, belong to the worker of q, which is one goroutine at
// a time. Steal with q as the argument, and Len, are safe for concurrent use by
// multiple goroutines. A place that was popped or stolen is cleared, so that the queue
// keeps no task alive.
//
// The idea is that of the queues in the schedulers of Go and tokio. As in tokio's, a
// thief first claims the places that it takes, and later gives them back. In between
// they are the thief's alone, so they need not be atomic, and a second thief finds
// nothing.
type StealQueue struct {
	_ [0]atomic.Uint64 // 64-bit alignment on 32-bit machines; go vet flags copies

	// head is two positions in the ring: the next to be taken, and, in the upper
	// half, the first that is in use. They differ while a thief copies what is
	// between them. Positions count up for ever; they wrap around at 2^32.
	head word
	_    [cacheLine - 8]byte

	// tail is the position where the next is pushed. Only the worker writes it.
	tail word

	// The slots from tail to the first that is in use are empty, and the worker's.
	// Those from there to the next to be taken are a thief's. The others are full:
	// whoever moves the next to be taken past one owns it then, and clears it.
	ring [stealRing]Notified
}

// places unpacks a head.
func places(head uint64) (used, next uint32) { return uint32(head >> 32), uint32(head) }

func packed(used, next uint32) uint64 { return uint64(used)<<32 | uint64(next) }

// Push appends n. If the ring is full, its older half goes to overflow, and n behind
// it; if another worker is stealing at that moment, n alone goes there. Push panics
// if n is zero. Cost: one atomic store; if the ring is full, also one atomic
// compare-and-swap and a lock.
func (q *StealQueue) Push(n Notified, overflow *SharedQueue) {
	if n.IsZero() {
		panic("rouse: StealQueue.Push: the Notified is zero")
	}
	tail := uint32(q.tail.Load())
	for {
		head := q.head.Load()
		used, next := places(head)
		switch {
		case tail-used < stealRing:
			q.put(tail, n)
			q.tail.Store(uint64(tail + 1))
			return
		case used != next: // there will be room soon
			overflow.Push(n)
			return
		case q.head.CompareAndSwap(head, packed(next+stealRing/2, next+stealRing/2)):
			q.spill(next, n, overflow)
			return
		}
	}
}

// spill gives half the ring to overflow, from a position on, and n behind it. The
// slots are the caller's, and it frees them before it pushes anything else.
func (q *StealQueue) spill(from uint32, n Notified, overflow *SharedQueue) {
	first := q.get(from)
	last := first
	for i := uint32(1); i < stealRing/2; i++ {
		m := q.get(from + i)
		last.SetNext(m)
		last = m
	}
	last.SetNext(n)
	n.SetNext(Notified{})
	overflow.push(first, n, stealRing/2+1)
}

// Pop removes the first Notified; the caller owns it. It reports false if there is
// none. Cost: one atomic compare-and-swap; two atomic loads if there is none.
func (q *StealQueue) Pop() (n Notified, ok bool) {
	tail := uint32(q.tail.Load())
	for {
		head := q.head.Load()
		used, next := places(head)
		if next == tail {
			return n, false
		}
		to := packed(used, next+1)
		if used == next {
			to = packed(next+1, next+1)
		}
		if q.head.CompareAndSwap(head, to) {
			return q.get(next), true
		}
	}
}

// Steal moves the older half of from to q, and returns the first of it, which the
// caller owns. It reports false if from is empty, if another worker is stealing from
// it, or if q is more than half full. If from is q, Steal is Pop. Cost: two atomic
// compare-and-swaps and one atomic store.
func (q *StealQueue) Steal(from *StealQueue) (n Notified, ok bool) {
	if q == from {
		return q.Pop()
	}
	tail := uint32(q.tail.Load())
	if used, _ := places(q.head.Load()); tail-used > stealRing/2 {
		return n, false
	}
	at, count := from.claim()
	if count == 0 {
		return n, false
	}
	n = from.get(at)
	for i := uint32(1); i < count; i++ {
		q.put(tail+i-1, from.get(at+i))
	}
	from.free()
	if count > 1 {
		q.tail.Store(uint64(tail + count - 1))
	}
	return n, true
}

// claim makes half of what is in q the caller's, and returns where it is. Before:
// no thief is at work. After: this one is. RMWs: 1.
func (q *StealQueue) claim() (at, count uint32) {
	for {
		head := q.head.Load()
		used, next := places(head)
		count := uint32(q.tail.Load()) - next
		count -= count / 2
		if used != next || count == 0 {
			return 0, 0
		}
		// The tail is younger than the head. If the head is still the same, there
		// was not more than the ring between them.
		if q.head.CompareAndSwap(head, packed(used, next+count)) {
			return next, count
		}
	}
}

// free gives the slots that a thief has emptied back to the worker. Before: the
// thief is at work. After: none is. RMWs: 1.
func (q *StealQueue) free() {
	for {
		head := q.head.Load()
		_, next := places(head) // the worker may have popped meanwhile
		if q.head.CompareAndSwap(head, packed(next, next)) {
			return
		}
	}
}

// Take moves some Notifieds from a SharedQueue to q, half of them at most, and returns
// the first, which the caller owns. It reports false if there is none. Cost: a lock
// and one atomic store; one atomic load if there is none.
func (q *StealQueue) Take(from *SharedQueue) (n Notified, ok bool) {
	if from.Len() == 0 {
		return n, false
	}
	tail := uint32(q.tail.Load())
	used, _ := places(q.head.Load())
	most := min(stealRing/2, int(stealRing-(tail-used))+1)

	from.mu.Lock()
	defer from.mu.Unlock()
	most = min(most, (from.Len()+1)/2)
	if n, ok = from.pop(); !ok {
		return n, false
	}
	for range most - 1 {
		m, _ := from.pop()
		q.put(tail, m)
		tail++
	}
	if most > 1 {
		q.tail.Store(uint64(tail))
	}
	return n, true
}

// Len returns the number of Notifieds in the queue. Another worker may steal
// meanwhile: then it is the number at some moment during the call.
func (q *StealQueue) Len() int {
	for {
		head := q.head.Load()
		tail := uint32(q.tail.Load())
		if q.head.Load() == head {
			_, next := places(head)
			return int(tail - next)
		}
	}
}

func (q *StealQueue) put(at uint32, n Notified) {
	slot := &q.ring[at%stealRing]
	writes(slot, "slot")
	*slot = n
}

func (q *StealQueue) get(at uint32) (n Notified) {
	slot := &q.ring[at%stealRing]
	reads(slot, "slot")
	writes(slot, "slot")
	n, *slot = *slot, n
	return n
}
