package explore

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestTokens(t *testing.T) {
	for _, choices := range [][]uint8{{1}, {1, 1, 2, 1, 3, 3, 3}, bytes.Repeat([]uint8{31}, 1000)} {
		token := formatToken(choices)
		if got, err := parseToken(token); err != nil || !bytes.Equal(got, choices) {
			t.Errorf("%s: %v, %v", token, got, err)
		}
	}
	for _, bad := range []string{"", "x2:a", "x1:?", "x1:3a", "x1:aZ"} {
		if _, err := Replay(bad, Config{}, func(x *Exec) {}); err == nil {
			t.Errorf("token %q is accepted", bad)
		}
	}
	r, err := Replay("x1:ab", Config{}, func(x *Exec) { x.Go("a", func() {}) })
	if err != nil || r.Failure != nil {
		t.Errorf("a schedule longer than the scenario: %v, %v", r, err)
	}
	r, err = Replay("x1:b", Config{}, func(x *Exec) {
		var w Uint64
		x.Go("a", func() { w.Load() })
	})
	if err != nil || r.Failure == nil || !strings.Contains(r.Failure.Message, "does not fit") {
		t.Errorf("a schedule of another scenario: %v, %v", r, err)
	}
}

// The same scenario gives the same figures each time.
func TestDeterminism(t *testing.T) {
	figures := func(r Report) Report {
		r.Elapsed = 0
		if r.Failure != nil {
			r.Failure.Stack = ""
		}
		return r
	}
	for name, body := range map[string]func(x *Exec){"task": task(2, 1, false), "clobber": clobber} {
		for _, c := range []Config{{}, {NoReduction: true}, {Preemptions: 2}, {Random: 50, Seed: 7}} {
			first := figures(Run(c, body))
			for range 3 {
				if again := figures(Run(c, body)); !reflect.DeepEqual(again, first) {
					t.Errorf("%s: %v, and then %v", name, first, again)
				}
			}
		}
	}
}

func TestNondeterminismIsReported(t *testing.T) {
	n := 0
	fails(t, "not deterministic", func(x *Exec) {
		n++
		run := n
		w := new([2]Uint64)
		x.Go("a", func() { w[0].Add(1); w[0].Add(uint64(run)); w[0].Add(1) })
		x.Go("b", func() { w[0].Add(1); w[0].Add(1) })
	})
}

// Threads that each check and then act fail with a single preemption, but not without.
func TestPreemptionBound(t *testing.T) {
	body := func(x *Exec) {
		var w Uint64
		for _, name := range []string{"a", "b"} {
			x.Go(name, func() {
				w.Add(1)
				w.Store(w.Load() + 1)
				w.Add(1)
			})
		}
		x.Final(func() { x.Assert(w.Load() == 6, "w = %d", w.Load()) })
	}
	if r := Run(Config{Preemptions: -1}, body); r.Failure != nil || r.Exhausted || r.Complete == 0 {
		t.Errorf("without preemption: %v", r)
	}
	if r := Run(Config{Preemptions: 1}, body); r.Failure == nil {
		t.Errorf("with one: %v", r)
	}
	schedules := func(bound, n int) int {
		return Run(Config{Preemptions: bound, NoCache: true}, independent(n)).Schedules
	}
	// Two blocks in either order; one of them cut by the other in any of n-1 places.
	if got := schedules(-1, 5); got != 2 {
		t.Errorf("%d schedules without preemption, want 2", got)
	}
	if got := schedules(1, 5); got != 2+2*4 {
		t.Errorf("%d schedules with one preemption, want 10", got)
	}
}

// The schedule that is shown has no more preemptions than it takes.
func TestFailureIsSimplified(t *testing.T) {
	r := Run(Config{}, func(x *Exec) {
		var w Uint64
		other := new([3]Uint64)
		for i, name := range []string{"a", "b", "c"} {
			x.Go(name, func() {
				for range 3 {
					other[i].Add(1)
				}
				w.Store(w.Load() + 1)
			})
		}
		x.Final(func() { x.Assert(w.Load() != 1, "all updates but one are lost") })
	})
	if r.Failure == nil {
		t.Fatal(r)
	}
	turns := strings.FieldsFunc(r.Failure.Token[3:], func(r rune) bool { return r >= '0' && r <= '9' })
	if n := len(strings.Join(turns, "")); n > 5 {
		t.Errorf("%d turns in %s", n, r.Failure.Token)
	}
}

func TestLimits(t *testing.T) {
	r := Run(Config{NoCache: true, NoReduction: true, MaxSchedules: 100}, independent(8))
	if r.Schedules != 100 || r.Exhausted || r.Failure != nil {
		t.Errorf("%v, want 100 schedules", r)
	}
	r = Run(Config{NoCache: true, NoReduction: true, MaxTime: time.Nanosecond}, independent(8))
	if r.Schedules >= 12870 || r.Exhausted {
		t.Errorf("%v, want fewer schedules", r)
	}
	r = Run(Config{Random: 25, Seed: 1}, independent(8))
	if r.Schedules != 25 || r.Complete != 25 || r.Exhausted || r.States != 0 {
		t.Errorf("%v, want 25 walks", r)
	}
	found := 0
	for seed := range uint64(10) {
		if Run(Config{Random: 100, Seed: seed}, clobber).Failure != nil {
			found++
		}
	}
	if found < 8 {
		t.Errorf("100 random walks find the bug for %d of 10 seeds", found)
	}
}
