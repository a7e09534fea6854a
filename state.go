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
//
// Everything written before a Notify happens before the run that it causes or
// joins. For that reason a Notify that finds the state notified is an atomic
// read-modify-write too.
//
// The idea is tokio's task::state::State. There the count is of all references;
// here it counts wakers only, and the other references are claims.
//
// This file relies on transition.go, which has the rules, and on snapshot.go,
// which has the flags.
type State struct {
	_ [0]atomic.Uint64 // 8-byte alignment on 32-bit machines; go vet's copylocks
	w word
}

// Load returns the word. Cost: one atomic load.
func (s *State) Load() Snapshot { return Snapshot(s.w.Load()) }

// String prints the word. It is safe at any time.
func (s *State) String() string { return s.Load().String() }

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

// Suspend lets no run begin before Resume, except one that is owed already: whoever
// owns the notification still begins it. It reports whether no run is under way
// or owed; then what the runs use is the caller's until Resume or Close. A run may
// suspend its own state, and gives up the run by End or Yield as usual.
//
// Suspend may be called before the state is first used, or before it is opened again,
// to take work before it is started. It has no effect while a state is closed and not finished.
// Cost: one atomic operation; none if it is suspended already.
func (s *State) Suspend() bool { return s.apply("", "", Snapshot.toSuspended) == actNone }

// Resume ends the suspension. If it reports true there was a notification
// meanwhile, or a run has yielded: the caller owns the notification, as after
// Notify. Cost: one atomic operation; none if the state is not suspended.
func (s *State) Resume() bool { return s.apply("", "", Snapshot.toResumed) == actSubmit }

// How the rules of transition.go reach the word. There is one loop: load,
// decide, CAS. Where a rule needs no decision before it writes, the transition
// is one add, and the result is checked; a test proves that it equals the rule
// for every word. The debug build runs the loop there too, so that a misuse
// leaves the word as it was.

func (s *State) add(d Snapshot) Snapshot    { return Snapshot(s.w.Add(uint64(d))) }
func (s *State) sub(d Snapshot) Snapshot    { return Snapshot(s.w.Sub(uint64(d))) }
func (s *State) cas(old, new Snapshot) bool { return s.w.CompareAndSwap(uint64(old), uint64(new)) }
func (s *State) init(n Snapshot)            { s.w.Store(uint64(n)) }

// decide applies a rule, and writes only if it changes the word. If the rule
// forbids the transition, op is what the user called, and reason what is wrong.
func (s *State) decide(op, reason string, rule func(Snapshot) (Snapshot, action)) (action, Snapshot) {
	for {
		old := s.Load()
		next, act := rule(old)
		if act == actMisuse {
			s.misuse(op, reason, old)
		}
		if next == old || s.cas(old, next) {
			return s.resolve(next, act), next
		}
	}
}

func (s *State) apply(op, reason string, rule func(Snapshot) (Snapshot, action)) action {
	act, _ := s.decide(op, reason, rule)
	return act
}

// settle ends the caller's part in a word that its own RMW returned. Release
// is decided on that word alone. The last run of a task that nobody can wake
// is claimed by a CAS in a loop, since a joiner may change JOIN_WAKER in
// between. The word may meanwhile be the next tenant's, which is then as
// unreachable; so nothing but the word is read before the CAS succeeds.
func (s *State) settle(n Snapshot) action { return s.resolve(n, n.after()) }

func (s *State) resolve(n Snapshot, act action) action {
	for act == actSettle {
		next, claim := n.settle()
		if claim == actNone || s.cas(n, next) {
			return claim
		}
		n = s.Load()
	}
	return act
}

// What is wrong when a transition is refused.
const (
	notOwed    = "no run is owed: it was consumed before"
	notRunning = "the caller does not hold the run"
	notHeld    = "the waker was consumed before"
	noHandle   = "the JoinHandle was consumed before"
)

// misuse poisons the task and panics; n is the word as the operation found it.
// There is no undo: a word that was changed under the feet of others cannot be
// put right by one of them.
//
//go:noinline
func (s *State) misuse(op, reason string, n Snapshot) {
	s.poison()
	panic("rouse: " + op + ": " + reason + " (state " + n.String() + ")")
}

// lostRun is misuse by a run that is no longer its caller's.
//
//go:noinline
func (s *State) lostRun(n Snapshot) { s.misuse("Notified.Run", notRunning, n) }

// checked is a transition of the run in the debug build; it returns the word.
func (s *State) checked(rule func(Snapshot) (Snapshot, action)) Snapshot {
	_, n := s.decide("Notified.Run", notRunning, rule)
	return n
}

func (s *State) poison() {
	for {
		old := s.Load()
		if s.cas(old, old|flagPoisoned) {
			return
		}
	}
}

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
//	J or R → P. RMWs: 1; pinned before 0.
func (s *State) pin(op string) {
	s.apply(op, "no JoinHandle exists, and nobody runs the task", Snapshot.pin)
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
