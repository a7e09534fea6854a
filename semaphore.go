package rouse

import "sync/atomic"

// A Semaphore is a number of permits that tasks acquire and release, any number
// at once. It is what a mutex, a bounded channel or a limit on what is under way
// are made of.
//
// It is fair: permits go to those that wait in the order in which they came, and
// nobody overtakes. A task that wants many holds up those behind it, however few
// they want, until it has its permits.
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
// A task that was given its permits, and gives up before it is polled again,
// returns them. What was written before a Release is visible to whom its permits
// come.
//
// The zero Semaphore is ready, and has no permits: Release makes them. It must not
// be copied. All methods are safe for concurrent use by multiple goroutines. No
// waker is cloned, woken or dropped while the lock is held, and nothing else that
// could block. The model is tokio's batch_semaphore; there each Release takes the
// lock.
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

// TryAcquire takes n permits if it has not to wait for them, and reports whether
// it did. It does not if there are too few, if others wait, or after Close. Cost:
// one atomic compare-and-swap.
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

// Release adds n permits. They go to those that wait first. They need not have
// been acquired: this is also how the first permits come into being, and how
// their number grows. It panics if there were more than 2^60. After Close permits are still
// counted. A panic in a waker goes on to the caller when all were woken that have
// their permits. Cost: one atomic compare-and-swap if nobody waits; else a wake
// for each that goes on, and a lock for some.
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

// Acquire polls for n permits. It returns ready once w has them, or the Semaphore
// is closed, and says which; w is idle then, and the permits are the caller's to
// release. Otherwise w waits in the queue, and the waker in cx is woken when that
// has changed; a later Acquire with another waker replaces it. It panics if w
// waits, or was chosen, elsewhere or for another number. No permits are acquired
// at once, but not before others that wait. Cost: one atomic compare-and-swap if it
// has not to wait; to come and wait, a clone of the waker and a lock; to wait on, a
// lock.
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
	if told := s.admit(want); told != waiterWaits {
		w.what = want
		w.state.Store(told)
		s.mu.Unlock()
		fresh.Drop() // w has what it was told even if this panics
		return w.take()
	}
	s.waiting.push(w)
	w.wait(&fresh, want)
	s.mu.Unlock()
	return false, false
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

// Close lets all tasks go on that wait: they are told that the Semaphore is
// closed, and so is everyone who comes from now on. A task that was given its
// permits before has them all the same. Closing again does nothing. Panics are as
// in Release. Cost: a lock, and a wake for each.
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
// first; or says what w was told meanwhile.
func (s *Semaphore) drop(w *Waiter, told *uint64) (waker Waker, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if *told = w.state.Load(); *told != waiterWaits {
		return
	}
	first = s.waiting.front() == w
	s.waiting.remove(w)
	if s.waiting.front() == nil {
		s.state.Store(s.state.Load() &^ semaWaiting)
	}
	return w.tell(waiterIdle), first
}
