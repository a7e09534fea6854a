package rouse

import "sync/atomic"

// A Semaphore is a number of permits that tasks acquire and release, any number
// at once. A mutex, a bounded channel, or a limit on the number of requests in
// progress can be made of it.
//
// It is fair: the tasks that wait receive permits in the order in which they came,
// and none overtakes. A task that wants many permits holds up those behind it,
// however few they want, until it has all of its permits.
//
//	type fetch struct {
//		limit *rouse.Semaphore
//		wait  rouse.Waiter
//		has   bool
//	}
//
//	func (f *fetch) Poll(cx rouse.Context) (page, bool) {
//		if !f.has {
//			acquired, ready := f.limit.Acquire(cx, &f.wait, 1)
//			…
//			f.has = true
//		}
//		…
//	}
//
//	func (f *fetch) Drop() {
//		f.wait.Drop()
//		if f.has {
//			f.limit.Release(1)
//		}
//	}
//
// If a task that was given its permits ends before it is polled again, Waiter.Drop
// returns them. What was written before a Release is visible to the tasks that
// receive its permits.
//
// The zero Semaphore is ready to use, and has no permits: Release makes them. It
// must not be copied. All methods are safe for concurrent use by multiple
// goroutines. It has a lock for the tasks that wait. No waker is cloned, woken or
// dropped under it. The idea is tokio's batch_semaphore; there each Release takes
// the lock.
type Semaphore struct {
	_ [0]atomic.Uint64 // 64-bit alignment on 32-bit machines; go vet flags copies

	// state is the number of permits, in units of semaOne, and the flags below.
	// While semaWaiting is set it changes under the lock alone, and the first
	// that waits wants more than there is, or is about to be told.
	state word

	mu      mutex // guards waiting
	waiting waitList
}

const (
	semaClosed  = 1 << iota
	semaWaiting // waiting is not empty
	semaOne
	semaFlags = semaOne - 1
	semaMost  = semaOne << 60 // permits
)

// permits returns n in units of semaOne.
func permits(n int, op string) uint64 {
	if uint64(n) > semaMost/semaOne { // also what is negative
		panic("rouse: Semaphore." + op + ": the number of permits is negative, or more than 2^60")
	}
	return uint64(n) * semaOne
}

// TryAcquire takes n permits if they are there, and reports whether it did. It
// reports false if there are too few, if tasks wait, or after Close. Cost: one
// atomic compare-and-swap.
func (s *Semaphore) TryAcquire(n int) bool {
	want := permits(n, "TryAcquire")
	for {
		old := s.state.Load()
		if old&semaFlags != 0 || old < want {
			return false
		}
		if s.state.CompareAndSwap(old, old-want) {
			return true
		}
	}
}

// Release adds n permits. Tasks that wait receive them first. The permits need not
// have been acquired before: Release also makes the first permits, and more of
// them later. It panics if there were more than 2^60. After Close permits are still
// counted. If a waker panics, the panic goes on to the caller once every task that
// has its permits is woken. Cost: one atomic compare-and-swap if no task waits;
// otherwise a wake for each task that has its permits, and a lock for each batch
// of them.
func (s *Semaphore) Release(n int) {
	add := permits(n, "Release")
	for {
		old := s.state.Load()
		if old&^semaFlags+add > semaMost {
			panic("rouse: Semaphore.Release: more than 2^60 permits")
		}
		if old&semaWaiting != 0 {
			if s.serve(add) {
				return
			}
		} else if s.state.CompareAndSwap(old, old+add) {
			return
		}
	}
}

// serve adds permits, and gives those that wait what they want, as far as it
// goes. It reports false, and adds nothing, if nobody waits any more.
func (s *Semaphore) serve(add uint64) (served bool) {
	var b wakeBatch
	some := func() bool {
		waits := s.collect(&b, add)
		served = served || waits
		if b.n == 0 {
			return false
		}
		add = 0
		b.wake()
		return true
	}
	returned := false
	defer func() {
		if !returned { // a waker panicked: the permits are added
			goOn(recover(), some)
		}
	}()
	for some() {
	}
	returned = true
	return served
}

// collect is serve, for so many as fit in a batch. If there were more it is to be
// called again.
func (s *Semaphore) collect(b *wakeBatch, add uint64) (waits bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.state.Load()
	if n&semaWaiting == 0 {
		return false
	}
	n += add
	for w := s.waiting.front(); w != nil && !b.full(); w = s.waiting.front() {
		told := uint64(waiterClosed)
		if n&semaClosed == 0 {
			if n < w.what {
				break
			}
			told = waiterChosen
			n -= w.what
		}
		s.waiting.remove(w)
		b.tell(w, told)
	}
	if s.waiting.front() == nil {
		n &^= semaWaiting
	}
	s.state.Store(n)
	return true
}

// Acquire polls for n permits. It is ready if w has them, or if the Semaphore is
// closed, and acquired tells which; then w is idle, and the caller must release the
// permits. Otherwise w waits in the queue, and the waker in cx is woken when that
// changes; a later Acquire with another waker replaces it. Acquire panics if w
// waits in another queue or for another number of permits. An Acquire of 0 permits
// waits only if other tasks do. Cost: one atomic compare-and-swap if it need not
// wait; to start waiting, a lock and a clone of the waker; each later call, a lock.
func (s *Semaphore) Acquire(cx Context, w *Waiter, n int) (acquired, ready bool) {
	want := permits(n, "Acquire")
	if w.state.Load() == waiterIdle {
		for {
			old := s.state.Load()
			switch {
			case old&semaClosed != 0:
				return false, true
			case old&semaWaiting != 0 || old < want:
				return s.come(cx.Waker(), w, want)
			case s.state.CompareAndSwap(old, old-want):
				return true, true
			}
		}
	}
	if w.sema != s || w.what != want {
		panic("rouse: Semaphore.Acquire: the Waiter waits elsewhere, or for another number of permits")
	}
	return w.poll(cx, &s.mu)
}

// come makes w wait, or be told at once.
func (s *Semaphore) come(r WakerRef, w *Waiter, want uint64) (acquired, ready bool) {
	fresh := r.Clone()
	w.sema = s
	s.mu.Lock()
	told := s.admit(want)
	if told == waiterWaits {
		s.waiting.push(w)
		w.wait(&fresh, want)
		s.mu.Unlock()
		return false, false
	}
	s.mu.Unlock()
	w.what = want
	w.state.Store(told)
	// If fresh was the last waker its drop runs a Schedule. Though that panics, w has
	// what it was told, and w.Drop passes it on.
	fresh.Drop()
	return w.take()
}

// admit decides about one that comes. If it is to wait, the state says so. The
// lock is held.
func (s *Semaphore) admit(want uint64) (told uint64) {
	for {
		old := s.state.Load()
		switch {
		case old&semaClosed != 0:
			return waiterClosed
		case old&semaWaiting != 0:
			return waiterWaits
		case old < want:
			if s.state.CompareAndSwap(old, old|semaWaiting) {
				return waiterWaits
			}
		case s.state.CompareAndSwap(old, old-want):
			return waiterChosen
		}
	}
}

// Close wakes all tasks that wait and tells them that the Semaphore is closed.
// Every later Acquire is told so too. A task that was given its permits before has
// them. Closing again does nothing. Panics are as in Release. Cost: a lock, and a
// wake for each task.
func (s *Semaphore) Close() {
	for {
		old := s.state.Load()
		if old&semaClosed != 0 {
			return
		}
		if s.close(old) {
			s.serve(0)
			return
		}
	}
}

// close sets the flag, if the state is old. While others wait the lock has to be
// held for that.
func (s *Semaphore) close(old uint64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.CompareAndSwap(old, old|semaClosed)
}

// leave is Waiter.Drop.
func (s *Semaphore) leave(w *Waiter) {
	told := w.state.Load()
	if told == waiterWaits {
		//wakervet:allow wakerleak each branch drops it, one by way of doBoth
		if waker, first := s.drop(w, &told); told == waiterWaits {
			w.reset()
			if first { // the next may want less
				doBoth(func() { s.serve(0) }, func() { waker.Drop() })
			} else {
				waker.Drop()
			}
			return
		}
	}
	w.reset()
	if told == waiterChosen {
		s.Release(int(w.what / semaOne))
	}
}

// drop takes w out of the queue, and returns its waker, and whether it was the
// first: then the caller serves the others, also if there are none. Or it says what
// w was told meanwhile.
func (s *Semaphore) drop(w *Waiter, told *uint64) (waker Waker, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if *told = w.state.Load(); *told != waiterWaits {
		return
	}
	first = s.waiting.front() == w
	s.waiting.remove(w)
	return w.tell(waiterIdle), first
}
