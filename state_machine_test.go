package rouse

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A party drives the transitions of a State, in any order that the claims
// allow, and compares what they return with the promises of a life. Who has the
// join waker's slot and the output is theirs to obey: the guards are the protocol.
type party struct {
	life
	s State
}

// A deed is a transition that the party makes when its guard holds.
type deed struct {
	guard bool
	do    func(t *rapid.T)
}

func (p *party) deeds() map[string]deed {
	s := &p.s
	running, over := p.at == lifeRuns, p.at == lifeOver
	held := !p.released && (p.owned || p.wakers > 0 || p.at == lifeDue || running)
	unlessOver := func() action {
		if over {
			return actComplete
		}
		return actNone
	}
	returns := func(t *rapid.T, got, want action) {
		if got != want {
			t.Fatalf("returns %v, want %v; now %v", got, want, s.Load())
		}
	}
	current := func(t *rapid.T, got Snapshot) {
		if got != s.Load() {
			t.Fatalf("returns %v, the word is %v", got, s.Load())
		}
	}
	return map[string]deed{
		"load":         {true, func(*rapid.T) {}},
		"toRunning":    {p.at == lifeDue, func(t *rapid.T) { w := p.begin(); returns(t, s.toRunning("Notified.Run"), w) }},
		"dropNotified": {p.at == lifeDue, func(t *rapid.T) { p.begin(); s.dropNotified() }},
		"toIdle":       {running, func(t *rapid.T) { w := p.pend(); returns(t, s.toIdle(), w) }},
		"toComplete": {running, func(t *rapid.T) {
			p.at, p.epilog = lifeOver, true
			current(t, s.toComplete())
		}},
		"toTerminal": {p.epilog && !p.waits, func(t *rapid.T) {
			u := p.unlink(t)
			p.epilog = false
			w := p.settle()
			returns(t, s.toTerminal(u), w)
		}},
		"toFinished": {running && !p.handle, func(t *rapid.T) {
			u := p.unlink(t)
			p.at = lifeOver
			w := p.settle()
			returns(t, s.toFinished("Notified.Run", u), w)
		}},
		"unsetWakerAfterComplete": {p.epilog && p.waits, func(t *rapid.T) {
			p.waits = false
			current(t, s.unsetWakerAfterComplete())
		}},
		"toJoinerWoken": {p.epilog && p.waits, func(t *rapid.T) {
			w := actEmpty
			if p.waits = false; p.handle {
				w, p.epilog = actNone, false
			}
			returns(t, s.toJoinerWoken(), w)
		}},

		"toNotifiedByRef": {held, func(t *rapid.T) {
			w := p.wake()
			if over {
				w = actComplete
			}
			returns(t, s.toNotifiedByRef(), w)
		}},
		"toNotifiedByVal": {p.wakers > 0, func(t *rapid.T) { w := p.wakeByVal(); returns(t, s.toNotifiedByVal(), w) }},
		"refInc":          {held, func(*rapid.T) { p.wakers++; s.refInc("Clone") }},
		"refDec": {p.wakers > 0, func(t *rapid.T) {
			p.wakers--
			w := p.settle()
			returns(t, s.refDec("Waker.Drop"), w)
		}},

		"toNotifiedAndCancel": {held || p.handle, func(t *rapid.T) {
			c := rapid.SampledFrom([]Cause{CauseAborted, CauseExited}).Draw(t, "cause")
			w, _ := p.cancel(c, false)
			returns(t, s.toNotifiedAndCancel(c), w)
		}},
		"toClosed":   {p.owned, func(t *rapid.T) { w, _ := p.cancel(CauseClosed, true); returns(t, s.toClosed(), w) }},
		"toShutdown": {p.owned, func(t *rapid.T) { w := p.shutdown(); returns(t, s.toShutdown("RawTask.Shutdown"), w) }},
		"toDisowned": {p.owned, func(t *rapid.T) {
			p.owned = false
			w := p.settle()
			returns(t, s.toDisowned(), w)
		}},
		"pin": {running || p.handle || p.owned, func(t *rapid.T) {
			if s.pin("JoinHandle.AbortHandle"); !s.Load().Pinned() {
				t.Fatalf("leaves %v", s.Load())
			}
		}},

		"setJoinWaker": {p.handle && !p.waits, func(t *rapid.T) {
			p.waits = !over
			returns(t, s.setJoinWaker(), unlessOver())
		}},
		"unsetWaker": {p.handle && (p.waits || over), func(t *rapid.T) {
			p.waits = p.waits && over
			returns(t, s.unsetWaker("JoinHandle.Poll"), unlessOver())
		}},
		"toJoinHandleDropped": {p.handle && (over || !p.waits), func(t *rapid.T) {
			before := s.Load()
			seen := before ^ rapid.SampledFrom([]Snapshot{0, 0, flagComplete, flagJoinWaker, flagComplete | flagJoinWaker}).Draw(t, "stale")
			if seen == before {
				p.handle = false
				w := p.settle()
				returns(t, s.toJoinHandleDropped("JoinHandle.Detach", seen), w)
				return
			}
			if returns(t, s.toJoinHandleDropped("JoinHandle.Detach", seen), actRetry); s.Load() != before {
				t.Fatalf("is to be tried again, but %v is now %v", before, s.Load())
			}
		}},
	}
}

// unlink draws whether the task leaves a list as it ends.
func (p *party) unlink(t *rapid.T) bool {
	if !p.owned || !rapid.Bool().Draw(t, "unlinked") {
		return false
	}
	p.owned = false
	return true
}

// newParty draws a life, and the word that such a task is born with.
func newParty(t *rapid.T) *party {
	p := &party{life: life{owned: true}}
	if rapid.IntRange(0, 3).Draw(t, "alone") == 0 {
		return p // the zero State
	}
	p.at, p.handle = lifeDue, rapid.Bool().Draw(t, "joined")
	p.owned = rapid.Bool().Draw(t, "listed")
	p.orphanable = rapid.Bool().Draw(t, "orphanable")
	p.keep = p.orphanable && rapid.Bool().Draw(t, "keep")
	o := Options{Listed: p.owned, NoOrphanCheck: !p.orphanable}
	word := o.word(p.handle)
	if p.keep {
		word |= flagKeep
	}
	p.s.init(word)
	return p
}

// maxDeeds bounds a run: a fuzzer's input may ask for any number.
const maxDeeds = 200

func stateMachine(t *rapid.T) {
	p := newParty(t)
	steps := 0
	t.Repeat(map[string]func(*rapid.T){
		"": func(t *rapid.T) {
			if d := p.differs(p.s.Load()); d != "" {
				t.Fatal(d)
			}
		},
		"deed": func(t *rapid.T) {
			if steps++; steps > maxDeeds {
				return
			}
			deeds := p.deeds()
			var open []string
			for name, m := range deeds {
				if m.guard {
					open = append(open, name)
				}
			}
			slices.Sort(open)
			name := rapid.SampledFrom(open).Draw(t, "deed")
			deeds[name].do(t)
		},
	})
}

// TestStateMachine says for the summary of all proofs with how many cases.
func TestStateMachine(t *testing.T) {
	cases := 0
	defer func() {
		failed := 0
		if t.Failed() {
			failed = 1
		}
		t.Logf("proof\tproperties\t1\t%d", failed)
		t.Logf("proof\tcases\t%d\t%d", cases, failed)
	}()
	rapid.Check(t, func(r *rapid.T) { cases++; stateMachine(r) })
}

// FuzzStateMachine is the same for the fuzzer of the go command. Its seeds give
// long runs: the bytes are the draws.
func FuzzStateMachine(f *testing.F) {
	for seed := range byte(4) {
		input := make([]byte, 4096)
		rand.NewChaCha8([32]byte{seed}).Read(input)
		f.Add(input)
	}
	f.Fuzz(rapid.MakeFuzz(stateMachine))
}
