package rouse

// How the rules of transition.go reach the word. There is one loop: load,
// decide, CAS.

func (s *State) add(d Snapshot) Snapshot    { return Snapshot(s.w.Add(uint64(d))) }
func (s *State) sub(d Snapshot) Snapshot    { return Snapshot(s.w.Sub(uint64(d))) }
func (s *State) cas(old, new Snapshot) bool { return s.w.CompareAndSwap(uint64(old), uint64(new)) }
func (s *State) init(n Snapshot)            { s.w.Store(uint64(n)) }

// decide applies a rule, writing only if it changes the word.
func (s *State) decide(op string, rule func(Snapshot) (Snapshot, Action)) (Action, Snapshot) {
	for {
		old := s.Load()
		next, act := rule(old)
		if act == ActMisuse {
			s.misuse(op, "", old)
		}
		if next == old || s.cas(old, next) {
			return s.resolve(next, act), next
		}
	}
}

func (s *State) apply(op string, rule func(Snapshot) (Snapshot, Action)) Action {
	act, _ := s.decide(op, rule)
	return act
}

func (s *State) applied(op string, rule func(Snapshot) (Snapshot, Action)) Snapshot {
	_, n := s.decide(op, rule)
	return n
}

// misuse poisons the task and panics; n is the word as the operation found it.
// There is no undo: a word that was changed under the feet of others cannot be
// put right by one of them.
//
//go:noinline
func (s *State) misuse(op, why string, n Snapshot) {
	for {
		old := s.Load()
		if s.cas(old, old|flagPoisoned) {
			break
		}
	}
	if why != "" {
		why = ": " + why
	}
	panic("rouse: " + op + why + " (state " + n.String() + ")")
}
