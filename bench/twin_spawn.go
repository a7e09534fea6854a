package bench

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rouse-go/rouse/bench/harness"
)

// abortBatch is how many tasks an abort sample ends at a time.
const abortBatch = 32

// goDetached: go f() and, to know that all ran, one WaitGroup for a batch.
func goDetached(n, batch int) harness.Sample {
	var polls atomic.Int64
	var all sync.WaitGroup
	rs := harness.Rounds(n, batch)
	s := harness.Timed(rs*batch, func() {
		for range rs {
			all.Add(batch)
			for range batch {
				go func() { polls.Add(1); all.Done() }()
			}
			all.Wait()
		}
	})
	return s.Count("polls", int(polls.Load()))
}

// goJoin: go f(), its result through a channel.
func goJoin(n, _ int) harness.Sample {
	polls, sum := 0, 0
	s := harness.Timed(n, func() {
		for range n {
			result := make(chan int, 1)
			go func() { polls++; result <- polls }()
			sum += <-result
		}
	})
	return s.Count("polls", polls).Count("sum", sum)
}

// waitGroupJoin: go f(), its result in a variable, a WaitGroup.
func waitGroupJoin(n, _ int) harness.Sample {
	polls, sum := 0, 0
	s := harness.Timed(n, func() {
		for range n {
			var done sync.WaitGroup
			var result int
			done.Add(1)
			go func() { polls++; result = polls; done.Done() }()
			done.Wait()
			sum += result
		}
	})
	return s.Count("polls", polls).Count("sum", sum)
}

// contextAbort: cancels goroutines that wait on their context.
func contextAbort(n, _ int) harness.Sample {
	rs := harness.Rounds(n, abortBatch)
	s := harness.Sample{Ops: rs * abortBatch}
	var drops atomic.Int64
	for range rs {
		var cancel [abortBatch]context.CancelFunc
		var ended sync.WaitGroup
		ended.Add(abortBatch)
		for i := range cancel {
			var ctx context.Context
			ctx, cancel[i] = context.WithCancel(context.Background())
			go func() { <-ctx.Done(); drops.Add(1); ended.Done() }()
		}
		runtime.Gosched() // most are waiting by now
		t := time.Now()
		for _, c := range cancel {
			c()
		}
		ended.Wait()
		s.Elapsed += time.Since(t)
	}
	return s.Count("drops", int(drops.Load()))
}

// waiting starts n goroutines, each waiting on a channel of its own.
func waiting(n int, polls *atomic.Int64) (wake []chan struct{}) {
	wake = make([]chan struct{}, n)
	for i := range wake {
		wake[i] = make(chan struct{}, 1)
		go func() {
			for range wake[i] {
				polls.Add(1)
			}
		}()
	}
	runtime.Gosched()
	return wake
}

// goSweep wakes each of n waiting goroutines, through a channel of its own.
func goSweep(n, _ int) harness.Sample {
	var polls atomic.Int64
	wake := waiting(n, &polls)
	times := max(1, sweepWakes/n)
	s := harness.Sample{Ops: n * times}
	var run time.Duration
	for k := range times {
		start := time.Now()
		for _, ch := range wake {
			ch <- struct{}{}
		}
		woken := time.Now()
		s.Elapsed += woken.Sub(start)
		for polls.Load() < int64(n*(k+1)) {
			runtime.Gosched()
		}
		run += time.Since(woken)
	}
	for _, ch := range wake {
		close(ch)
	}
	return s.WithTime("run", run)
}

// goIdleBytes: the memory of a goroutine that waits on a channel of its own,
// the channel included.
func goIdleBytes(n, _ int) harness.Sample {
	var polls atomic.Int64
	runtime.GC()
	before := harness.ResidentBytes()
	wake := waiting(n, &polls)
	runtime.GC()
	s := harness.Sample{Ops: n, Value: (harness.ResidentBytes() - before - float64(8*n)) / float64(n)}
	for _, ch := range wake {
		close(ch)
	}
	return s
}
