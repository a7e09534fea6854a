package rouse

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A transition is one operation of the machine, three times over.
type transition struct {
	name string
	rule func(model) ruling
	pure func(Snapshot) (Snapshot, action) // nil if another row has it
	do   func(*State) action
	add  bool // one unconditional add: misuse is detected on the word that it left
}

// yes is the answer of a verb that reports a bool.
func yes(b bool, a action) action {
	if b {
		return a
	}
	return actNone
}

// only reduces a rule to what a verb reports.
func only(a action, rule func(model) ruling) func(model) ruling {
	return func(m model) ruling {
		r := rule(m).claimed()
		if r.action != a && r.action != actMisuse {
			r.action = actNone
		}
		return r
	}
}

// returned checks that a transition returns the word it made.
func returned(s *State, n Snapshot) action {
	if n != s.Load() {
		return actRetry
	}
	return actNone
}

// tryNotified is what TryNotify reports, as an action.
func tryNotified(s *State) action {
	switch start, ok := s.TryNotify(); {
	case start && ok:
		return actSubmit
	case ok:
		return actNone
	case start:
		return actMisuse
	}
	return actComplete
}

// begin is the two rules of State.Begin.
func begin(s Snapshot) (Snapshot, action) {
	s, act := s.begin()
	if act != actMisuse {
		s, _ = s.begun()
	}
	return s, act
}

func transitions() []transition {
	ts := []transition{
		{"toRunning", model.toRunning, Snapshot.toRunning, func(s *State) action { return s.toRunning("Notified.Run") }, true},
		{"dropNotified", model.dropNotified, Snapshot.dropNotified, func(s *State) action { s.dropNotified(); return actCancel }, true},
		{"toIdle", model.toIdle, Snapshot.toIdle, (*State).toIdle, true},
		{"toComplete", model.toComplete, Snapshot.toComplete, func(s *State) action { return returned(s, s.toComplete()) }, true},
		{"toNotifiedByRef", model.toNotifiedByRef, Snapshot.toNotifiedByRef, (*State).toNotifiedByRef, false},
		{"toNotifiedByVal", model.toNotifiedByVal, Snapshot.toNotifiedByVal, (*State).toNotifiedByVal, false},
		{"toShutdown", model.toShutdown, Snapshot.toShutdown, func(s *State) action { return s.toShutdown("RawTask.Shutdown") }, false},
		{"toClosed", model.toClosed, Snapshot.toClosed, (*State).toClosed, false},
		{"toDisowned", model.toDisowned, Snapshot.toDisowned, (*State).toDisowned, true},
		{"setJoinWaker", model.setJoinWaker, Snapshot.setJoinWaker, (*State).setJoinWaker, false},
		{"unsetWaker", model.unsetWaker, Snapshot.unsetWaker, func(s *State) action { return s.unsetWaker("JoinHandle.Detach") }, false},
		{"unsetWakerAfterComplete", model.unsetWakerAfterComplete, Snapshot.unsetWakerAfterComplete,
			func(s *State) action { return returned(s, s.unsetWakerAfterComplete()) }, true},
		{"toJoinerWoken", model.toJoinerWoken, Snapshot.toJoinerWoken, (*State).toJoinerWoken, false},
		{"pin", model.pin, Snapshot.pin, func(s *State) action { s.pin("JoinHandle.AbortHandle"); return actNone }, false},
		{"refInc", model.refInc, Snapshot.refInc, func(s *State) action { s.refInc("Clone"); return actNone }, true},
		{"refDec", model.refDec, Snapshot.refDec, func(s *State) action { return s.refDec("Waker.Drop") }, true},

		{"toNotifiedByRef", only(actSubmit, model.toNotifiedByRef), nil, func(s *State) action { return yes(s.Notify(), actSubmit) }, false},
		{"State.Begin", only(actPoll, model.begin), nil, func(s *State) action { return yes(s.Begin(), actPoll) }, true},
		{"State.TryNotify", model.tryNotify, Snapshot.tryNotify, (*State).tryNotify, false},
		{"State.TryNotify", model.tryNotify, nil, tryNotified, false},
		{"State.End", only(actSubmit, model.end), nil, func(s *State) action { return yes(s.End(), actSubmit) }, true},
		{"State.Yield", only(actSubmit, model.yield), nil, func(s *State) action { return yes(s.Yield(), actSubmit) }, false},
		{"toClosed", only(actCancel, model.toClosed), nil, func(s *State) action { return yes(s.Close(), actCancel) }, false},
		{"State.Finish", only(actPoll, model.finish), nil, func(s *State) action { return yes(!s.Finish(), actPoll) }, false},
		{"State.Suspend", only(actRecorded, model.toSuspended), nil, func(s *State) action { return yes(!s.Suspend(), actRecorded) }, false},
		{"State.Resume", only(actSubmit, model.toResumed), nil, func(s *State) action { return yes(s.Resume(), actSubmit) }, false},
		{"State.Open", only(actRetry, model.toOpen), nil, func(s *State) action { return yes(!s.Open(), actRetry) }, false},

		{"State.Begin", model.begin, begin, nil, true},
		{"State.Finish", model.finish, Snapshot.finish, nil, false},
		{"State.Suspend", model.toSuspended, Snapshot.toSuspended, nil, false},
		{"State.Resume", model.toResumed, Snapshot.toResumed, nil, false},
		{"State.Open", model.toOpen, Snapshot.toOpen, nil, false},
		{"State.End", model.end, Snapshot.end, nil, true},
		{"State.Yield", model.yield, Snapshot.yield, nil, false},
		{"settle", model.settle, Snapshot.settle, nil, false},
	}
	for _, u := range []bool{false, true} {
		ts = append(ts,
			transition{"toTerminal", func(m model) ruling { return m.toTerminal(u) },
				func(s Snapshot) (Snapshot, action) { return s.toTerminal(u) }, func(s *State) action { return s.toTerminal(u) }, true},
			transition{"toFinished", func(m model) ruling { return m.toFinished(u) },
				func(s Snapshot) (Snapshot, action) { return s.toFinished(u) }, func(s *State) action { return s.toFinished("Notified.Run", u) }, true})
	}
	for _, c := range []Cause{CauseAborted, CauseExited} {
		ts = append(ts, transition{"toNotifiedAndCancel", func(m model) ruling { return m.toNotifiedAndCancel(c) },
			func(s Snapshot) (Snapshot, action) { return s.toNotifiedAndCancel(c) },
			func(s *State) action { return s.toNotifiedAndCancel(c) }, false})
	}
	for _, seen := range []Snapshot{0, flagComplete, flagJoinWaker, flagComplete | flagJoinWaker} {
		m := modelOf(seen)
		ts = append(ts, transition{"toJoinHandleDropped",
			func(n model) ruling { return n.toJoinHandleDropped(m.Complete, m.JoinWaker) },
			func(s Snapshot) (Snapshot, action) { return s.toJoinHandleDropped(seen) },
			func(s *State) action { return s.toJoinHandleDropped("JoinHandle.Detach", seen) }, false})
	}
	return ts
}

// words calls f with every word of flags, sound or not, and counts of all
// kinds; with KEEP, which matters where the last waker goes, the least. Only a
// cause without CANCELLED is not a word.
func words(f func(Snapshot)) {
	for _, wakers := range []int64{0, 1, 2, 3, maxWakers - 1, maxWakers, -1, -2} {
		n := Snapshot(1 << 15)
		if wakers < 0 || wakers > 1 {
			n = flagKeep
		}
		for flags := Snapshot(0); flags < n; flags++ {
			if flags.Cancelled() || flags.Cause() == CauseNone {
				f(flags | Snapshot(wakers)<<18)
			}
		}
		for _, flags := range []Snapshot{0, flagPoisoned} {
			f((initForeign - refOne) | flags | Snapshot(wakers)<<18)
		}
		for flags := Snapshot(0); flags < flagUnowned; flags++ {
			if flags.Cancelled() || flags.Cause() == CauseNone {
				for _, more := range []Snapshot{flagSuspended, flagSuspending, flagSuspended | flagPoisoned, flagSuspending | flagPoisoned} {
					f(flags | more | Snapshot(wakers)<<18)
				}
			}
		}
	}
}

// TestRules compares the pure functions with the oracle on every word.
func TestRules(t *testing.T) {
	sum := comparisons{t: t}
	defer sum.log()
	for _, tr := range transitions() {
		if tr.pure == nil {
			continue
		}
		failed := 0
		words(func(s Snapshot) {
			want := tr.rule(modelOf(s))
			next, act := tr.pure(s)
			got := ruling{modelOf(next), act, want.RMWs}
			sum.add(got == want)
			if got != want && failed < 3 {
				failed++
				t.Errorf("%s of %v (-specified +found):\n%s", tr.name, s, cmp.Diff(want, got, cmp.AllowUnexported(ruling{})))
			}
		})
	}
}

// TestState compares the atomic layer with the oracle on every word, where
// there is no interference. A cause is any but for being kept: in short, two will do.
func TestState(t *testing.T) {
	sum := comparisons{t: t}
	defer sum.log()
	for _, tr := range transitions() {
		if tr.do == nil {
			continue
		}
		failed := 0
		words(func(s Snapshot) {
			if c := s.Cause(); testing.Short() && s.Cancelled() && c != CauseExited || failed >= 3 {
				return
			}
			msg := tr.check(s)
			sum.add(msg == "")
			if msg != "" {
				failed++
				t.Errorf("%s of %v: %s", tr.name, s, msg)
			}
		})
	}
}

// ops are what the panics of a transition name: what its user called.
var ops = map[string]string{
	"toRunning": "Notified.Run", "State.Begin": "State.Begin", "dropNotified": "Notified.Drop", "toIdle": "Notified.Run",
	"State.End": "State.End", "State.Yield": "State.Yield", "State.Finish": "State.Finish", "State.Open": "State.Open",
	"toComplete": "Notified.Run", "toTerminal": "Notified.Run", "toFinished": "Notified.Run",
	"toNotifiedByVal": "Waker.Wake", "toShutdown": "RawTask.Shutdown", "toDisowned": "Header.Disown",
	"setJoinWaker": "JoinHandle.Poll", "unsetWaker": "JoinHandle.Detach", "unsetWakerAfterComplete": "Notified.Run",
	"toJoinerWoken": "Notified.Run", "toJoinHandleDropped": "JoinHandle.Detach", "pin": "JoinHandle.AbortHandle",
	"refInc": "Clone", "refDec": "Waker.Drop",
}

// comparisons counts how often a transition of a word was compared, for the
// summary of all proofs.
type comparisons struct {
	t             *testing.T
	count, failed int
}

func (c *comparisons) add(ok bool) {
	c.count++
	if !ok {
		c.failed++
	}
}

func (c *comparisons) log() { c.t.Logf("proof\ttransitions\t%d\t%d", c.count, c.failed) }

func (tr transition) check(s Snapshot) string {
	want := tr.rule(modelOf(s)).claimed()
	var st State
	st.init(s)
	act := actMisuse
	msg, panicked := panicOf(func() { act = tr.do(&st) })
	n := st.Load()
	if want.action != actMisuse {
		if panicked {
			return "panics: " + msg
		}
		if got := (ruling{modelOf(n), act, want.RMWs}); got != want {
			return "(-specified +found)\n" + cmp.Diff(want, got, cmp.AllowUnexported(ruling{}))
		}
		return ""
	}
	switch {
	case !panicked:
		return "is misuse and does not panic, but leaves " + n.String()
	case !strings.HasPrefix(msg, "rouse: "+ops[tr.name]+": ") || !strings.HasSuffix(msg, " (state "+s.String()+")") || strings.Contains(msg, ": misuse ("):
		return "panics without naming operation and state: " + msg
	case n.Complete() && !s.Complete() && !tr.completes():
		return "is misuse and fabricates COMPLETE: " + n.String()
	case !n.Poisoned() || n.Dead() || n.Orphaned():
		return "is misuse and leaves " + n.String()
	case (!tr.add || debugging) && n != s|flagPoisoned:
		return "is misuse and changes the word to " + n.String()
	}
	return ""
}

// completes reports whether the transition itself sets COMPLETE.
func (tr transition) completes() bool {
	return tr.name == "toComplete" || tr.name == "toFinished"
}
