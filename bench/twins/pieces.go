package main

import (
	"context"

	"golang.org/x/sync/semaphore"
	"gvisor.dev/gvisor/pkg/sleep"

	"github.com/rouse-go/rouse/bench/harness"
)

// weighted: a permit that is there is acquired and released.
func weighted(n, _ int) harness.Sample {
	s, ctx, taken := semaphore.NewWeighted(1), context.Background(), 0
	return harness.Timed(n, func() {
		for range n {
			if s.Acquire(ctx, 1) == nil {
				taken++
			}
			s.Release(1)
		}
	}).Count("ready", taken)
}

func weightedTry(n, _ int) harness.Sample {
	s, taken := semaphore.NewWeighted(1), 0
	return harness.Timed(n, func() {
		for range n {
			if s.TryAcquire(1) {
				taken++
			}
			s.Release(1)
		}
	}).Count("ready", taken)
}

// sleepPermit: a goroutine that was told before goes on at once.
func sleepPermit(n, _ int) harness.Sample {
	var s sleep.Sleeper
	var w sleep.Waker
	s.AddWaker(&w)
	defer s.Done()
	return harness.Timed(n, func() {
		for range n {
			w.Assert()
			s.Fetch(true)
		}
	})
}
