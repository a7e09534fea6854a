package rouse

import "unsafe"

// A WakerRef is a borrowed waker. It is valid as long as what it was borrowed
// from: the one in a Context until the poll returns, the one of Waker.Borrow
// until that Waker is consumed, the one of Header.WakerRef while the caller owns
// the task or holds a claim or a waker. To keep a waker for longer, Clone it.
//
// A WakerRef is one word, passed and copied by value. It has no Drop. The zero
// WakerRef wakes nothing: IsZero, WillWake and Task accept it, and the other
// methods panic. Its methods are safe for concurrent use by multiple goroutines.
//
// The ideas are Rust's &Waker and tokio's WakerRef.
type WakerRef struct {
	borrow borrow
	p      unsafe.Pointer // as Waker.p
}

// Clone returns a waker of the same task. The caller owns it. Cost: one atomic
// add; none for a task that the collector owns.
func (r WakerRef) Clone() (w Waker) {
	if watched {
		r.check("Clone")
		return watchedClone(r.p)
	}
	w.p = r.p
	if uintptr(r.p)&uncounted == 0 {
		// State.refInc in line, as in Waker.Clone. The claim of a caller that
		// has no waker stands in the word: Snapshot.mayClone, written out.
		if n := (*State)(r.p).add(refOne); int64(n) < int64(2*refOne) && (int64(n) < int64(refOne) ||
			n&(flagUnowned|flagRunning) == flagUnowned && n&(flagNotified|flagComplete) != flagNotified) {
			(*State)(r.p).cas(n, n|flagPoisoned)
			panic(badClone(n - refOne))
		}
	}
	return
}

// watchedClone clones where a build tag watches.
func watchedClone(p unsafe.Pointer) (w Waker) {
	s := stateOf(p)
	if uintptr(p)&uncounted == 0 {
		s.refInc("Clone")
	}
	if tracing {
		if s.Load().has(flagForeign) {
			traceForeign(traceClone)
		} else {
			s.task().traceKey().waker(traceClone, 0, actNone)
		}
	}
	w.p, w.token = p, wakerToken(p)
	return
}

// WakeByRef wakes the task. Cost: one atomic operation; none if the task has
// ended.
func (r WakerRef) WakeByRef() {
	if debugging {
		r.check("WakeByRef")
	}
	wakeByRef(r.p)
}

// WillWake reports whether both wake the same task. Two wakers that
// WakerFromRaw made of the same words do not, but their clones do. A zero
// WakerRef wakes nothing. Cost: no atomic operation.
func (r WakerRef) WillWake(o WakerRef) bool { return r.p == o.p && r.p != nil }

// IsZero reports whether r is the zero WakerRef.
func (r WakerRef) IsZero() bool { return r.p == nil }

// Raw returns r taken apart. The result owns nothing.
func (r WakerRef) Raw() RawWaker { return RawWaker{r.p, taskWakerVTable} }

// Task returns the task that r wakes, if it is a task of this package's.
// Cost: one atomic load.
func (r WakerRef) Task() (RawTask, bool) {
	s := stateOf(r.p)
	if s == nil || s.Load().has(flagForeign) {
		return RawTask{}, false
	}
	return RawTask{s.task()}, true
}

// SetLabel says what the task that r wakes waits for, such as "a job" or "3
// channels", for Dump and the page of package inspect. It replaces the former
// label; "" removes it, and so does the end of the task. A future calls it in a
// poll, with its Context's Waker. It does nothing if the task is on no OwnedTasks,
// or is none of this package's. Cost: a lock and a map entry; a task that never
// has a label costs nothing.
func (r WakerRef) SetLabel(label string) {
	if debugging {
		r.check("SetLabel")
	}
	t, ok := r.Task()
	if !ok {
		return
	}
	reads(&t.h.shard, "shard")
	if t.h.shard != nil {
		t.h.shard.label(t.h, label)
	}
}

// String says which task r wakes. It does not look at the task.
func (r WakerRef) String() string { return wakerString(r.p) }

// A Context is what a poll is given: the waker of the task that it runs. It is
// passed by value, since a pointer would escape to the heap at every poll. The
// zero Context has the zero WakerRef.
//
// The idea is Rust's std::task::Context.
type Context struct{ ref WakerRef }

// NewContext returns a Context with the waker r, for polling a future by hand.
func NewContext(r WakerRef) Context { return Context{r} }

// Waker returns the waker of the task, borrowed until the poll returns.
func (cx Context) Waker() WakerRef { return cx.ref }

// refInc counts one more waker. The caller holds one, or a claim, or owns the
// task. Waker.Clone and WakerRef.Clone have it in line.
//
//	refs → refs+1. RMWs: 1, an add.
func (s *State) refInc(op string) { s.apply(op, noClone(s.Load()), Snapshot.refInc) }

// refDec gives back one waker, then settles.
//
//	refs → refs−1. RMWs: 1, an add; settling an orphan 2.
func (s *State) refDec(op string) action {
	if debugging {
		return s.apply(op, notHeld, Snapshot.refDec)
	}
	if n := s.sub(refOne); int64(n) < int64(refOne) {
		return s.refDecSlow(op, n)
	}
	return actNone
}

// refDecSlow sees the last waker dropped, and every misuse.
func (s *State) refDecSlow(op string, n Snapshot) action {
	if int64(n) < 0 {
		s.misuse(op, notHeld, n+refOne)
	}
	return s.settle(n)
}
