package explore

import "testing"

// independent is two threads of n steps each, on words of their own.
func independent(n int) func(x *Exec) {
	return func(x *Exec) {
		w := new([2]Uint64)
		for i := range w {
			x.Go(string(rune('a'+i)), func() {
				for range n {
					w[i].Add(1)
				}
			})
		}
	}
}

// With nothing pruned, the schedules are the interleavings, of which there are 2n over n. The
// states are the places on a grid; with both prunings on, each but the first is entered once.
func TestExactCounts(t *testing.T) {
	for _, c := range []struct{ n, interleavings int }{{1, 2}, {2, 6}, {3, 20}, {5, 252}, {8, 12870}} {
		grid := (c.n + 1) * (c.n + 1)
		edges := 2 * c.n * (c.n + 1)
		for _, m := range []struct {
			name              string
			cfg               Config
			schedules, states int
		}{
			{"bare", Config{NoCache: true, NoReduction: true}, c.interleavings, 0},
			{"cache", Config{NoReduction: true}, edges - grid + 2, grid},
			{"reduction", Config{NoCache: true}, c.n + 1, 0},
			{"both", Config{}, c.n + 1, grid},
		} {
			r := Run(m.cfg, independent(c.n))
			if r.Schedules != m.schedules || r.States != m.states || !r.Exhausted || r.Failure != nil {
				t.Errorf("n = %d, %s: %v, want %d schedules and %d states", c.n, m.name, r, m.schedules, m.states)
			}
		}
	}
}
