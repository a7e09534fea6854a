package rouse

// Level 0: the verbs of a State that stands alone. Their rules are at the end; those
// that a task has too are in transition.go. It relies on state.go.

// Notify records that there is work. If it reports true the state was idle:
// the caller owns the notification, and must see to it that Begin is called
// once. Otherwise a run that is still to come will see the work, or the state
// is closed and finished. Cost: one atomic operation; none if finished.
func (s *State) Notify() bool { return s.toNotifiedByRef() == actSubmit }

// TryNotify is Notify for a caller that wants to know whether the state is
// closed. If ok is false it is, from the moment of Close, and nothing was
// recorded. Otherwise a run will see the work, and if start is true, the caller
// owns the notification as after Notify.
//
// Whoever looks for work takes the lock of the queue. If the caller holds that
// lock over both TryNotify and the push, in any order, then exactly what was not
// refused is handled. Without a lock the push comes first, and work that was
// refused may have been handled all the same. Cost: one atomic operation; none
// if closed.
func (s *State) TryNotify() (start, ok bool) {
	act := s.tryNotify()
	return act == actSubmit, act != actComplete
}

// Begin turns the notification, which the caller owns, into the run. If it
// reports false the state was closed: the caller holds the run all the same,
// cleans up, and calls Finish. Cost: one atomic add; suspended meanwhile two
// operations.
func (s *State) Begin() bool { return s.begin() == actPoll }

// End gives up the run. If it reports true a Notify or a Close came during the
// run: the caller owns the notification, and calls Begin again, at once or
// later from a queue. If the state was suspended End reports false, and whatever
// came is kept for Resume. Cost: one atomic add.
func (s *State) End() bool {
	if debugging {
		return s.apply("State.End", notRunning, Snapshot.end) == actSubmit
	}
	n := s.sub(flagRunning)
	if n&runMask != 0 {
		s.misuse("State.End", notRunning, n+flagRunning)
	}
	return n&(flagNotified|flagSuspended) == flagNotified
}

// Yield gives up the run with work left. If it reports true the caller owns the
// notification, and calls Begin again later. It reports false if the state was
// suspended: then the work is left to Resume. Cost: one atomic operation.
func (s *State) Yield() bool { return s.apply("State.Yield", notRunning, Snapshot.yield) == actSubmit }

// Close ends the state at its next run. If it reports true there was none to
// come: the caller holds the run, cleans up, and calls Finish. Otherwise
// whoever owns the notification or the run sees the close, or the state was
// closed before. Close ends a suspension. Cost: one atomic operation; none if it
// was closed before.
func (s *State) Close() bool { return s.toClosed() == actCancel }

// Finish gives up the run for ever. If it reports false the state was notified
// since the run began, and has not ended: the caller still holds the run, looks
// for work once more, and calls Finish again. So no work is lost that Notify or
// TryNotify accepted. A run may call Finish although nobody has called Close.
// Cost: one atomic operation.
func (s *State) Finish() bool { return s.apply("State.Finish", notRunning, Snapshot.finish) != actPoll }

// Open makes a state that was finished idle again, so that it can be notified
// and closed as before. It reports false, and changes nothing, if the state is
// not finished. What the owner wrote before Open happens before the next run.
// Cost: one atomic operation; none if it is not finished.
func (s *State) Open() bool {
	return s.apply("State.Open", "it was misused before", Snapshot.toOpen) == actNone
}

// Suspend lets no run begin before Resume, except one that is owed already: the
// owner of that notification still begins it. It reports whether no run is in
// progress or owed; then what the runs use is the caller's until Resume or Close.
// A run may suspend its own state, and gives up the run by End or Yield as usual.
// Suspend may be called before the state is first used, or before it is opened
// again, to take work before it is started. It has no effect while the state is
// closed and not finished. Cost: one atomic operation; none if it is suspended
// already.
func (s *State) Suspend() bool { return s.apply("", "", Snapshot.toSuspended) == actNone }

// Resume ends the suspension. If it reports true there was a notification
// meanwhile, or a run has yielded: the caller owns the notification, as after
// Notify. Cost: one atomic operation; none if the state is not suspended.
func (s *State) Resume() bool { return s.apply("", "", Snapshot.toResumed) == actSubmit }

// begin is toRunning of a State that may be suspended. If that happened while
// the run was owed, this run is now the last.
//
//	N¬R¬C¬S → R¬N; D: also S¬D. The caller owns the run. RMWs: 1, an add; D 2.
func (s *State) begin() action {
	if debugging {
		act, n := s.decide("State.Begin", notOwed, Snapshot.begin)
		s.begun(n)
		return act
	}
	n := s.sub(flagNotified - flagRunning)
	if n&(runMask|flagNotified|flagCancelled|flagSuspended|flagSuspending) == flagRunning {
		return actPoll
	}
	return s.beginSlow(n)
}

func (s *State) beginSlow(n Snapshot) action {
	if n.has(flagSuspended) {
		s.misuse("State.Begin", notOwed, n+flagNotified-flagRunning)
	}
	act := s.toRunningSlow("State.Begin", n)
	s.begun(n)
	return act
}

// begun comes after a begin that left n.
func (s *State) begun(n Snapshot) {
	if n.has(flagSuspending) {
		s.apply("", "", Snapshot.begun)
	}
}

// tryNotify is toNotifiedByRef of a State that may be closed: actComplete says
// that it is.
//
//	C or X → unchanged; else N. RMWs: 1; closed 0.
func (s *State) tryNotify() action {
	for {
		old := s.Load()
		switch {
		case old&(flagComplete|flagCancelled) != 0:
			return actComplete
		case old&flagNotified != 0: // as in toNotifiedByRef
			if s.add(0)&(flagNotified|flagComplete|flagCancelled) == flagNotified {
				return actNone
			}
		case s.cas(old, old|flagNotified):
			if old&(flagRunning|flagSuspended) != 0 {
				return actNone
			}
			return actSubmit
		}
	}
}

// The rules that only a State has that stands alone. Its callers run loops of
// their own: no wakers are counted, and Begin tells of a cancellation.

// owed reports whether somebody has the run, or is going to begin it.
func (s Snapshot) owed() bool {
	return s.has(flagRunning) || s.only(flagNotified, flagNotified|flagSuspended)
}

func (s Snapshot) resumed() Snapshot { return s &^ (flagSuspended | flagSuspending) }

// tryNotify is toNotifiedByRef for a caller that is refused by a closed State.
func (s Snapshot) tryNotify() (Snapshot, action) {
	if s.has(flagComplete | flagCancelled) {
		return s, actComplete
	}
	return s.toNotifiedByRef()
}

// begin is toRunning of a State. That of a suspended one is nobody's to begin.
func (s Snapshot) begin() (Snapshot, action) {
	if s.has(flagSuspended) {
		return s, actMisuse
	}
	return s.toRunning()
}

// begun comes after begin of a State that was suspended while that run was owed.
// No other run begins once this one ends.
func (s Snapshot) begun() (Snapshot, action) {
	if s.has(flagSuspending) {
		s = s.resumed() | flagSuspended
	}
	return s, actPoll
}

// end gives up the run.
func (s Snapshot) end() (Snapshot, action) {
	if !s.only(flagRunning, runMask) {
		return s, actMisuse
	}
	s -= flagRunning
	if s.only(flagNotified, flagNotified|flagSuspended) {
		return s, actSubmit
	}
	return s, actNone
}

// yield gives up the run with work left.
func (s Snapshot) yield() (Snapshot, action) {
	if !s.only(flagRunning, runMask) {
		return s, actMisuse
	}
	return (s | flagNotified).end()
}

// finish ends a State. If it was notified since the run began the caller keeps the
// run, to look again.
func (s Snapshot) finish() (Snapshot, action) {
	switch {
	case !s.only(flagRunning, runMask):
		return s, actMisuse
	case s.has(flagNotified):
		return s - flagNotified, actPoll
	}
	return s - flagRunning + flagComplete, actNone
}

// toSuspended lets no run begin any more, but for one that is owed already: then
// the caller gets actRecorded, as of one that is under way.
func (s Snapshot) toSuspended() (Snapshot, action) {
	switch {
	case s.Suspended() || s.only(flagCancelled, flagCancelled|flagComplete):
	case s.only(flagNotified, flagNotified|flagRunning|flagComplete):
		s |= flagSuspending
	default:
		s |= flagSuspended
	}
	if s.owed() && !s.has(flagComplete) {
		return s, actRecorded
	}
	return s, actNone
}

// toResumed ends the suspension. The notification that came meanwhile is the
// caller's.
func (s Snapshot) toResumed() (Snapshot, action) {
	if s.only(flagSuspended|flagNotified, flagSuspended|flagNotified|flagRunning|flagComplete) {
		return s.resumed(), actSubmit
	}
	return s.resumed(), actNone
}

// toOpen makes a State that was finished idle again.
func (s Snapshot) toOpen() (Snapshot, action) {
	switch {
	case s.has(bad):
		return s, actMisuse
	case !s.only(flagComplete, runMask):
		return s, actRetry
	}
	return s & flagSuspended, actNone
}
