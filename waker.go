package rouse

import (
	"sync"
	"unsafe"
)

// A Waker is the right to wake a task, owned by whoever has the variable. The
// owner consumes it exactly once: by Wake, Drop, Move or IntoRaw, or by passing
// it to a function that takes a *Waker. A Waker that is forgotten keeps its task
// from being released, and from being found to be an orphan. Only the wakers of
// tasks that the garbage collector owns may be forgotten.
//
// A Waker is one word. It must not be copied, and go vet reports copies: Clone
// makes a second waker, Move hands one on. Consuming a Waker sets it to zero.
// The zero Waker wakes nothing: Drop, Move and IsZero accept it, and every other
// method panics.
//
// Different wakers of one task are safe for concurrent use by multiple
// goroutines. So are the methods of one variable, except those that consume or
// change it.
//
// The idea is Rust's std::task::Waker.
type Waker struct {
	_     noCopy
	token token

	// p is the address of the State of the task, which is the first field of
	// its Header, or of the box of a waker of another kind. Bit 0 is set for
	// what the collector owns: then nothing is counted. An address in the middle
	// of an object keeps it alive; but such a word must never have the type
	// *Header or *State, which are aligned.
	p unsafe.Pointer
}

// noCopy makes go vet's copylocks report copies.
type noCopy [0]sync.Mutex

// uncounted is bit 0 of a waker that is not counted.
const uncounted = 1

// watched says that a build tag wants to see each operation on a waker.
const watched = debugging || tracing

// Clone returns another waker of the same task. The caller owns it.
// Cost: one atomic add; none for a task that the collector owns.
func (w *Waker) Clone() (c Waker) {
	if watched {
		w.uses("Waker.Clone")
		return watchedClone(w.p)
	}
	c.p = w.p
	if uintptr(c.p)&uncounted == 0 {
		// State.refInc in line, for a caller that has a waker. A call to a slow
		// path would cost the inliner 57 of 80. TestShortWays compares the two.
		if n := (*State)(c.p).add(refOne); int64(n) < int64(2*refOne) {
			(*State)(c.p).cas(n, n|flagPoisoned)
			panic(badClone(n - refOne))
		}
	}
	return
}

// Wake wakes the task and consumes w. Cost: one atomic operation.
func (w *Waker) Wake() {
	if debugging {
		w.ends("Waker.Wake")
	}
	p := w.p
	w.p = nil
	wakeByVal(p)
}

// WakeByRef wakes the task; the caller still owns w. Cost: one atomic
// operation; none if the task has ended.
func (w *Waker) WakeByRef() {
	if debugging {
		w.uses("Waker.WakeByRef")
	}
	wakeByRef(w.p)
}

// Drop gives w back. If w was the last waker of a pending task that only its
// wakers can wake, the task is submitted to its scheduler for a last run that
// cancels it; so Drop must be used where Wake could be. Dropping a zero Waker
// does nothing. Cost: one atomic add; two operations if it ends an orphan; none
// for a task that the collector owns.
func (w *Waker) Drop() {
	if debugging && w.p != nil {
		w.ends("Waker.Drop")
	}
	p := w.p
	w.p = nil
	if watched || uintptr(p)&uncounted == 0 {
		dropWaker(p)
	}
}

// Move returns w and sets the variable to zero: the caller owns the result.
// Cost: no atomic operation.
func (w *Waker) Move() (m Waker) {
	m.p, m.token = w.p, w.token
	w.p, w.token = nil, token{}
	return
}

// Borrow returns a WakerRef that is valid until w is consumed.
// Cost: no atomic operation.
func (w *Waker) Borrow() WakerRef {
	if debugging {
		w.token.check("Waker.Borrow")
	}
	return WakerRef{p: w.p, borrow: w.token.lend()}
}

// WillWake reports whether w and r are wakers of the same task. A zero Waker
// wakes nothing. Cost: no atomic operation.
func (w *Waker) WillWake(r WakerRef) bool { return w.p == r.p && w.p != nil }

// CloneFrom makes w a waker of what r wakes, and drops what it was. If it wakes
// that already, nothing changes. Cost: no atomic operation if nothing changes;
// otherwise those of a Clone and a Drop.
func (w *Waker) CloneFrom(r WakerRef) {
	if w.WillWake(r) {
		return
	}
	c := r.Clone()
	old := w.Move()
	*w = c.Move()
	old.Drop()
}

// IsZero reports whether w was consumed, or never set.
func (w *Waker) IsZero() bool { return w.p == nil }

// String says which task w wakes. It does not look at the task.
func (w *Waker) String() string { return wakerString(w.p) }

// A badClone is what a clone panics with where the caller has nothing to clone
// from: the word as it was found. It is formatted late, so that Clone inlines.
type badClone Snapshot

func (n badClone) Error() string {
	return "rouse: Clone: " + noClone(Snapshot(n)) + " (state " + Snapshot(n).String() + ")"
}

// noClone says why a word cannot be cloned.
func noClone(n Snapshot) string {
	if n.Refs() == 0 {
		return "a borrowed waker was used after its poll, or an owned one was consumed before"
	}
	return "too many wakers, or one was dropped twice"
}

// The operations of all wakers, given their word. A waker of another kind is
// the address of a State that is complete, so that no hot path looks for it.

// stateOf returns the State that a waker is the address of.
func stateOf(p unsafe.Pointer) *State {
	// Safe: the bit was added to the address of a State, and p keeps that alive.
	return (*State)(unsafe.Pointer(uintptr(p) &^ uncounted))
}

// task returns the task of a State that is not FOREIGN.
//
// Safe: it is the first field of a Header, which the caller's waker keeps.
func (s *State) task() *Header { return (*Header)(unsafe.Pointer(s)) }

// box returns the waker of another kind, of a State that is FOREIGN.
//
// Safe: only newBox makes such words, in the first field of a foreignWaker.
func (s *State) box() *foreignWaker { return (*foreignWaker)(unsafe.Pointer(s)) }

func wakeByRef(p unsafe.Pointer) {
	s := stateOf(p)
	if tracing {
		s.woken(tracedWake(s, traceWakeByRef, (*State).toNotifiedByRef), false)
		return
	}
	for { // State.toNotifiedByRef, and why it adds nothing, without a call
		old := s.Load()
		switch {
		case old&flagComplete != 0:
			if old&flagForeign != 0 {
				s.box().wakeByRef()
			}
			return
		case old&flagNotified != 0:
			if s.add(0)&(flagNotified|flagComplete) != 0 {
				return
			}
		case s.cas(old, old|flagNotified):
			if old&flagRunning == 0 {
				s.task().submit(Woken)
			}
			return
		}
	}
}

func wakeByVal(p unsafe.Pointer) {
	if uintptr(p)&uncounted != 0 {
		if tracing {
			s := stateOf(p)
			s.woken(tracedWake(s, traceWake, (*State).toNotifiedByRef), false)
			return
		}
		wakeByRef(p)
		return
	}
	s := (*State)(p)
	if tracing {
		s.woken(tracedWake(s, traceWake, (*State).toNotifiedByVal), true)
		return
	}
	for { // toNotifiedByVal without a call
		old := s.Load()
		if int64(old) < int64(refOne) || old&flagComplete != 0 {
			if int64(old) >= int64(refOne) && old&flagForeign != 0 {
				s.box().wake() // what toNotifiedByVal says too: actForeign
				return
			}
			s.woken(s.toNotifiedByVal(), true)
			return
		}
		if s.cas(old, old|flagNotified-refOne) {
			if old&(flagRunning|flagNotified) == 0 {
				s.task().submit(Woken)
			}
			return
		}
	}
}

// woken does what a wake asks for; counted says that it gives back a waker.
func (s *State) woken(act action, counted bool) {
	switch act {
	case actSubmit:
		s.task().submit(Woken)
	case actRelease:
		s.task().release()
	case actForeign:
		if counted {
			s.box().wake()
		} else {
			s.box().wakeByRef()
		}
	}
}

func dropWaker(p unsafe.Pointer) {
	if p == nil {
		return
	}
	if watched {
		watchedDrop(p)
		return
	}
	if n := (*State)(p).sub(refOne); int64(n) < int64(refOne) {
		droppedLast((*State)(p), n)
	}
}

// droppedLast settles the word n that the drop of the last waker left.
//
//go:noinline
func droppedLast(s *State, n Snapshot) {
	if int64(n) >= 0 && n.has(flagRunning) {
		return // the run settles it
	}
	act := s.refDecSlow("Waker.Drop", n)
	if n.has(flagForeign) {
		s.box().drop()
		return
	}
	s.task().settled(act)
}

// watchedDrop is dropWaker where a build tag watches.
func watchedDrop(p unsafe.Pointer) {
	s := stateOf(p)
	old := s.Load()
	var key traceKey
	if tracing && !old.has(flagForeign) {
		key = s.task().traceKey()
	}
	act, left := actNone, refOne
	if uintptr(p)&uncounted == 0 {
		act, left = s.decide("Waker.Drop", notHeld, Snapshot.refDec)
	}
	switch {
	case old.has(flagForeign):
		if tracing {
			traceForeign(traceDrop)
		}
		if left < refOne {
			s.box().drop()
		}
	default:
		if tracing {
			key.waker(traceDrop, old, act)
		}
		s.task().settled(act)
	}
}
