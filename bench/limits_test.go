//go:build rouse_explore && !rouse_debug && !rouse_trace

package bench

import (
	"strings"
	"testing"

	"github.com/rouse-go/rouse/proptest/explore"
)

// untimed are those that are counted here, but not timed: of runs, and of clones.
var untimed = map[string]int{"wake-idle": 2, "rouse-queue/wake-idle": 2, "wake-val-idle": 3, "rouse-queue/wake-val-idle": 3}

// TestLimits counts the locked instructions of the operations themselves: no
// more than the limit, and no fewer, or a figure would be shown as a multiple of
// too much.
func TestLimits(t *testing.T) {
	ops := Kit()
	for name, limit := range Limits() {
		run, ok := ops[name]
		if !ok {
			t.Errorf("there is no %s", name)
			continue
		}
		count := func(n int) (rmws, done int) {
			c := explore.Count(func() { done = run(n, 1).Ops })
			return c.RMWs, done
		}
		// What is done once, before and after, is in both.
		const n, more = 512, 1024
		a, doneA := count(n)
		b, doneB := count(more)
		per := float64(b-a) / float64(doneB-doneA)
		want := float64(limit + untimed[strings.TrimPrefix(name, "rouse/")])
		most := want
		if strings.Contains(name, "pooled") {
			most += 3 // the pool's: one to release, up to two to take
		}
		if per < want || per > most {
			t.Errorf("%s: %.3f locked instructions, want %g to %g", name, per, want, most)
		}
	}
}
