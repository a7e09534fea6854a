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
func (s Snapshot) after() Action {
	switch {
	case s >= refOne:
		return ActNone
	case s.has(flagComplete):
		if s.Dead() {
			return ActRelease
		}
		return ActNone
	case s.Dead() || s.Orphaned():
		return ActSettle
	}
	return ActNone
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

func (s Snapshot) toRunning() (Snapshot, Action) {
	if !s.only(flagNotified, runMask|flagNotified) {
		return s, ActMisuse
	}
	s -= flagNotified - flagRunning
	if s.has(flagCancelled) {
		return s, ActCancel
	}
	return s, ActPoll
}

func (s Snapshot) dropNotified() (Snapshot, Action) {
	s, act := s.toRunning()
	if act == ActPoll {
		act = ActCancel
	}
	return s, act
}

func (s Snapshot) toIdle() (Snapshot, Action) {
	if !s.only(flagRunning, runMask) {
		return s, ActMisuse
	}
	s -= flagRunning
	switch {
	case !s.has(flagNotified):
		return s, s.after()
	case s.has(flagCancelled):
		return s.toRunning()
	}
	return s, ActYield
}

// end is toIdle for an owner that runs its own loop: it leaves the
// cancellation to the next Begin.
func (s Snapshot) end() (Snapshot, Action) {
	if !s.only(flagRunning, runMask) {
		return s, ActMisuse
	}
	s -= flagRunning
	if s.has(flagNotified) {
		return s, ActSubmit
	}
	return s, s.after()
}

func (s Snapshot) yield() (Snapshot, Action) {
	if !s.only(flagRunning, runMask) {
		return s, ActMisuse
	}
	return s - flagRunning | flagNotified, ActSubmit
}

func (s Snapshot) toComplete() (Snapshot, Action) {
	if !s.only(flagRunning, runMask) {
		return s, ActMisuse
	}
	return s + flagComplete, ActNone
}

func (s Snapshot) toTerminal(unlinked bool) (Snapshot, Action) {
	if !s.only(flagRunning|flagComplete, runMask) || unlinked && s.has(flagUnowned) {
		return s, ActMisuse
	}
	s = s.unlinked(unlinked) - flagRunning
	return s, s.after()
}

// toFinished is toComplete and toTerminal in one, for a word whose
// JOIN_INTEREST was seen clear while RUNNING was held: it never returns.
func (s Snapshot) toFinished(unlinked bool) (Snapshot, Action) {
	if !s.only(flagRunning, runMask|flagJoinInterest) || unlinked && s.has(flagUnowned) {
		return s, ActMisuse
	}
	s = s.unlinked(unlinked) + flagComplete - flagRunning
	return s, s.after()
}

func (s Snapshot) toNotifiedByRef() (Snapshot, Action) {
	switch {
	case s.has(flagComplete):
		return s, ActComplete
	case s.has(flagRunning | flagNotified):
		return s | flagNotified, ActNone
	}
	return s | flagNotified, ActSubmit
}

func (s Snapshot) toNotifiedByVal() (Snapshot, Action) {
	if s.Refs() < 1 {
		return s, ActMisuse
	}
	next, act := s.toNotifiedByRef()
	next -= refOne
	if act == ActComplete {
		act = next.after()
	}
	return next, act
}

func (s Snapshot) toNotifiedAndCancel(c Cause) (Snapshot, Action) {
	switch {
	case s.has(flagComplete | flagCancelled):
		return s, ActNone
	case s.has(flagRunning | flagNotified):
		return s.cancelled(c) | flagNotified, ActRecorded
	}
	return s.cancelled(c) | flagNotified, ActSubmit
}

func (s Snapshot) toShutdown() (Snapshot, Action) {
	if s.has(flagUnowned) {
		return s, ActMisuse
	}
	s |= flagUnowned
	switch {
	case s.has(flagComplete):
		return s, s.after()
	case s.has(flagRunning):
		return s.cancelled(CauseShutdown) | flagNotified, ActNone
	case s.has(flagNotified):
		return s.cancelled(CauseShutdown), ActNone
	}
	return s.cancelled(CauseShutdown) | flagRunning, ActCancel
}

func (s Snapshot) toClosed() (Snapshot, Action) {
	switch {
	case s.has(flagComplete | flagCancelled):
		return s, ActNone
	case s.has(flagRunning | flagNotified):
		return s.cancelled(CauseClosed) | flagNotified, ActRecorded
	}
	return s.cancelled(CauseClosed) | flagRunning, ActCancel
}

func (s Snapshot) toDisowned() (Snapshot, Action) {
	if s.has(flagUnowned | bad) {
		return s, ActMisuse
	}
	s |= flagUnowned
	return s, s.after()
}

// settle claims the last run of a task that nobody can wake. It decides on the
// word alone, which may already belong to the next tenant of a recycled cell. A
// task that is to be kept gets a run that is not the last, and is checked no more.
func (s Snapshot) settle() (Snapshot, Action) {
	if s.after() != ActSettle {
		return s, ActNone
	}
	if s.only(flagOrphanable|flagKeep, flagOrphanable|flagKeep) {
		return s - flagOrphanable | flagNotified, ActReport
	}
	return s.cancelled(CauseOrphaned) | flagNotified, ActSubmit
}

func (s Snapshot) setJoinWaker() (Snapshot, Action) {
	if !s.only(flagJoinInterest, flagJoinInterest|flagJoinWaker) {
		return s, ActMisuse
	}
	if s.has(flagComplete) {
		return s, ActComplete
	}
	return s | flagJoinWaker, ActNone
}

// unsetWaker looks at COMPLETE before it asserts JOIN_WAKER, which the
// completing party clears.
func (s Snapshot) unsetWaker() (Snapshot, Action) {
	switch {
	case !s.has(flagJoinInterest):
		return s, ActMisuse
	case s.has(flagComplete):
		return s, ActComplete
	case !s.has(flagJoinWaker):
		return s, ActMisuse
	}
	return s &^ flagJoinWaker, ActNone
}

func (s Snapshot) unsetWakerAfterComplete() (Snapshot, Action) {
	if !s.only(flagComplete|flagJoinWaker, flagComplete|flagJoinWaker) {
		return s, ActMisuse
	}
	return s - flagJoinWaker, ActNone
}

// toJoinHandleDropped gives up JOIN_INTEREST, provided that who owns the
// output and the slot is still what the holder saw and acted upon.
func (s Snapshot) toJoinHandleDropped(seen Snapshot) (Snapshot, Action) {
	if !s.has(flagJoinInterest) {
		return s, ActMisuse
	}
	if (s^seen)&(flagComplete|flagJoinWaker) != 0 {
		return s, ActRetry
	}
	s -= flagJoinInterest
	return s, s.after()
}

func (s Snapshot) pin() (Snapshot, Action) {
	if !s.has(flagJoinInterest | flagRunning) {
		return s, ActMisuse
	}
	return s | flagPinned, ActNone
}

func (s Snapshot) checkOrphans() (Snapshot, Action) {
	if !s.has(flagRunning|flagNotified) || s.has(bad) {
		return s, ActMisuse
	}
	return s | flagOrphanable, ActNone
}

// held reports whether somebody may clone the first waker: an owner, who also
// wakes without one, the runner, or whoever has the Notified.
func (s Snapshot) held() bool {
	return !s.has(flagUnowned) || s.has(flagRunning) || s.only(flagNotified, flagNotified|flagComplete)
}

func (s Snapshot) refInc() (Snapshot, Action) {
	if s.Refs() < 0 || s.Refs() == 0 && !s.held() || s+refOne >= refLimit {
		return s, ActMisuse
	}
	return s + refOne, ActNone
}

func (s Snapshot) refDec() (Snapshot, Action) {
	if s.Refs() < 1 {
		return s, ActMisuse
	}
	s -= refOne
	return s, s.after()
}
