package rouse

import "sync/atomic"

// A Waiter is one task's place in a WaitQueue or a Semaphore. It is a field of the
// task or of the future that waits, so that a queue of Waiters needs no memory of
// its own.
//
// The zero Waiter is ready to use, and waits nowhere. It can be used again and again,
// in one queue at a time. While it waits it must not be copied, moved or overwritten.
// Call Drop at the latest in the destructor of what it is a field of: the future's
// Drop, or Ops.Cancel. A Waiter belongs to its task: its methods, and those that it
// is passed to, are not safe for concurrent use.
//
// The idea to link the waiting tasks themselves is that of tokio's Notify and
// batch_semaphore.
type Waiter struct {
	_ [0]atomic.Uint64 // 64-bit alignment on 32-bit machines; go vet flags copies

	// state says whether it waits. The queue's lock guards the step to
	// waiterWaits, and all steps from there. In every other state the Waiter is
	// its owner's, and the queue does not know of it.
	state word

	// These two are the owner's: where it waits, or was chosen. One of them is
	// set at most, and none while it is idle.
	queue *WaitQueue
	sema  *Semaphore

	// These are guarded by the lock of the queue while it waits.
	prev, next *Waiter
	waker      Waker
	what       uint64 // a WaitQueue's generation, or how many permits
}

const (
	waiterIdle   = iota
	waiterWaits  // it is linked, and has a waker
	waiterChosen // by NotifyOne, or the permits are its own: who gives up passes it on
	waiterFreed  // by NotifyAll
	waiterClosed // by Close
)

// Drop gives up the place, and leaves w ready to be used again. If w was notified, or
// given permits, and its task has not been polled since, Drop passes them on to the
// next task. Drop does nothing if w does not wait. Cost: nothing if w does not wait;
// otherwise a lock.
func (w *Waiter) Drop() {
	switch {
	case w.queue != nil:
		w.queue.leave(w)
	case w.sema != nil:
		w.sema.leave(w)
	}
}

// take returns what w was told, and makes it idle. The queue does not know of w.
func (w *Waiter) take() (chosen, ready bool) {
	chosen = w.state.Load() != waiterClosed
	w.reset()
	return chosen, true
}

func (w *Waiter) reset() {
	w.queue, w.sema = nil, nil
	w.state.Store(waiterIdle)
}

// wait makes w wait. It is in a list, and the lock is held.
func (w *Waiter) wait(fresh *Waker, what uint64) {
	writes(&w.prev, "waiter")
	w.waker, w.what = fresh.Move(), what
	w.state.Store(waiterWaits)
}

// tell makes w its owner's again, which from then on may use it, and returns its
// waker. w is in no list any more, and the lock is held.
func (w *Waiter) tell(state uint64) (waker Waker) {
	reads(&w.prev, "waiter")
	writes(&w.prev, "waiter")
	waker = w.waker.Move()
	w.state.Store(state)
	return
}

// poll returns what w was told. If it was not, it waits on, with the waker in cx.
func (w *Waiter) poll(cx Context, mu *mutex) (chosen, ready bool) {
	if w.state.Load() == waiterWaits && w.stay(mu, cx.Waker()) {
		return false, false
	}
	return w.take()
}

// stay gives w the waker r. It reports false if w does not wait any more.
func (w *Waiter) stay(mu *mutex, r WakerRef) (waits bool) {
	var spare Waker
	defer spare.Drop()
	for {
		waits, same := w.look(mu, r, &spare)
		if !waits || same {
			return waits
		}
		spare = r.Clone() // no lock is held
	}
}

// look reports whether w still waits, and whether r is its waker. If fresh is a
// clone of r, it is exchanged for the waker that w had.
func (w *Waiter) look(mu *mutex, r WakerRef, fresh *Waker) (waits, same bool) {
	mu.Lock()
	defer mu.Unlock()
	if w.state.Load() != waiterWaits {
		return false, false
	}
	reads(&w.prev, "waiter")
	switch {
	case w.waker.WillWake(r):
		return true, true
	case fresh.IsZero():
		return true, false
	}
	writes(&w.prev, "waiter")
	old := w.waker.Move()
	w.waker = fresh.Move()
	*fresh = old.Move()
	return true, true
}

// A waitList is a list of Waiters, first in first out. A lock guards it.
type waitList struct{ first, last *Waiter }

func (l *waitList) push(w *Waiter) {
	reads(&l.first, "wait list")
	writes(&l.first, "wait list")
	writes(&w.prev, "waiter")
	w.prev, w.next = l.last, nil
	if l.last == nil {
		l.first = w
	} else {
		writes(&l.last.prev, "waiter")
		l.last.next = w
	}
	l.last = w
}

// front returns the first, nil if there is none.
func (l *waitList) front() *Waiter {
	reads(&l.first, "wait list")
	return l.first
}

func (l *waitList) remove(w *Waiter) {
	reads(&l.first, "wait list")
	reads(&w.prev, "waiter")
	writes(&l.first, "wait list")
	writes(&w.prev, "waiter")
	if w.prev == nil {
		l.first = w.next
	} else {
		writes(&w.prev.prev, "waiter")
		w.prev.next = w.next
	}
	if w.next == nil {
		l.last = w.prev
	} else {
		writes(&w.next.prev, "waiter")
		w.next.prev = w.prev
	}
	w.prev, w.next = nil, nil
}

// append moves all of m, which is not empty, to the end of l.
func (l *waitList) append(m *waitList) {
	reads(&l.first, "wait list")
	reads(&m.first, "wait list")
	writes(&l.first, "wait list")
	writes(&m.first, "wait list")
	if l.last == nil {
		l.first = m.first
	} else {
		writes(&l.last.prev, "waiter")
		writes(&m.first.prev, "waiter")
		l.last.next, m.first.prev = m.first, l.last
	}
	l.last = m.last
	*m = waitList{}
}

// A wakeBatch holds wakers that were taken under a lock until they can be woken
// outside of it.
type wakeBatch struct {
	next, n int
	wakers  [wakeBatchSize]Waker
}

func (b *wakeBatch) full() bool { return b.n == len(b.wakers) }

// tell is Waiter.tell, and keeps the waker.
func (b *wakeBatch) tell(w *Waiter, state uint64) {
	b.wakers[b.n] = w.tell(state)
	b.n++
}

// wake wakes them all, the first first. If a waker panics the caller calls wake
// again, for the others.
func (b *wakeBatch) wake() {
	for b.wakeNext() {
	}
}

// wakeNext wakes one, and reports whether there was one.
func (b *wakeBatch) wakeNext() bool {
	if b.next == b.n {
		b.next, b.n = 0, 0
		return false
	}
	w := b.wakers[b.next].Move()
	b.next++
	w.Wake()
	return true
}
