package rouse

// The verbs of level 0: the transitions that a work loop needs, under the
// names that it would give them.

// Notify records that there is work. If it reports true the state was idle:
// the caller owns the notification, and must see to it that Begin is called,
// once. Otherwise someone else will, or the state is closed and finished.
//
//	¬R¬C¬N → N, true; R or N → N, false; C → unchanged, false. RMWs: 1; complete 0.
func (s *State) Notify() bool { return s.ToNotifiedByRef() == ActSubmit }

// Begin turns the notification into the run. If it reports false the state is
// closed: the caller holds the run all the same, cleans up, and calls Finish.
//
//	N¬R¬C → R¬N. RMWs: 1.
func (s *State) Begin() bool { return s.ToRunning() == ActPoll }

// End gives up the run. If it reports true a Notify or a Close came
// meanwhile: the caller owns the notification, and calls Begin again, at once
// or from a queue.
//
//	R → ¬R; true if N. RMWs: 1.
func (s *State) End() bool {
	if debugging {
		return s.apply("State.End", Snapshot.end) == ActSubmit
	}
	n := s.sub(flagRunning)
	if n&runMask != 0 {
		s.misuse("State.End", n+flagRunning)
	}
	if n.has(flagNotified) {
		return true
	}
	if n < refOne && n.has(flagUnowned|flagOrphanable) {
		return s.settle(n) == ActSubmit
	}
	return false
}

// Yield gives up the run with work left: the caller owns the notification.
//
//	R → N¬R. RMWs: 1.
func (s *State) Yield() { s.apply("State.Yield", Snapshot.yield) }

// Close ends the state at its next run. If it reports true there was none
// coming: the caller holds the run, cleans up, and calls Finish. Otherwise the
// runner will see it, or it was closed before.
//
//	idle → R|CANCELLED, true; R or N → N|CANCELLED, false; else unchanged. RMWs: 1; closed before 0.
func (s *State) Close() bool { return s.ToClosed() == ActCancel }

// CheckOrphans says that from now on only counted wakers, those of RefInc, will
// notify this state. The caller holds the notification or the run. When it is
// pending and the last of them is given back, that End or RefDec asks for one
// more run (true, ActSubmit), in which Begin reports false: nobody was left who
// could notify it.
//
//	N or R → ORPHANABLE. RMWs: 1; set before 0.
func (s *State) CheckOrphans() { s.apply("State.CheckOrphans", Snapshot.checkOrphans) }

// Finish gives up the run for ever.
//
//	R → C¬R. RMWs: 1.
func (s *State) Finish() { s.ToFinished(false) }
