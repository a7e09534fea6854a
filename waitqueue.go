package rouse

import "sync/atomic"

// A WaitQueue is where many tasks wait for one event. NotifyOne wakes the task that
// has waited longest, NotifyAll wakes all that wait. If no task waits, NotifyOne
// leaves one notification, and the next task that comes takes it without waiting.
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
// If the task that NotifyOne chose ends before it is polled again, Waiter.Drop passes
// the notification on: to the next task that waits, or to the next that comes. What
// was written before NotifyOne, NotifyAll or Close is visible to the tasks that they
// wake. A task that comes after NotifyAll has missed it. A task that waits for a
// condition must therefore look at the condition after it has come, which WaitUntil
// does.
//
// The zero WaitQueue is ready to use. It must not be copied. All methods are safe
// for concurrent use by multiple goroutines. It has a lock. No waker is cloned,
// woken or dropped under it.
//
// The idea is tokio's Notify. There a task counts as waiting since its future was
// made; here since its first Wait.
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

// NotifyOne notifies the task that has waited longest. If no task waits, it leaves
// one notification; one that is there already stays one. After Close it does nothing.
// If the waker panics, the panic goes on to the caller, and its task counts as
// notified. Cost: one atomic compare-and-swap if no task waits; otherwise a lock and
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

// NotifyAll notifies all tasks that wait at the time of the call, and leaves nothing
// for those that come later. It wakes them in the order in which they came. If a
// waker panics, the panic goes on to the caller once all of them are woken. Cost: one
// atomic load if no task waits; otherwise a wake for each task, and a lock for each
// batch of them.
func (q *WaitQueue) NotifyAll() {
	if q.state.Load() == queueWaiting {
		q.release(queueEmpty)
	}
}

// Close wakes all tasks that wait and tells them that the queue is closed. Every
// later Wait is told so too. A notification that no task has taken is gone. A task
// that was chosen before is notified. Closing again does nothing. Panics are as in
// NotifyAll. Cost: a lock, and a wake for each task.
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
	var b wakeBatch
	some := func() bool {
		more := q.collect(&b, generation)
		if more {
			b.wake()
		}
		return more
	}
	returned := false
	defer func() {
		if !returned { // a waker panicked
			goOn(recover(), some)
		}
	}()
	for some() {
	}
	returned = true
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

// Wait polls for a notification. It is ready if w is notified, or if the queue is
// closed, and notified tells which; then w is idle. Otherwise w waits in the queue,
// and the waker in cx is woken when that changes; a later Wait with another waker
// replaces it. Wait panics if w waits in another queue. Cost: one atomic
// compare-and-swap if there is a notification; to start waiting, a lock and a clone
// of the waker; each later call, a lock.
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
	told := q.admit()
	if told == waiterWaits {
		q.waiting.push(w)
		w.wait(&fresh, q.generation)
		q.mu.Unlock()
		return false, false
	}
	q.mu.Unlock()
	w.state.Store(told)
	fresh.Drop() // as in Semaphore.come
	return w.take()
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

// WaitUntil waits until cond holds. It is ready if cond holds, or if the queue is
// closed and cond does not hold, and holds tells which; then w is idle. Otherwise w
// waits in the queue, as after Wait. WaitUntil calls cond before w comes to the queue
// and again after that, so a NotifyOne, NotifyAll or Close that follows the change of
// the condition is never missed. If a task is notified and cond does not hold, because
// another task was faster for example, it goes on waiting. cond is called several
// times, without a lock, and not again once it holds: so it may take what it finds.
// Cost: that of cond if it holds; otherwise that of Wait.
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
