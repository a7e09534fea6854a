package rouse

// The rules of the machine, each once, as a pure function of the word. Each takes
// the word as it was, and returns the word as it shall be and what the caller has
// to do next. If the rule forbids the transition it returns the word unchanged
// and actMisuse.
//
// State applies the rules to the word atomically. Where it replaces a rule by a
// single add, a test proves the two equal for every word. TRANSITIONS.md is
// generated from this file, which relies on snapshot.go alone.

// cancelled returns s with CANCELLED set, and with the cause c unless there was
// an earlier one.
func (s Snapshot) cancelled(c Cause) Snapshot {
	if s.has(flagCancelled) {
		return s
	}
	return s | flagCancelled | Snapshot(c)<<causeShift
}

// after returns what the caller must do about the word that its own RMW
// produced.
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

// unlinked returns s with UNOWNED set if u is true: if the caller has taken the
// task off the list that owned it.
func (s Snapshot) unlinked(u bool) Snapshot {
	if u {
		s |= flagUnowned
	}
	return s
}

// only reports whether, of the flags in mask, exactly those in want are set.
func (s Snapshot) only(want, mask Snapshot) bool { return s&mask == want }

// Whoever holds the run of a task that has not ended sees RUNNING alone of
// runMask. A misuse shows as one of bad.
const (
	bad     = flagGuard | flagPoisoned
	runMask = flagRunning | flagComplete | bad
)

// toRunning turns the Notified into the run.
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

// dropNotified turns the Notified into the run, which cancels the task.
func (s Snapshot) dropNotified() (Snapshot, action) {
	s, act := s.toRunning()
	if act == actPoll {
		act = actCancel
	}
	return s, act
}

// toIdle gives up the run of a task whose poll was not ready. If the task was
// woken and cancelled meanwhile the caller has the run again, to cancel it.
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

// toComplete publishes the outcome, and keeps the run for the rest of the ending.
func (s Snapshot) toComplete() (Snapshot, action) {
	if !s.only(flagRunning, runMask) {
		return s, actMisuse
	}
	return s + flagComplete, actNone
}

// toTerminal gives up the run of a task whose outcome is published.
func (s Snapshot) toTerminal(unlinked bool) (Snapshot, action) {
	if !s.only(flagRunning|flagComplete, runMask) || unlinked && s.has(flagUnowned) {
		return s, actMisuse
	}
	s = s.unlinked(unlinked) - flagRunning
	return s, s.after()
}

// toFinished is toComplete and toTerminal in one. It is for a caller that saw
// JOIN_INTEREST clear while it held the run: the flag is never set again.
func (s Snapshot) toFinished(unlinked bool) (Snapshot, action) {
	if !s.only(flagRunning, runMask|flagJoinInterest) || unlinked && s.has(flagUnowned) {
		return s, actMisuse
	}
	s = s.unlinked(unlinked) + flagComplete - flagRunning
	return s, s.after()
}

// toNotifiedByRef wakes the task.
func (s Snapshot) toNotifiedByRef() (Snapshot, action) {
	switch {
	case s.has(flagForeign):
		return s, actForeign
	case s.has(flagComplete):
		return s, actComplete
	case s.has(flagRunning | flagNotified | flagSuspended):
		return s | flagNotified, actNone
	}
	return s | flagNotified, actSubmit
}

// toNotifiedByVal wakes the task and gives back the caller's waker.
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

// toNotifiedAndCancel asks the task to end at its next run.
func (s Snapshot) toNotifiedAndCancel(c Cause) (Snapshot, action) {
	switch {
	case s.has(flagComplete | flagCancelled):
		return s, actNone
	case s.has(flagRunning | flagNotified):
		return s.cancelled(c) | flagNotified, actRecorded
	}
	return s.cancelled(c) | flagNotified, actSubmit
}

// toShutdown cancels a task that the caller has taken off the list that owned it.
// If the task was idle the caller has the run.
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

// toClosed cancels a task for its owner, who stays its owner. If no run was under
// way or owed the caller has it. The suspension of a State ends here.
func (s Snapshot) toClosed() (Snapshot, action) {
	switch {
	case s.has(flagComplete | flagCancelled):
		return s, actNone
	case s.owed():
		return s.resumed().cancelled(CauseClosed) | flagNotified, actRecorded
	}
	return s.resumed().cancelled(CauseClosed)&^flagNotified | flagRunning, actCancel
}

// toDisowned gives up the caller's ownership.
func (s Snapshot) toDisowned() (Snapshot, action) {
	if s.has(flagUnowned | bad) {
		return s, actMisuse
	}
	s |= flagUnowned
	return s, s.after()
}

// settle claims the last run of a task that nobody can wake. It decides on the
// word alone, because the word may already belong to the next task in recycled
// memory. An orphan that is to be kept gets an ordinary run instead, and is not
// checked again.
func (s Snapshot) settle() (Snapshot, action) {
	if s.after() != actSettle {
		return s, actNone
	}
	if s.only(flagOrphanable|flagKeep, flagOrphanable|flagKeep) {
		return s - flagOrphanable | flagNotified, actReport
	}
	return s.cancelled(CauseOrphaned) | flagNotified, actSubmit
}

// setJoinWaker hands the filled slot of the join waker to the party that will
// complete the task.
func (s Snapshot) setJoinWaker() (Snapshot, action) {
	if !s.only(flagJoinInterest, flagJoinInterest|flagJoinWaker) {
		return s, actMisuse
	}
	if s.has(flagComplete) {
		return s, actComplete
	}
	return s | flagJoinWaker, actNone
}

// unsetWaker takes the slot back. It looks at COMPLETE first: once that is set,
// JOIN_WAKER may have been cleared by the party that completed the task.
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

// unsetWakerAfterComplete gives the slot back to the JoinHandle, if there is one
// still, after its waker was woken.
func (s Snapshot) unsetWakerAfterComplete() (Snapshot, action) {
	if !s.only(flagComplete|flagJoinWaker, flagComplete|flagJoinWaker) {
		return s, actMisuse
	}
	return s - flagJoinWaker, actNone
}

// toJoinerWoken is unsetWakerAfterComplete and toTerminal in one, if there is a
// JoinHandle still: the handle keeps the word from being dead, so nothing follows.
// Otherwise it gives up only JOIN_WAKER.
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

// toJoinHandleDropped gives up JOIN_INTEREST, unless COMPLETE or JOIN_WAKER is no
// longer as in the word that the caller saw and acted upon: these two decide who
// destroys the output and the waker.
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

// pin forbids that the task's memory is ever recycled. Something must keep the
// task from being released meanwhile.
func (s Snapshot) pin() (Snapshot, action) {
	if !s.has(flagJoinInterest) && s.Refs() < 1 && !s.mayClone() {
		return s, actMisuse
	}
	return s | flagPinned, actNone
}

// mayClone reports whether somebody may make the first waker, or a pin: an owner,
// the runner, or the holder of the Notified.
func (s Snapshot) mayClone() bool {
	return !s.has(flagUnowned) || s.has(flagRunning) || s.only(flagNotified, flagNotified|flagComplete)
}

// refInc counts one more waker.
func (s Snapshot) refInc() (Snapshot, action) {
	if s.Refs() < 0 || s.Refs() == 0 && !s.mayClone() || s+refOne >= refLimit {
		return s, actMisuse
	}
	return s + refOne, actNone
}

// refDec counts one waker less.
func (s Snapshot) refDec() (Snapshot, action) {
	if s.Refs() < 1 {
		return s, actMisuse
	}
	s -= refOne
	return s, s.after()
}
