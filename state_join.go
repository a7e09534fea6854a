package rouse

// The transitions of a JoinHandle, and the count. Until COMPLETE the handle
// alone changes JOIN_WAKER, after it the completing party alone; whoever finds
// it clear may write the join waker's slot.

// SetJoinWaker hands the filled slot to the completing party. ActComplete:
// nothing was changed, the slot is still the caller's, and so is the output.
//
//	J¬W¬C → W. RMWs: 1; complete 0.
func (s *State) SetJoinWaker() Action {
	for {
		old := s.Load()
		next, act := old.setJoinWaker()
		if act == ActMisuse {
			s.misuse("SetJoinWaker", old)
		}
		if next == old || s.cas(old, next) {
			return act
		}
	}
}

// UnsetWaker takes the slot back. ActComplete: nothing was changed, the
// completing party may be reading the slot, and the output is the caller's.
//
//	JW¬C → ¬W. RMWs: 1; complete 0.
func (s *State) UnsetWaker() Action {
	act, _ := s.decide("UnsetWaker", Snapshot.unsetWaker)
	return act
}

// UnsetWakerAfterComplete is the completing party's: the joiner was woken. If
// the word that it returns has no JOIN_INTEREST the slot is the caller's to
// empty, else the handle's.
//
//	CW → ¬W. RMWs: 1, an add.
func (s *State) UnsetWakerAfterComplete() Snapshot {
	if debugging {
		return s.applied("UnsetWakerAfterComplete", Snapshot.unsetWakerAfterComplete)
	}
	n := s.sub(flagJoinWaker)
	if n&(flagComplete|flagJoinWaker) != flagComplete {
		s.misuse("UnsetWakerAfterComplete", n+flagJoinWaker)
	}
	return n
}

// ToJoinHandleDropped gives up JOIN_INTEREST, after the caller destroyed what
// the word it saw said was its own, then settles. ActRetry: COMPLETE or
// JOIN_WAKER changed since; nothing was changed.
//
//	J → ¬J. RMWs: 1; retry 0.
func (s *State) ToJoinHandleDropped(seen Snapshot) Action {
	for {
		old := s.Load()
		next, act := old.toJoinHandleDropped(seen)
		switch {
		case act == ActRetry:
			return act
		case act == ActMisuse:
			s.misuse("ToJoinHandleDropped", old)
		case s.cas(old, next):
			return s.resolve(next, act)
		}
	}
}

// Pin forbids that the task's memory is ever recycled: an uncounted pointer to
// it is about to be handed out.
//
//	J or R → P. RMWs: 1; pinned before 0.
func (s *State) Pin() { s.decide("Pin", Snapshot.pin) }

// RefInc counts one more waker. The caller holds one, or a claim, or owns the task.
//
//	refs → refs+1. RMWs: 1, an add.
func (s *State) RefInc() {
	if debugging {
		s.apply("RefInc", Snapshot.refInc)
		return
	}
	if !s.refInc() {
		s.refIncSlow()
	}
}

// refInc reports whether the count went from a sound value to another; if
// not, refIncSlow looks closer.
func (s *State) refInc() bool {
	return s.w.Add(uint64(refOne))-uint64(2*refOne) < uint64(refLimit-2*refOne)
}

// refIncSlow sees the first waker of a task, and every misuse. The claim that
// the caller has, if it has one, still stands in the word.
func (s *State) refIncSlow() {
	n := s.Load()
	if n >= refLimit || n < refOne || n < 2*refOne && !n.held() {
		s.misuse("RefInc", n-refOne)
	}
}

// RefDec gives back one waker, then settles.
//
//	refs → refs−1. RMWs: 1, an add; settling an orphan 2.
func (s *State) RefDec() Action {
	if debugging {
		return s.apply("RefDec", Snapshot.refDec)
	}
	if n := s.sub(refOne); int64(n) < int64(refOne) {
		return s.refDecSlow(n)
	}
	return ActNone
}

// refDecSlow sees the last waker dropped, and every misuse.
func (s *State) refDecSlow(n Snapshot) Action {
	if int64(n) < 0 {
		s.misuse("RefDec", n+refOne)
	}
	return s.settle(n)
}

// settle ends the caller's part in a word that its own RMW returned. Release
// is decided on that word alone. The last run of a task that nobody can wake
// is claimed by a CAS in a loop, since a joiner may change JOIN_WAKER in
// between; the word may meanwhile be the next tenant's, which is then as
// unreachable, so nothing but the word is read before the CAS succeeds.
func (s *State) settle(n Snapshot) Action { return s.resolve(n, n.after()) }

func (s *State) resolve(n Snapshot, act Action) Action {
	for act == ActSettle {
		next, claim := n.settle()
		if claim == ActNone || s.cas(n, next) {
			return claim
		}
		n = s.Load()
	}
	return act
}
