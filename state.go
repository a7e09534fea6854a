package rouse

import "sync/atomic"

// A State is the word of a task: its life cycle, its claims and its number of
// wakers in one uint64. Alone, inside a struct of yours, it is the machine that
// every work loop needs:
//
//	       Notify          Begin           End
//	idle ─────────▶ notified ─────▶ running ─────▶ idle      Notify while running:
//	                   ▲               │                     End reports true
//	                   └───── Yield ───┘
//	Close: the loop sees Begin report false, cleans up and calls Finish.
//	Suspend: work is recorded, and no run begins before Resume.
//
// There are three sides to it. Those who bring work put it where the run finds
// it, and call Notify, or TryNotify if the state may be closed:
//
//	start, ok := s.TryNotify() // start: have run called; not ok: it is closed
//
// The run is a loop on one goroutine at a time. Whoever is told to start it has
// it called by any goroutine, now or later:
//
//	for s.Begin() {
//		work() // everything that is there
//		if !s.End() {
//			return // nothing came meanwhile
//		}
//	}
//	work() // it was closed: what came before that is still handled
//	for !s.Finish() {
//		work()
//	}
//
// A run that does not handle everything calls Yield instead of End. While it
// works, s.Load().Cancelled() tells whether the state was closed, and
// s.Load().Suspended() whether it was suspended.
//
// The owner ends it by Close, which never waits. If Close reports true there is
// no run that would see it, and the caller cleans up and calls Finish itself.
// The owner may suspend it, also before it is first used, and open it again once
// it is finished.
//
// The zero value is idle and ready to use. A State must not be copied. Its
// methods are safe for concurrent use by multiple goroutines, but only the
// goroutine that holds the run may call End, Yield and Finish. Each method
// costs one atomic operation, and none if there is nothing to change; Notify
// says more. Misuse panics with the operation and the state, and poisons the
// state: it cannot be used any more.
//
// A panic or a runtime.Goexit in the work would leave the state running for ever.
// Where that may happen, a deferred function gives the run up by Yield, which is
// right whatever the run was at:
//
//	held := true
//	defer func() {
//		if held && s.Yield() {
//			go run()
//		}
//	}()
//	for s.Begin() {
//		work()
//		if held = s.End(); !held {
//			return
//		}
//	}
//
// Everything written before a Notify happens before the run that it causes or
// joins. For that reason a Notify that finds the state notified is an atomic
// read-modify-write too.
//
// The idea is tokio's task::state::State. There the count is of all references;
// here it counts wakers only, and the other references are claims.
//
// This file relies on transition.go, which has the rules, on snapshot.go, which has
// the flags, and on casloop.go, which brings the two together.
type State struct {
	_ [0]atomic.Uint64 // 8-byte alignment on 32-bit machines; go vet's copylocks
	w word
}

// Load returns the word. Cost: one atomic load.
func (s *State) Load() Snapshot { return Snapshot(s.w.Load()) }

// String prints the word. It is safe at any time.
func (s *State) String() string { return s.Load().String() }

// The transitions of a task carry tokio's names, where it has them. Each
// returns what its caller has to do next. "Settle" means: if the word that this
// very transition produced is dead and complete, actRelease; if it is
// unfinished, and dead or orphaned, one last, cancelled run is claimed,
// actSubmit, or where an orphan is to be kept, actReport, a run like any other;
// else actNone.

// toRunning turns the Notified into the run: actPoll, or actCancel.
//
//	N¬R¬C → R¬N. The caller owns the stage. RMWs: 1, an add.
func (s *State) toRunning(op string) action {
	if debugging {
		return s.apply(op, notOwed, Snapshot.toRunning)
	}
	n := s.sub(flagNotified - flagRunning)
	if n&(runMask|flagNotified|flagCancelled) == flagRunning {
		return actPoll
	}
	return s.toRunningSlow(op, n)
}

// dropNotified turns the Notified into the run, to cancel the task.
//
//	N¬R¬C → R¬N. The caller owns the stage. RMWs: 1, an add.
func (s *State) dropNotified() { s.toRunning("Notified.Drop") }

func (s *State) toRunningSlow(op string, n Snapshot) action {
	if n&(runMask|flagNotified) != flagRunning {
		s.misuse(op, notOwed, n+flagNotified-flagRunning)
	}
	if n.has(flagCancelled) {
		return actCancel
	}
	return actPoll
}

// toIdle gives up the run of a pending task. actYield: it was woken while it
// ran, the caller owns the Notified. It was cancelled meanwhile: actCancel, the
// caller has the run again. Else settle.
//
//	R → ¬R. RMWs: 1, an add; cancelled 2; settling an orphan 2.
func (s *State) toIdle() action {
	if debugging {
		return s.apply("Notified.Run", notRunning, Snapshot.toIdle)
	}
	if n := s.sub(flagRunning); !n.atRest() {
		return s.toIdleSlow(n)
	}
	return actNone
}

// atRest reports whether an idle word asks for nothing at a glance.
func (n Snapshot) atRest() bool {
	return n&(runMask|flagNotified) == 0 && (n >= refOne || n&(flagUnowned|flagOrphanable) == 0)
}

func (s *State) toIdleSlow(n Snapshot) action {
	switch {
	case n&runMask != 0:
		s.lostRun(n + flagRunning)
	case !n.has(flagNotified):
		return s.settle(n)
	case n.has(flagCancelled):
		return s.toRunning("Notified.Run")
	}
	return actYield
}

// toComplete publishes the outcome. RUNNING stays, as the claim that covers
// the rest of the ending. The word that it returns decides who destroys the
// output (¬J: the caller) and whether the joiner is to be woken (W).
//
//	R¬C → RC. RMWs: 1, an add.
func (s *State) toComplete() Snapshot {
	if debugging {
		return s.checked(Snapshot.toComplete)
	}
	n := s.add(flagComplete)
	if n&runMask != flagRunning|flagComplete {
		s.lostRun(n - flagComplete)
	}
	return n
}

// toTerminal gives up the run of a complete task. unlinked says that the caller
// took the task off its owner list, under the list's lock. Dead: actRelease.
// Otherwise the caller may not touch the task again.
//
//	RC → C¬R [U]. RMWs: 1, an add.
func (s *State) toTerminal(unlinked bool) action {
	if debugging {
		return s.apply("Notified.Run", notRunning, func(n Snapshot) (Snapshot, action) { return n.toTerminal(unlinked) })
	}
	u := Snapshot(0).unlinked(unlinked)
	n := s.add(u - flagRunning)
	if n&(runMask|u) != flagComplete|u {
		s.lostRun(n + flagRunning - u)
	}
	return n.after()
}

// toFinished is toComplete and toTerminal in one, for a task whose
// JOIN_INTEREST its runner saw clear: it never returns, so nobody waits for
// the order of the two. What the ending does is done before.
//
//	R¬C¬J → C¬R [U]. RMWs: 1, an add.
func (s *State) toFinished(op string, unlinked bool) action {
	if debugging {
		return s.apply(op, notRunning, func(n Snapshot) (Snapshot, action) { return n.toFinished(unlinked) })
	}
	u := Snapshot(0).unlinked(unlinked)
	n := s.add(u + flagComplete - flagRunning)
	if n&(runMask|flagJoinInterest|u) != flagComplete|u {
		s.misuse(op, notRunning, n+flagRunning-flagComplete-u)
	}
	return n.after()
}

// toNotifiedByRef wakes. actSubmit: the task was idle, the caller owns the
// Notified. actNone: a run that will see everything written before this wake
// is owed already. actComplete: there will be none. actForeign: the waker is of
// another kind.
//
//	C → unchanged; else N. RMWs: 1; complete 0.
func (s *State) toNotifiedByRef() action {
	for {
		old := s.Load()
		switch {
		case old&flagForeign != 0:
			return actForeign
		case old&flagComplete != 0:
			return actComplete
		case old&flagNotified != 0:
			// An add of nothing publishes what the waker wrote, as a load would
			// not, and tells whether the run that it joins is still to come.
			if s.add(0)&(flagNotified|flagComplete) != 0 {
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

// toNotifiedByVal wakes and gives back the caller's waker. actSubmit as in
// toNotifiedByRef; of a complete task, settle. actForeign: nothing was given
// back.
//
//	refs≥1 → refs−1, N unless C. RMWs: 1.
func (s *State) toNotifiedByVal() action {
	return s.apply("Waker.Wake", notHeld, Snapshot.toNotifiedByVal)
}

// toNotifiedAndCancel asks the task to end at its next run. actSubmit: it was
// idle, the caller owns the Notified. actRecorded: whoever owes the run will
// see it. actNone: it is complete, or was cancelled before.
//
//	¬C¬X → N|CANCELLED(c). RMWs: 1; nothing to do 0.
func (s *State) toNotifiedAndCancel(c Cause) action {
	for { // decide, without a function that holds c: a tenth of an abort
		old := s.Load()
		next, act := old.toNotifiedAndCancel(c)
		if next == old || s.cas(old, next) {
			return act
		}
	}
}

// toShutdown ends a task that was just taken off its owner list. actCancel: it
// was idle, the caller has the run. actNone: whoever owes or holds the run
// will end it. Complete: settle.
//
//	¬U → U; ¬C: |CANCELLED(shut down); R: |N; idle: |R. RMWs: 1.
func (s *State) toShutdown(op string) action {
	return s.apply(op, "the task was on no owner list", Snapshot.toShutdown)
}

// toClosed is its embedder's shutdown: as toShutdown, without giving up
// ownership. actNone: it is complete, or was cancelled before.
//
//	¬C¬X → CANCELLED(closed); R or N: |N; idle, or suspended at rest: R¬N.
//	RMWs: 1; nothing to do 0.
func (s *State) toClosed() action { return s.apply("", "", Snapshot.toClosed) }

// toDisowned gives up the embedder's ownership, then settles.
//
//	¬U → U. RMWs: 1.
func (s *State) toDisowned() action {
	const reason = "the task has no owner: it was disowned before, or its caller never owned it"
	return s.apply("Header.Disown", reason, Snapshot.toDisowned)
}

// pin forbids that the task's memory is ever recycled: an uncounted pointer to
// it is about to be handed out.
//
//	J, R, N¬C, ¬U or refs≥1 → P. RMWs: 1; pinned before 0.
func (s *State) pin(op string) {
	s.apply(op, "nothing refers to the task any more", Snapshot.pin)
}

// The transitions of a JoinHandle. Until COMPLETE the handle alone changes
// JOIN_WAKER, after it the completing party alone; whoever finds it clear may
// write the join waker's slot.

// setJoinWaker hands the filled slot to the completing party. actComplete:
// nothing was changed, the slot is still the caller's, and so is the output.
//
//	J¬W¬C → W. RMWs: 1; complete 0.
func (s *State) setJoinWaker() action {
	return s.apply("JoinHandle.Poll", noHandle, Snapshot.setJoinWaker)
}

// unsetWaker takes the slot back. actComplete: nothing was changed, the
// completing party may be reading the slot, and the output is the caller's.
//
//	JW¬C → ¬W. RMWs: 1; complete 0.
func (s *State) unsetWaker(op string) action { return s.apply(op, noHandle, Snapshot.unsetWaker) }

// unsetWakerAfterComplete is the completing party's: the joiner was woken. If
// the word that it returns has no JOIN_INTEREST the slot is the caller's to
// empty, else the handle's.
//
//	CW → ¬W. RMWs: 1, an add.
func (s *State) unsetWakerAfterComplete() Snapshot {
	if debugging {
		return s.checked(Snapshot.unsetWakerAfterComplete)
	}
	n := s.sub(flagJoinWaker)
	if n&(flagComplete|flagJoinWaker) != flagComplete {
		s.lostRun(n + flagJoinWaker)
	}
	return n
}

// toJoinerWoken is unsetWakerAfterComplete and toTerminal in one, for a task
// that has no more to do: actNone, the handle has the slot, and the run was
// given up. actEmpty: there is no handle any more, the caller has both.
//
//	CRWJ → ¬W¬R; CRW¬J → ¬W. RMWs: 1.
func (s *State) toJoinerWoken() action {
	return s.apply("Notified.Run", notRunning, Snapshot.toJoinerWoken)
}

// toJoinHandleDropped gives up JOIN_INTEREST, after the caller destroyed what
// the word it saw said was its own, then settles. actRetry: COMPLETE or
// JOIN_WAKER changed since; nothing was changed.
//
//	J → ¬J. RMWs: 1; retry 0.
func (s *State) toJoinHandleDropped(op string, seen Snapshot) action {
	return s.apply(op, noHandle, func(n Snapshot) (Snapshot, action) { return n.toJoinHandleDropped(seen) })
}
