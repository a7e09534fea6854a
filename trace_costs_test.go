//go:build rouse_explore && rouse_trace && !rouse_debug

package rouse

import (
	"testing"

	"github.com/rouse-go/rouse/proptest/explore"
)

// TestTracingBudget counts the locked instructions of the tracing build: what
// the documentation of Counters says that it costs.
func TestTracingBudget(t *testing.T) {
	want := map[string]int{
		"Clone": 2, "Drop": 2,
		"wake by ref, idle": 3, "wake by ref, notified": 2, "wake by ref, running": 2, "wake by ref, complete": 1,
		"wake by value, idle": 3, "wake by value, notified": 2, "wake by value, complete": 2,
		"wake, run, idle": 7, "self-wake cycle": 7,
		"SpawnDetached, run, complete, release": 8,
	}
	for _, c := range costs() {
		rmws, ok := want[c.name]
		if !ok {
			continue
		}
		delete(want, c.name)
		c.run(func(op func()) { op() }) // IDs are dealt the first time
		c.run(func(op func()) {
			if got := explore.Count(op); got.RMWs != rmws {
				t.Errorf("%s: %d RMWs, want %d (%+v)", c.name, got.RMWs, rmws, got)
			}
		})
	}
	if len(want) > 0 {
		t.Errorf("not counted: %v", want)
	}
}
