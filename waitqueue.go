package rouse

import "sync/atomic"

// A WaitQueue is where many tasks wait for one event. NotifyOne lets the task go
// on that has waited the longest, NotifyAll all that wait. A NotifyOne that finds
// nobody waiting is kept, for the next that comes: one, however many there were.
//
//	// the waiting side, a future      // the other side
//	type pop struct {                  q.items.add(v)
//		q    *list                     q.ready.NotifyOne()
//		wait rouse.Waiter
//	}
//
//	func (p *pop) Poll(cx rouse.Context) (item, bool) {
//		notified, ready := p.q.ready.Wait(cx, &p.wait)
//		…
//	}
//
//	func (p *pop) Drop() { p.wait.Drop() }
//
// A task that was chosen by NotifyOne, and gives up before it is polled again,
// passes the notification on: to the next that waits, or it is kept. What was
// written before NotifyOne, NotifyAll or Close is visible to whom they let go on.
// A task that comes after NotifyAll has missed it. So one that waits for a
// condition looks at it after it has come: that is WaitUntil.
//
// The zero WaitQueue is ready. It must not be copied. All methods are safe for
// concurrent use by multiple goroutines. No waker is cloned, woken or dropped
// while the lock is held, and nothing else that could block.
//
// The model is tokio's Notify. There, who is to be notified counts from when the
// future is made; here from the first Wait, which needs no ticket to be taken.
type WaitQueue struct {
	_ [0]atomic.Uint64 // 64-bit alignment on 32-bit machines; go vet flags copies

	// state is one of the constants below. queueWaiting says that waiting is not
	// empty; it is entered and left under the lock alone.
	state word

	mu mutex // guards what follows

	// waiting are those that wait, leaving those that NotifyAll or Close lets go
	// on, and has not told yet. A Waiter is in waiting if what it has is the
	// generation, which NotifyAll and Close count up.
	waiting, leaving waitList
	generation       uint64
}

const (
	queueEmpty    = iota
	queueNotified // a notification is kept
	queueWaiting
	queueClosed
)

// NotifyOne lets the task go on that has waited the longest. If nobody waits, the
// notification is kept; one that is kept already stays one. After Close it does
// nothing. A panic in a waker goes on to the caller; the task it belongs to counts
// as notified. Cost: one atomic compare-and-swap if nobody waits; else a lock and
// a wake.
func (q *WaitQueue) NotifyOne() {
	for {
		switch old := q.state.Load(); old {
		case queueClosed:
			return
		case queueWaiting:
			if q.notifyFirst() {
				return
			}
		default: // also of one that is kept already: it publishes
			if q.state.CompareAndSwap(old, queueNotified) {
				return
			}
		}
	}
}

// notifyFirst notifies the first that waits. It reports false if nobody does.
func (q *WaitQueue) notifyFirst() bool {
	q.mu.Lock()
	if q.state.Load() != queueWaiting {
		q.mu.Unlock()
		return false
	}
	w := q.waiting.front()
	q.unlink(w)
	waker := w.tell(waiterChosen)
	q.mu.Unlock()
	waker.Wake()
	return true
}

// unlink takes w out of waiting. The lock is held.
func (q *WaitQueue) unlink(w *Waiter) {
	q.waiting.remove(w)
	if q.waiting.front() == nil {
		q.state.Store(queueEmpty)
	}
}

// NotifyAll lets all tasks go on that wait at the time of the call. Nothing is
// kept for those that come later. It wakes them in the order in which they came,
// some at a time. A panic in a waker goes on to the caller when all were woken.
// Cost: nothing but a load if nobody waits; else a wake for each, and a lock for
// some.
func (q *WaitQueue) NotifyAll() {
	if q.state.Load() == queueWaiting {
		q.release(queueEmpty)
	}
}

// Close lets all tasks go on that wait: they are told that the queue is closed,
// and so is everyone who comes from now on. A notification that was kept is gone.
// A task that was chosen before is notified all the same. Closing again does
// nothing. Panics are as in NotifyAll. Cost: a lock, and a wake for each.
func (q *WaitQueue) Close() { q.release(queueClosed) }

// release moves all that wait to the list of those that leave, and wakes these.
// next is the state after it.
func (q *WaitQueue) release(next uint64) {
	q.mu.Lock()
	old := q.state.Load()
	if old == queueClosed || old != queueWaiting && next != queueClosed {
		q.mu.Unlock()
		return
	}
	if old == queueWaiting {
		q.leaving.append(&q.waiting)
	}
	q.generation++ // also if nobody waits: those that leave came before the Close
	generation := q.generation
	q.state.Store(next)
	q.mu.Unlock()
	q.wakeLeaving(generation)
}

// wakeLeaving wakes those that leave and came before the generation.
func (q *WaitQueue) wakeLeaving(generation uint64) {
	waking := false
	defer func() {
		if waking { // a waker panicked
			q.wakeLeaving(generation)
		}
	}()
	var b wakeBatch
	for q.collect(&b, generation) {
		waking = true
		b.wake()
		waking = false
	}
}

func (q *WaitQueue) collect(b *wakeBatch, generation uint64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	closed := q.state.Load() == queueClosed
	for w := q.leaving.front(); w != nil && w.what < generation && !b.full(); w = q.leaving.front() {
		told := uint64(waiterFreed)
		if closed && w.what == q.generation-1 {
			told = waiterClosed // Close ended the last generation, NotifyAll all before
		}
		q.leaving.remove(w)
		b.tell(w, told)
	}
	return b.n > 0
}

// Wait polls for a notification. It returns ready once w is notified, or the
// queue is closed, and says which; w is idle then. Otherwise w waits in the
// queue, and the waker in cx is woken when that has changed; a later Wait with
// another waker replaces it. A w that waits or was chosen elsewhere panics. Cost:
// one atomic compare-and-swap if a notification is kept; to come and wait, a
// clone of the waker and a lock; to wait on, a lock.
func (q *WaitQueue) Wait(cx Context, w *Waiter) (notified, ready bool) {
	if w.state.Load() == waiterIdle {
		for {
			old := q.state.Load()
			switch {
			case old == queueClosed:
				return false, true
			case old != queueNotified:
				return q.come(cx.Waker(), w)
			case q.state.CompareAndSwap(old, queueEmpty):
				return true, true
			}
		}
	}
	if w.queue != q {
		panic("rouse: WaitQueue.Wait: the Waiter waits elsewhere")
	}
	return w.poll(cx, &q.mu)
}

// come makes w wait, or be told at once.
func (q *WaitQueue) come(r WakerRef, w *Waiter) (notified, ready bool) {
	fresh := r.Clone()
	w.queue = q
	q.mu.Lock()
	if told := q.admit(); told != waiterWaits {
		w.state.Store(told)
		q.mu.Unlock()
		fresh.Drop() // w has what it was told even if this panics
		return w.take()
	}
	q.waiting.push(w)
	w.wait(&fresh, q.generation)
	q.mu.Unlock()
	return false, false
}

// admit decides about one that comes. If it is to wait, the state says so. The
// lock is held.
func (q *WaitQueue) admit() (told uint64) {
	for {
		switch q.state.Load() {
		case queueClosed:
			return waiterClosed
		case queueNotified:
			if q.state.CompareAndSwap(queueNotified, queueEmpty) {
				return waiterChosen
			}
		case queueEmpty:
			if q.state.CompareAndSwap(queueEmpty, queueWaiting) {
				return waiterWaits
			}
		default:
			return waiterWaits
		}
	}
}

// leave is Waiter.Drop.
func (q *WaitQueue) leave(w *Waiter) {
	told := w.state.Load()
	if told == waiterWaits {
		waker := q.drop(w, &told)
		defer waker.Drop()
	}
	w.reset()
	if told == waiterChosen {
		q.NotifyOne()
	}
}

// drop takes w out of the queue, and returns its waker; or says what w was told
// meanwhile.
func (q *WaitQueue) drop(w *Waiter, told *uint64) (waker Waker) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if *told = w.state.Load(); *told != waiterWaits {
		return
	}
	if w.what == q.generation {
		q.unlink(w)
	} else {
		q.leaving.remove(w)
	}
	return w.tell(waiterIdle)
}

// WaitUntil waits until cond holds. It returns ready if cond holds, or if the
// queue is closed and cond does not, and says whether it holds; w is idle then.
// Otherwise w waits in the queue, as after Wait. It looks at cond before it comes
// and after, so that a NotifyOne or NotifyAll that follows what makes cond true is
// never missed, and neither is what became true before Close; a notification that
// turns out to be another's, because cond does not hold any more, is waited out.
// cond is called several times, with no lock held, and not again once it holds: so
// it may take what it finds. Cost: that of cond if it holds; else that of Wait.
func (q *WaitQueue) WaitUntil(cx Context, w *Waiter, cond func() bool) (holds, ready bool) {
	for {
		if s := w.state.Load(); s != waiterIdle && s != waiterWaits {
			q.Wait(cx, w) // w has been told, and cond is why
		}
		if cond() {
			break
		}
		notified, ready := q.Wait(cx, w)
		if notified {
			continue
		}
		if cond() {
			break
		}
		return false, ready
	}
	w.Drop()
	return true, true
}
