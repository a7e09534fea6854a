package bench

import (
	"time"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/bench/harness"
)

func selfWakeCycle(n int, v via) harness.Sample {
	var e fifo
	c := &shared{limit: n}
	rouse.SpawnDetached(e.scheduler(v), selfWake{c})
	return harness.Timed(n, e.drain).Count("polls", c.polls).Count("wakes", c.wakes)
}

// selfWakeQueue is the same on a queue that takes wakes from any goroutine.
func selfWakeQueue(n int, v via) harness.Sample {
	var e mpsc
	c := &shared{limit: n}
	rouse.SpawnDetached(e.scheduler(v), selfWake{c})
	return harness.Timed(n, e.drain).Count("polls", c.polls).Count("wakes", c.wakes)
}

// wakeRunIdle wakes batch idle tasks, then lets them run, n wakes in all.
func wakeRunIdle(n, batch int, v via) harness.Sample {
	tasks := parkWith(batch, v, rouse.Options{})
	rs := harness.Rounds(n, batch)
	s := harness.Timed(rs*batch, func() {
		for range rs {
			for i := range tasks.wakers {
				tasks.wakers[i].WakeByRef()
			}
			tasks.drain()
		}
	})
	return s.Count("polls", tasks.polls)
}

func pingPongTasks(n int, v via) harness.Sample {
	var e fifo
	c := &shared{limit: 2 * n}
	for me := range 2 {
		j := rouse.Spawn(e.scheduler(v), &pingPong{c, me})
		defer j.Detach()
	}
	return harness.Timed(n, e.drain).Count("polls", c.polls).Count("wakes", c.wakes)
}

func abortIdle(n, _ int) harness.Sample {
	rs := harness.Rounds(n, abortBatch)
	s := harness.Sample{Ops: rs * abortBatch}
	drops := 0
	for range rs {
		tasks := park(abortBatch)
		start := time.Now()
		for i := range tasks.handles {
			tasks.handles[i].Abort()
			tasks.handles[i].Detach()
		}
		tasks.drain()
		s.Elapsed += time.Since(start)
		drops += tasks.drops
		for i := range tasks.wakers {
			tasks.wakers[i].Drop()
		}
	}
	return s.Count("drops", drops)
}

// sweep wakes each of n idle tasks, in the order they were made or shuffled;
// then, timed apart, runs them. Small sweeps are repeated.
func sweep(n int, shuffled bool) harness.Sample {
	tasks := park(n)
	if shuffled {
		harness.Shuffle(tasks.wakers)
	}
	times := max(1, sweepWakes/n)
	s := harness.Sample{Ops: n * times}
	var run time.Duration
	for range times {
		start := time.Now()
		for i := range tasks.wakers {
			tasks.wakers[i].WakeByRef()
		}
		woken := time.Now()
		s.Elapsed += woken.Sub(start)
		tasks.drain()
		run += time.Since(woken)
	}
	return s.Count("polls", tasks.polls).WithTime("run", run)
}

// sweepWakes is how many wakes a sample of sweeps makes at least.
const sweepWakes = 100_000
