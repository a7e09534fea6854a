//go:build !race && !rouse_debug && !rouse_trace && !rouse_explore

package rouse

import (
	"runtime/debug"
	"testing"
)

// TestAllocations: a collection in between would empty the pools.
func TestAllocations(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for _, c := range costs() {
		nothing := func(op func()) { op() }
		if got := testing.AllocsPerRun(100, func() { c.run(nothing) }); got != float64(c.allocs) {
			t.Errorf("%s: %v allocations, want %d", c.name, got, c.allocs)
		}
	}
}
