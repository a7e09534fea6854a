//go:build rouse_explore && !rouse_debug && !rouse_trace

package rouse

import (
	"testing"

	"github.com/rouse-go/rouse/proptest/explore"
)

// TestBudget counts the locked instructions of each operation, without
// interference. The first time is no different from the next.
func TestBudget(t *testing.T) {
	for _, c := range costs() {
		for range 3 {
			c.run(func(op func()) {
				got := explore.Count(op)
				if got.RMWs != c.rmws {
					t.Errorf("%s: %d RMWs, want %d (%+v)", c.name, got.RMWs, c.rmws, got)
				}
			})
		}
	}
}

// TestTransitionCosts counts those of each transition from every word: the
// figures in TRANSITIONS.md.
func TestTransitionCosts(t *testing.T) {
	for _, tr := range transitions() {
		if tr.do == nil {
			continue
		}
		failed := 0
		for _, p := range allPoints() {
			want := tr.rule(modelOf(p.word())).claimed()
			if want.action == actMisuse || failed > 3 {
				continue
			}
			var s State
			s.init(p.word())
			if got := explore.Count(func() { tr.do(&s) }); got.RMWs != want.RMWs || got.FailedCAS != 0 {
				failed++
				t.Errorf("%s of %v: %d RMWs, want %d", tr.name, p.word(), got.RMWs, want.RMWs)
			}
		}
	}
}

func TestPieceBudget(t *testing.T) {
	for _, c := range pieceCosts() {
		for range 3 {
			c.run(func(op func()) {
				if got := explore.Count(op); got.RMWs != c.rmws {
					t.Errorf("%s: %d RMWs, want %d (%+v)", c.name, got.RMWs, c.rmws, got)
				}
			})
		}
	}
}
