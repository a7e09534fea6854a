//go:build !race && !rouse_debug && !rouse_trace && !rouse_explore

package rouse

import (
	"runtime/debug"
	"testing"
	"time"
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

func TestPieceAllocations(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for _, c := range pieceCosts() {
		nothing := func(op func()) { op() }
		if got := testing.AllocsPerRun(100, func() { c.run(nothing) }); got != float64(c.allocs) {
			t.Errorf("%s: %v allocations, want %d", c.name, got, c.allocs)
		}
	}
}

// Nothing allocates once a Parker has slept, nor if it is woken out of its sleep.
func TestSleepAllocations(t *testing.T) {
	p, q := new(Parker), new(Parker)
	stop := false
	done := make(chan struct{})
	go func() {
		defer close(done)
		for q.Park(); !stop; q.Park() {
			p.Unpark()
		}
	}()
	sleep := func() {
		p.ParkTimeout(soon)
		q.Unpark()
		p.Park()
		q.Unpark()
		p.ParkTimeout(late)
	}
	timer := time.NewTimer(soon)
	<-timer.C
	host := testing.AllocsPerRun(20, func() { // WebAssembly's clocks allocate
		timer.Reset(soon)
		<-timer.C
	})
	if got := testing.AllocsPerRun(20, sleep); got > host {
		t.Errorf("%v allocations, and %v of the host's", got, host)
	}
	stop = true
	q.Unpark()
	<-done
}
