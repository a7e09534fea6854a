package rouse

// The rules of the machine, each once, as a pure function of the word. The
// atomic layer in state.go applies them; where it replaces one by a single
// add, a test proves the two equal on every word. TRANSITIONS.md is generated
// from this file.

// cancelled returns s with CANCELLED set. The first cause wins.
func (s Snapshot) cancelled(c Cause) Snapshot {
	if s.has(flagCancelled) {
		return s
	}
	return s | flagCancelled | Snapshot(c)<<causeShift
}

// after names what a word, that the caller's own RMW returned, asks for.
func (s Snapshot) after() action {
	switch {
	case s >= refOne:
		return actNone
	case s.has(flagComplete):
		if s.Dead() {
			return actRelease
		}
		return actNone
	case s.Dead() || s.Orphaned():
		return actSettle
	}
	return actNone
}

func (s Snapshot) unlinked(u bool) Snapshot {
	if u {
		s |= flagUnowned
	}
	return s
}

// only reports whether exactly want is set among mask.
func (s Snapshot) only(want, mask Snapshot) bool { return s&mask == want }

const (
	bad     = flagGuard | flagPoisoned
	runMask = flagRunning | flagComplete | bad
)

func (s Snapshot) toRunning() (Snapshot, action) {
	if !s.only(flagNotified, runMask|flagNotified) {
		return s, actMisuse
	}
	s -= flagNotified - flagRunning
	if s.has(flagCancelled) {
		return s, actCancel
	}
	return s, actPoll
}

func (s Snapshot) dropNotified() (Snapshot, action) {
	s, act := s.toRunning()
	if act == actPoll {
		act = actCancel
	}
	return s, act
}

func (s Snapshot) toIdle() (Snapshot, action) {
	if !s.only(flagRunning, runMask) {
		return s, actMisuse
	}
	s -= flagRunning
	switch {
	case !s.has(flagNotified):
		return s, s.after()
	case s.has(flagCancelled):
		return s.toRunning()
	}
	return s, actYield
}

// end is toIdle for an owner that runs its own loop: nobody counts its wakers,
// and it leaves a cancellation to its next Begin.
func (s Snapshot) end() (Snapshot, action) {
	if !s.only(flagRunning, runMask) {
		return s, actMisuse
	}
	s -= flagRunning
	if s.has(flagNotified) {
		return s, actSubmit
	}
	return s, actNone
}

func (s Snapshot) yield() (Snapshot, action) {
	if !s.only(flagRunning, runMask) {
		return s, actMisuse
	}
	return s - flagRunning | flagNotified, actSubmit
}

func (s Snapshot) toComplete() (Snapshot, action) {
	if !s.only(flagRunning, runMask) {
		return s, actMisuse
	}
	return s + flagComplete, actNone
}

func (s Snapshot) toTerminal(unlinked bool) (Snapshot, action) {
	if !s.only(flagRunning|flagComplete, runMask) || unlinked && s.has(flagUnowned) {
		return s, actMisuse
	}
	s = s.unlinked(unlinked) - flagRunning
	return s, s.after()
}

// toFinished is toComplete and toTerminal in one, for a word whose
// JOIN_INTEREST was seen clear while RUNNING was held: it never returns.
func (s Snapshot) toFinished(unlinked bool) (Snapshot, action) {
	if !s.only(flagRunning, runMask|flagJoinInterest) || unlinked && s.has(flagUnowned) {
		return s, actMisuse
	}
	s = s.unlinked(unlinked) + flagComplete - flagRunning
	return s, s.after()
}

func (s Snapshot) toNotifiedByRef() (Snapshot, action) {
	switch {
	case s.has(flagForeign):
		return s, actForeign
	case s.has(flagComplete):
		return s, actComplete
	case s.has(flagRunning | flagNotified):
		return s | flagNotified, actNone
	}
	return s | flagNotified, actSubmit
}

func (s Snapshot) toNotifiedByVal() (Snapshot, action) {
	if s.Refs() < 1 {
		return s, actMisuse
	}
	next, act := s.toNotifiedByRef()
	if act == actForeign {
		return s, act
	}
	next -= refOne
	if act == actComplete {
		act = next.after()
	}
	return next, act
}

func (s Snapshot) toNotifiedAndCancel(c Cause) (Snapshot, action) {
	switch {
	case s.has(flagComplete | flagCancelled):
		return s, actNone
	case s.has(flagRunning | flagNotified):
		return s.cancelled(c) | flagNotified, actRecorded
	}
	return s.cancelled(c) | flagNotified, actSubmit
}

func (s Snapshot) toShutdown() (Snapshot, action) {
	if s.has(flagUnowned) {
		return s, actMisuse
	}
	s |= flagUnowned
	switch {
	case s.has(flagComplete):
		return s, s.after()
	case s.has(flagRunning):
		return s.cancelled(CauseShutdown) | flagNotified, actNone
	case s.has(flagNotified):
		return s.cancelled(CauseShutdown), actNone
	}
	return s.cancelled(CauseShutdown) | flagRunning, actCancel
}

func (s Snapshot) toClosed() (Snapshot, action) {
	switch {
	case s.has(flagComplete | flagCancelled):
		return s, actNone
	case s.has(flagRunning | flagNotified):
		return s.cancelled(CauseClosed) | flagNotified, actRecorded
	}
	return s.cancelled(CauseClosed) | flagRunning, actCancel
}

func (s Snapshot) toDisowned() (Snapshot, action) {
	if s.has(flagUnowned | bad) {
		return s, actMisuse
	}
	s |= flagUnowned
	return s, s.after()
}

// settle claims the last run of a task that nobody can wake. It decides on the
// word alone, which may already belong to the next tenant of a recycled cell. A
// task that is to be kept gets a run that is not the last, and is checked no more.
func (s Snapshot) settle() (Snapshot, action) {
	if s.after() != actSettle {
		return s, actNone
	}
	if s.only(flagOrphanable|flagKeep, flagOrphanable|flagKeep) {
		return s - flagOrphanable | flagNotified, actReport
	}
	return s.cancelled(CauseOrphaned) | flagNotified, actSubmit
}

func (s Snapshot) setJoinWaker() (Snapshot, action) {
	if !s.only(flagJoinInterest, flagJoinInterest|flagJoinWaker) {
		return s, actMisuse
	}
	if s.has(flagComplete) {
		return s, actComplete
	}
	return s | flagJoinWaker, actNone
}

// unsetWaker looks at COMPLETE before it asserts JOIN_WAKER, which the
// completing party clears.
func (s Snapshot) unsetWaker() (Snapshot, action) {
	switch {
	case !s.has(flagJoinInterest):
		return s, actMisuse
	case s.has(flagComplete):
		return s, actComplete
	case !s.has(flagJoinWaker):
		return s, actMisuse
	}
	return s &^ flagJoinWaker, actNone
}

func (s Snapshot) unsetWakerAfterComplete() (Snapshot, action) {
	if !s.only(flagComplete|flagJoinWaker, flagComplete|flagJoinWaker) {
		return s, actMisuse
	}
	return s - flagJoinWaker, actNone
}

// toJoinerWoken returns the slot, whose waker was woken. If a handle exists the
// slot is the handle's, and the run goes with it: the handle keeps the word
// from being dead, so that nothing follows.
func (s Snapshot) toJoinerWoken() (Snapshot, action) {
	if !s.only(flagRunning|flagComplete|flagJoinWaker, runMask|flagJoinWaker) {
		return s, actMisuse
	}
	s -= flagJoinWaker
	if !s.has(flagJoinInterest) {
		return s, actEmpty
	}
	return s - flagRunning, actNone
}

// toJoinHandleDropped gives up JOIN_INTEREST, provided that who owns the
// output and the slot is still what the holder saw and acted upon.
func (s Snapshot) toJoinHandleDropped(seen Snapshot) (Snapshot, action) {
	if !s.has(flagJoinInterest) {
		return s, actMisuse
	}
	if (s^seen)&(flagComplete|flagJoinWaker) != 0 {
		return s, actRetry
	}
	s -= flagJoinInterest
	return s, s.after()
}

func (s Snapshot) pin() (Snapshot, action) {
	if !s.has(flagJoinInterest | flagRunning) {
		return s, actMisuse
	}
	return s | flagPinned, actNone
}

// mayClone reports whether somebody may clone the first waker: an owner, who also
// wakes without one, the runner, or whoever has the Notified.
func (s Snapshot) mayClone() bool {
	return !s.has(flagUnowned) || s.has(flagRunning) || s.only(flagNotified, flagNotified|flagComplete)
}

func (s Snapshot) refInc() (Snapshot, action) {
	if s.Refs() < 0 || s.Refs() == 0 && !s.mayClone() || s+refOne >= refLimit {
		return s, actMisuse
	}
	return s + refOne, actNone
}

func (s Snapshot) refDec() (Snapshot, action) {
	if s.Refs() < 1 {
		return s, actMisuse
	}
	s -= refOne
	return s, s.after()
}
