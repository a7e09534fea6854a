package rouse

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

	misusedBefore = "the task was misused before: look for the first panic"
)

// misuse poisons the task and panics; n is the word as the operation found it.
// There is no undo: a word that was changed under the feet of others cannot be
// put right by one of them. Who comes to a word that was poisoned before is not
// blamed for it.
//
//go:noinline
func (s *State) misuse(op, reason string, n Snapshot) {
	if n.Poisoned() {
		reason = misusedBefore
	}
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
