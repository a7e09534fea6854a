package proptest_test

import (
	"testing"

	"github.com/rouse-go/rouse"
	"pgregory.net/rapid"
)

// A party drives the transitions of a State, in any order that the claims
// allow, and compares what they return with the promises of a life.
type party struct {
	life
	s     rouse.State
	waits bool // a join waker is set
}

// wants compares an Action with an effect.
func (p *party) wants(t *rapid.T, op string, got rouse.Action, want effect, others ...rouse.Action) {
	acts := map[effect]rouse.Action{nothing: rouse.ActNone, submit: rouse.ActSubmit, report: rouse.ActReport, cancel: rouse.ActCancel, release: rouse.ActRelease}
	if len(others) > 0 {
		acts[nothing] = others[0]
	}
	if got != acts[want] {
		t.Fatalf("%s returns %v, want %v; now %v", op, got, acts[want], p.s.Load())
	}
}

func (p *party) acts() []act {
	s, alive := &p.s, func() bool { return !p.release }
	in := func(ph phase) func() bool { return func() bool { return p.phase == ph } }
	pending := func(f func(t *rapid.T)) act { return act{guard: in(running), do: f} }
	owner := func() bool { return p.owned }
	detached := func() bool { return p.phase == running && !p.handle }
	held := func() bool { return alive() && (p.owned || p.wakers > 0 || p.phase == granted || p.phase == running) }
	waker := func() bool { return p.wakers > 0 }

	named := func(name string, a act) act { a.name = name; return a }
	return append(p.joinActs(), []act{
		{"ToRunning", in(granted), func(t *rapid.T) {
			want := rouse.ActPoll
			if p.begin() {
				want = rouse.ActCancel
			}
			p.wants(t, "ToRunning", s.ToRunning(), nothing, want)
		}},
		{"DropNotified", in(granted), func(t *rapid.T) {
			p.begin()
			p.wants(t, "DropNotified", s.DropNotified(), cancel)
		}},
		named("ToIdle", pending(func(t *rapid.T) {
			woken := p.again
			want := p.pend()
			got := s.ToIdle()
			if want == submit && woken {
				p.wants(t, "ToIdle", got, nothing, rouse.ActYield)
				return
			}
			p.wants(t, "ToIdle", got, want)
		})),
		named("ToComplete", pending(func(t *rapid.T) {
			p.complete()
			if n := s.ToComplete(); n != s.Load() {
				t.Fatalf("ToComplete returns %v, the word is %v", n, s.Load())
			}
		})),
		{"ToTerminal", func() bool { return p.epilog && !p.waits }, func(t *rapid.T) {
			unlinked := p.unlink(t)
			p.wants(t, "ToTerminal", s.ToTerminal(unlinked), p.finish())
		}},
		{"ToFinished", detached, func(t *rapid.T) {
			unlinked := p.unlink(t)
			p.complete()
			p.wants(t, "ToFinished", s.ToFinished(unlinked), p.finish())
		}},
		{"ToNotifiedByRef", held, func(t *rapid.T) {
			want := rouse.ActNone
			if p.phase == ended {
				want = rouse.ActComplete
			}
			e := p.wake()
			p.wants(t, "ToNotifiedByRef", s.ToNotifiedByRef(), e, want)
		}},
		{"ToNotifiedByVal", waker, func(t *rapid.T) { p.wants(t, "ToNotifiedByVal", s.ToNotifiedByVal(), p.wakeByVal()) }},
		{"ToNotifiedAndCancel", func() bool { return held() || p.handle }, func(t *rapid.T) {
			c := rapid.SampledFrom([]rouse.Cause{rouse.CauseAborted, rouse.CauseExited}).Draw(t, "cause")
			e, recorded := p.abort(c)
			p.wants(t, "ToNotifiedAndCancel", s.ToNotifiedAndCancel(c), e, recordedIf(recorded))
		}},
		{"ToClosed", owner, func(t *rapid.T) {
			e, recorded := p.close()
			p.wants(t, "ToClosed", s.ToClosed(), e, recordedIf(recorded))
		}},
		{"ToShutdown", owner, func(t *rapid.T) { p.wants(t, "ToShutdown", s.ToShutdown(), p.shutdown()) }},
		{"ToDisowned", owner, func(t *rapid.T) { p.wants(t, "ToDisowned", s.ToDisowned(), p.disown()) }},
		{"RefInc", held, func(*rapid.T) { p.clone(); s.RefInc() }},
		{"RefDec", waker, func(t *rapid.T) { p.wants(t, "RefDec", s.RefDec(), p.drop()) }},
		{"CheckOrphans", func() bool { return p.phase == granted || p.phase == running }, func(*rapid.T) {
			p.orphanable = true
			s.CheckOrphans()
		}},
		{"Pin", func() bool { return p.phase == running || p.handle }, func(t *rapid.T) {
			if s.Pin(); !s.Load().Pinned() {
				t.Fatalf("Pin leaves %v", s.Load())
			}
		}},
		{"Load", always, func(*rapid.T) {}},
	}...)
}

// unlink draws whether the task leaves a list as it ends.
func (p *party) unlink(t *rapid.T) bool {
	if !p.owned || !rapid.Bool().Draw(t, "unlinked") {
		return false
	}
	p.owned = false
	return true
}

func recordedIf(r bool) rouse.Action {
	if r {
		return rouse.ActRecorded
	}
	return rouse.ActNone
}

func (p *party) check(t *rapid.T) {
	n := p.s.Load()
	if d := p.compare(n); d != "" {
		t.Fatal(d)
	}
	if n.JoinWaker() != p.waits {
		t.Fatalf("state %v, a joiner waits: %v", n, p.waits)
	}
}

func stateProperty(t *rapid.T) {
	p := newParty(t)
	machine(t, p.check, p.acts()...)
}

func TestState(t *testing.T) { check(t, stateProperty) }
