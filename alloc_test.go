//go:build !race && !rouse_debug && !rouse_trace && !rouse_explore

package rouse

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
	"weak"
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

// A burst of tasks, larger than what a spawner keeps, allocates once.
func TestPoolAllocations(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var q LocalQueue
	var p Pool[int, FutureFunc[int]]
	ready := Ready(1)
	burst := func() {
		for range 10 * poolKeeps {
			p.SpawnDetached(&q, ready)
		}
		for q.RunOne() {
		}
	}
	burst()
	if again := testing.AllocsPerRun(10, burst); again != 0 {
		t.Errorf("%v allocations for a burst that was there before", again)
	}
}

// What a Pool does not use, the collector has: but for what a spawner keeps.
func TestPoolGivesBack(t *testing.T) {
	const burst = 10 * poolKeeps
	var l loop
	var p Pool[output, probe]
	var cells []weak.Pointer[Header]
	for range burst {
		p.SpawnDetached(&l, l.ready(1))
		cells = append(cells, weak.Make(l.last.Header()))
	}
	l.run()
	p.SpawnDetached(&l, l.ready(1))
	l.run()
	l = loop{}
	for range 3 {
		runtime.GC()
	}
	left := 0
	for _, c := range cells {
		if c.Value() != nil {
			left++
		}
	}
	if left > poolKeeps || left == 0 {
		t.Errorf("%d of %d cells are left, %d are to be kept", left, burst, poolKeeps)
	}
	runtime.KeepAlive(&p)
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
