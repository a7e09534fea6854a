package rouse

import "sync/atomic"

// A State is a task's word: its life cycle, its claims and its waker count in
// one uint64. Alone, inside a struct of yours, it is the machine that every
// work loop needs:
//
//	       Notify          Begin           End
//	idle ─────────▶ notified ─────▶ running ─────▶ idle      Notify while running:
//	                   ▲               │                     End reports true
//	                   └───── Yield ───┘
//	Close: the loop sees Begin report false, cleans up and calls Finish.
//
// The zero value is idle and ready. A State must not be copied. All methods
// may be called by any goroutine at any time, but the ones that give up the
// run (End, Yield, Finish) only by the one that holds it. Each costs one
// locked instruction, except that Notify, Close and the other decisions look
// first and cost none where there is nothing to do. Misuse panics with the
// operation and the state, and poisons the task: its word is then beyond
// repair, and it is never released.
//
// Everything written before a Notify happens before the run that it causes or
// joins: a Notify that finds the state notified is still a locked instruction.
//
// It is tokio's task::state::State; the count is of wakers alone, the rest are
// claims.
type State struct {
	_ [0]atomic.Uint64 // 8-byte alignment on 32-bit machines; go vet's copylocks
	w word
}

// Load returns the word.
func (s *State) Load() Snapshot { return Snapshot(s.w.Load()) }

// The transitions carry tokio's names, where it has them. Each returns
// what its caller has to do next. "Settle" means: if the word that this very
// transition produced is dead and complete, ActRelease; if it is unfinished,
// and dead or orphaned, one final, cancelled run is claimed, ActSubmit, or where
// an orphan is to be kept, ActReport, a run like any other; else ActNone.

// ToRunning turns the Notified into the run: ActPoll, or ActCancel.
//
//	N¬R¬C → R¬N. The caller owns the stage. RMWs: 1, an add.
func (s *State) ToRunning() Action {
	if debugging {
		return s.apply("ToRunning", Snapshot.toRunning)
	}
	n := s.sub(flagNotified - flagRunning)
	if n&(runMask|flagNotified|flagCancelled) == flagRunning {
		return ActPoll
	}
	return s.toRunningSlow("ToRunning", n)
}

// DropNotified turns the Notified into the run, to cancel it.
//
//	N¬R¬C → R¬N. The caller owns the stage. RMWs: 1, an add.
func (s *State) DropNotified() Action {
	if debugging {
		return s.apply("DropNotified", Snapshot.dropNotified)
	}
	s.toRunningSlow("DropNotified", s.sub(flagNotified-flagRunning))
	return ActCancel
}

func (s *State) toRunningSlow(op string, n Snapshot) Action {
	if n&(runMask|flagNotified) != flagRunning {
		s.misuse(op, n+flagNotified-flagRunning)
	}
	if n.has(flagCancelled) {
		return ActCancel
	}
	return ActPoll
}

// ToIdle ends a run whose poll was not ready. Woken meanwhile: ActYield, the
// caller owns the Notified; cancelled meanwhile: ActCancel, the caller has the
// run again. Else settle.
//
//	R → ¬R. RMWs: 1, an add; cancelled 2; settling an orphan 2.
func (s *State) ToIdle() Action {
	if debugging {
		return s.apply("ToIdle", Snapshot.toIdle)
	}
	if n := s.sub(flagRunning); !n.atRest() {
		return s.toIdleSlow(n)
	}
	return ActNone
}

// atRest reports whether an idle word asks for nothing at a glance.
func (s Snapshot) atRest() bool {
	return s&(runMask|flagNotified) == 0 && (s >= refOne || s&(flagUnowned|flagOrphanable) == 0)
}

func (s *State) toIdleSlow(n Snapshot) Action {
	switch {
	case n&runMask != 0:
		s.misuse("ToIdle", n+flagRunning)
	case !n.has(flagNotified):
		return s.settle(n)
	case n.has(flagCancelled):
		return s.ToRunning()
	}
	return ActYield
}

// ToComplete publishes the outcome. RUNNING stays, as the claim that covers
// the epilogue. The word that it returns decides who destroys the output
// (¬J: the caller) and whether the joiner is to be woken (W).
//
//	R¬C → RC. RMWs: 1, an add.
func (s *State) ToComplete() Snapshot {
	if debugging {
		return s.applied("ToComplete", Snapshot.toComplete)
	}
	n := s.add(flagComplete)
	if n&runMask != flagRunning|flagComplete {
		s.misuse("ToComplete", n-flagComplete)
	}
	return n
}

// ToTerminal ends the epilogue. unlinked says that the caller took the task
// off its owner list, under the list's lock. Dead: ActRelease. Otherwise the
// caller may not touch the task again.
//
//	RC → C¬R [U]. RMWs: 1, an add.
func (s *State) ToTerminal(unlinked bool) Action {
	if debugging {
		return s.apply("ToTerminal", func(n Snapshot) (Snapshot, Action) { return n.toTerminal(unlinked) })
	}
	u := Snapshot(0).unlinked(unlinked)
	n := s.add(u - flagRunning)
	if n&(runMask|u) != flagComplete|u {
		s.misuse("ToTerminal", n+flagRunning-u)
	}
	return n.after()
}

// ToFinished is ToComplete and ToTerminal in one, for a task whose
// JOIN_INTEREST its runner saw clear: it never returns, so nobody waits for
// the order of the two. What the epilogue does is done before.
//
//	R¬C¬J → C¬R [U]. RMWs: 1, an add.
func (s *State) ToFinished(unlinked bool) Action {
	if debugging {
		return s.apply("ToFinished", func(n Snapshot) (Snapshot, Action) { return n.toFinished(unlinked) })
	}
	u := Snapshot(0).unlinked(unlinked)
	n := s.add(u + flagComplete - flagRunning)
	if n&(runMask|flagJoinInterest|u) != flagComplete|u {
		s.misuse("ToFinished", n+flagRunning-flagComplete-u)
	}
	return n.after()
}

// ToNotifiedByRef wakes. ActSubmit: the task was idle, the caller owns the
// Notified. ActNone: a run that will see everything written before this wake
// is owed already. ActComplete: there will be none.
//
//	C → unchanged; else N. RMWs: 1; complete 0.
func (s *State) ToNotifiedByRef() Action {
	act := s.tryNotify()
	for act == ActRetry {
		act = s.tryNotify()
	}
	return act
}

// tryNotify is one turn of the loop, small enough to inline. An add of nothing
// publishes what the waker wrote, as a load would not, and tells whether the
// run that it joins is still to come.
func (s *State) tryNotify() Action {
	old := s.Load()
	switch {
	case old&flagComplete != 0:
		return ActComplete
	case old&flagNotified != 0:
		if s.add(0)&(flagNotified|flagComplete) != 0 {
			return ActNone
		}
	case s.cas(old, old|flagNotified):
		if old&flagRunning != 0 {
			return ActNone
		}
		return ActSubmit
	}
	return ActRetry
}

// ToNotifiedByVal wakes and gives back the caller's waker. ActSubmit as in
// ToNotifiedByRef; of a complete task, settle.
//
//	refs≥1 → refs−1, N unless C. RMWs: 1.
func (s *State) ToNotifiedByVal() Action {
	for {
		old := s.Load()
		if int64(old) >= int64(refOne) && old&flagComplete == 0 { // the rule, without a call
			if !s.cas(old, old|flagNotified-refOne) {
				continue
			}
			if old&(flagRunning|flagNotified) != 0 {
				return ActNone
			}
			return ActSubmit
		}
		next, act := old.toNotifiedByVal()
		if act == ActMisuse {
			s.misuse("ToNotifiedByVal", old)
		}
		if s.cas(old, next) {
			return s.resolve(next, act)
		}
	}
}

// ToNotifiedAndCancel asks the task to end at its next run. ActSubmit: it was
// idle, the caller owns the Notified. ActRecorded: whoever owes the run will
// see it. ActNone: it is complete, or was cancelled before.
//
//	¬C¬X → N|CANCELLED(c). RMWs: 1; nothing to do 0.
func (s *State) ToNotifiedAndCancel(c Cause) Action {
	for {
		old := s.Load()
		next, act := old.toNotifiedAndCancel(c)
		if next == old || s.cas(old, next) {
			return act
		}
	}
}

// ToShutdown ends a task that was just taken off its owner list. ActCancel: it
// was idle, the caller has the run. ActNone: whoever owes or holds the run
// will end it. Complete: settle.
//
//	¬U → U; ¬C: |CANCELLED(shut down); R: |N; idle: |R. RMWs: 1.
func (s *State) ToShutdown() Action {
	act, _ := s.decide("ToShutdown", Snapshot.toShutdown)
	return act
}

// ToClosed is its embedder's shutdown: as ToShutdown, without giving up
// ownership. ActNone: it is complete, or was cancelled before.
//
//	¬C¬X → CANCELLED(closed); R or N: |N; idle: |R. RMWs: 1; nothing to do 0.
func (s *State) ToClosed() Action {
	for {
		old := s.Load()
		next, act := old.toClosed()
		if next == old || s.cas(old, next) {
			return act
		}
	}
}

// ToDisowned gives up the embedder's ownership, then settles.
//
//	¬U → U. RMWs: 1.
func (s *State) ToDisowned() Action {
	if debugging {
		return s.apply("ToDisowned", Snapshot.toDisowned)
	}
	n := s.add(flagUnowned)
	if !n.has(flagUnowned) || n.has(bad) {
		s.misuse("ToDisowned", n-flagUnowned)
	}
	return s.settle(n)
}
