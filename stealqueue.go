package rouse

import "sync/atomic"

// A StealQueue is one worker's queue of Notifieds, first in first out, from which
// other workers steal half. It is a ring of 256. When that is full, the older half
// goes to the SharedQueue of all workers:
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
// A worker should Take from the SharedQueue now and then even if it has enough to
// do, so that what lies there is not left lying. One that wants to run first what
// was woken last keeps that Notified in a variable of its own. A worker that ends
// pops what is left, and runs or drops it.
//
// The zero StealQueue is ready. It must not be copied. Push, Pop, Take, and Steal
// into q, are for the worker that q is of, which is one goroutine at a time.
// Steal from q and Len are safe for concurrent use by multiple goroutines, with
// all others. A slot that was popped or stolen is cleared, so that the queue keeps
// no task alive.
//
// The design is that of the queues in Go's and tokio's schedulers. As in tokio's,
// a thief first says which slots it takes, and later that it is done. In between
// the slots are its alone. So they need not be atomic, and a second thief goes away
// meanwhile.
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

// Push appends n. If the ring is full, the older half of it goes to overflow with
// n, or n alone if a thief is at work. A zero Notified panics. Cost: an atomic
// store; if the ring is full, one atomic compare-and-swap and a lock besides.
func (q *StealQueue) Push(n Notified, overflow *SharedQueue) {
	if n.IsZero() {
		panic("rouse: StealQueue.Push: the Notified is zero")
	}
	n.enters("StealQueue.Push")
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
			n.SetNext(Notified{})
			overflow.push(n, n, 1)
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

// Pop removes the first Notified. It reports false if there is none. Cost: one
// atomic compare-and-swap; nothing if the queue is empty.
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
			n = q.get(next)
			n.leaves()
			return n, true
		}
	}
}

// Steal moves half of what is in from to q, the older half, and returns the first
// of it, which the caller is to run. It reports false if there is nothing, if
// another steals from the same queue, or if q is more than half full. To steal
// from itself is to pop. Cost: two atomic compare-and-swaps, and an atomic store.
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
	n.leaves()
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

// Take moves some of what is in from to q, half of it at most, and returns the
// first, which the caller is to run. It reports false if there is nothing. Cost: a
// lock, and an atomic store; nothing but a load if there is nothing.
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
		m.enters("StealQueue.Take")
		q.put(tail, m)
		tail++
	}
	if most > 1 {
		q.tail.Store(uint64(tail))
	}
	return n, true
}

// Len returns the number of Notifieds in the queue. Beside other operations it is
// what was true at some time since the call.
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
