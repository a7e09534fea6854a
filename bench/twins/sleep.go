package main

import (
	"gvisor.dev/gvisor/pkg/sleep"

	"github.com/rouse-go/rouse/bench/harness"
)

// sleepNotified asserts a waker that is asserted already. It looks first, so
// it publishes nothing.
func sleepNotified(n, _ int) harness.Sample {
	var s sleep.Sleeper
	var w sleep.Waker
	s.AddWaker(&w)
	defer s.Done()
	w.Assert()
	return harness.Timed(n, func() {
		for range n {
			w.Assert()
		}
	})
}

// sleepSelfWake is a loop that asserts its own waker and fetches it again.
func sleepSelfWake(n, _ int) harness.Sample {
	var s sleep.Sleeper
	var w sleep.Waker
	s.AddWaker(&w)
	defer s.Done()
	w.Assert()
	polls, wakes := 0, 0
	return harness.Timed(n, func() {
		for {
			s.Fetch(true)
			if polls++; polls >= n {
				return
			}
			wakes++
			w.Assert()
		}
	}).Count("polls", polls).Count("wakes", wakes)
}

// sleepAssertFetch wakes a sleeper that is not waiting, and takes the wake.
func sleepAssertFetch(n, _ int) harness.Sample {
	var s sleep.Sleeper
	var w sleep.Waker
	s.AddWaker(&w)
	defer s.Done()
	wakes := 0
	return harness.Timed(n, func() {
		for range n {
			w.Assert()
			if s.Fetch(false) != nil {
				wakes++
			}
		}
	}).Count("wakes", wakes)
}

// sleepPingPong is two goroutines that wake each other.
func sleepPingPong(n, _ int) harness.Sample {
	var s [2]sleep.Sleeper
	var w [2]sleep.Waker
	for i := range s {
		s[i].AddWaker(&w[i])
		defer s[i].Done()
	}
	var polls [2]int
	return harness.Pair(n, func(me int) {
		for range n {
			if me == 0 {
				w[1].Assert()
			}
			s[me].Fetch(true)
			polls[me]++
			if me == 1 {
				w[0].Assert()
			}
		}
	}).Count("polls", polls[0]+polls[1])
}
