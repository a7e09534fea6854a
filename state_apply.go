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
			s.misuse(op, old)
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
func (s *State) misuse(op string, n Snapshot) {
	s.poison()
	panic("rouse: " + op + ": " + why(op, n) + " (state " + n.String() + ")")
}

func (s *State) poison() {
	for {
		old := s.Load()
		if s.cas(old, old|flagPoisoned) {
			return
		}
	}
}

// why says what op needs and n does not have.
func why(op string, n Snapshot) string {
	switch op {
	case "Notified.Run", "ToRunning", "DropNotified":
		return "the Notified was consumed before"
	case "State.End", "State.Yield", "ToIdle", "ToComplete":
		return "the caller does not hold the run"
	case "State.CheckOrphans":
		return "the caller holds neither the notification nor the run"
	case "ToTerminal":
		return "the caller does not hold the run of a complete task, or it had no owner"
	case "ToFinished":
		return "the caller does not hold the run of a pending, detached task, or it had no owner"
	case "ToNotifiedByVal":
		return "the waker was consumed before"
	case "ToShutdown":
		return "the task was on no owner list"
	case "ToDisowned":
		return "the task was disowned before"
	case "SetJoinWaker":
		return "no JoinHandle exists, or its waker is set"
	case "UnsetWaker":
		return "no JoinHandle exists, or its waker is not set"
	case "UnsetWakerAfterComplete":
		return "no join waker was set, or the task is not complete"
	case "ToJoinHandleDropped":
		return "no JoinHandle exists"
	case "Pin":
		return "no JoinHandle exists, and nobody runs the task"
	case "RefDec":
		return "a waker was dropped twice"
	case "RefInc":
		if n.Refs() == 0 {
			return "a borrowed waker was used after its poll"
		}
		return "too many wakers, or one was dropped twice"
	}
	return "misuse"
}
