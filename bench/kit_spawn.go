package bench

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/bench/harness"
)

// spawnDetached spawns batch tasks that are ready at once, runs them to their
// release, and again, n tasks in all.
func spawnDetached(n, batch int, v via, pooled bool) harness.Sample {
	var e fifo
	on := e.scheduler(v)
	var pool rouse.Pool[unit, once]
	c := new(shared)
	rs := harness.Rounds(n, batch)
	s := harness.Timed(rs*batch, func() {
		for range rs {
			for range batch {
				if pooled {
					pool.SpawnDetached(on, once{c})
				} else {
					rouse.SpawnDetached(on, once{c})
				}
			}
			e.drain()
		}
	})
	return s.Count("polls", c.polls)
}

// spawnContended has several goroutines spawn from one Pool, each what it runs.
func spawnContended(n, threads int) harness.Sample {
	var pool rouse.Pool[unit, once]
	d := harness.Contend(threads, func(int) {
		var e fifo
		on, c := e.scheduler(byUser), new(shared)
		for range n {
			pool.SpawnDetached(on, once{c})
			e.drain()
		}
	})
	return harness.Sample{Elapsed: d, Ops: n}
}

// spawnJoin has a task spawn a child, await it, and again, n times.
func spawnJoin(n int, v via, pooled bool) harness.Sample {
	var e fifo
	on := e.scheduler(v)
	var pool rouse.Pool[uint64, value]
	c := new(shared)
	j := &joiner{c: c, left: n}
	if pooled {
		j.spawn = func() rouse.JoinHandle[uint64] { return pool.Spawn(on, value{c}) }
	} else {
		j.spawn = func() rouse.JoinHandle[uint64] { return rouse.Spawn(on, value{c}) }
	}
	joined := rouse.Spawn(on, j)
	s := harness.Timed(n, e.drain)
	res, ready := joined.TryJoin()
	if !ready {
		panic("the joiner is still pending")
	}
	return s.Count("polls", c.polls).Count("sum", int(res.Value))
}
