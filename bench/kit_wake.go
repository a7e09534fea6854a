package bench

import (
	"time"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/bench/harness"
)

func cloneDrop(n int, o rouse.Options) harness.Sample {
	w := &parkWith(1, byUser, o).wakers[0]
	return harness.Timed(n, func() {
		for range n {
			c := w.Clone()
			c.Drop()
		}
	})
}

// cloneDropContended has each goroutine clone and drop a waker: of one task,
// or of its own.
func cloneDropContended(n, threads int, same bool) harness.Sample {
	tasks := park(threads)
	d := harness.Contend(threads, func(i int) {
		if same {
			i = 0
		}
		w := tasks.wakers[i].Clone()
		for range n {
			c := w.Clone()
			c.Drop()
		}
		w.Drop()
	})
	return harness.Sample{Elapsed: d, Ops: n}
}

func willWake(n, _ int) harness.Sample {
	tasks := park(1)
	w, equal := &tasks.wakers[0], 0
	// The loads below stay: the two are behind pointers that change.
	other := [2]rouse.Waker{w.Clone(), w.Clone()}
	s := harness.Timed(n, func() {
		for i := range n {
			if w.WillWake(other[i&1].Borrow()) {
				equal++
			}
		}
	})
	return s.Count("equal", equal)
}

// borrow makes the borrowed waker of a task and wakes nothing with it.
func borrow(n, _ int) harness.Sample {
	var h [2]bare
	for i := range h {
		bareVtable.Init(&h[i])
	}
	nonzero := 0
	s := harness.Timed(n, func() {
		for i := range n {
			if !h[i&1].WakerRef().IsZero() {
				nonzero++
			}
		}
	})
	return s.Count("nonzero", nonzero)
}

func wakeNotified(n, _ int) harness.Sample {
	tasks := park(1)
	w := &tasks.wakers[0]
	w.WakeByRef()
	s := harness.Timed(n, func() {
		for range n {
			w.WakeByRef()
		}
	})
	tasks.drain()
	return s.Count("polls", tasks.polls)
}

func wakeNotifiedContended(n, threads int) harness.Sample {
	tasks := park(1)
	tasks.wakers[0].WakeByRef()
	d := harness.Contend(threads, func(int) {
		w := tasks.wakers[0].Clone()
		for range n {
			w.WakeByRef()
		}
		w.Drop()
	})
	tasks.drain()
	return harness.Sample{Elapsed: d, Ops: n}.Count("polls", tasks.polls)
}

func wakeComplete(n, _ int) harness.Sample {
	var e fifo
	c := new(shared)
	rouse.SpawnDetached(&e, finished{c})
	e.drain()
	w := &c.wakers[0]
	s := harness.Timed(n, func() {
		for range n {
			w.WakeByRef()
		}
	})
	return s.Count("polls", c.polls)
}

// wakeIdle wakes idle tasks; only the wakes are timed.
func wakeIdle(n int, v via, owned bool) harness.Sample {
	const count = 256
	tasks := parkWith(count, v, rouse.Options{})
	rs := harness.Rounds(n, count)
	s := harness.Sample{Ops: rs * count}
	var clones [count]rouse.Waker
	for range rs {
		if owned {
			for i := range clones {
				clones[i] = tasks.wakers[i].Clone()
			}
		}
		start := time.Now()
		if owned {
			for i := range clones {
				clones[i].Wake()
			}
		} else {
			for i := range tasks.wakers {
				tasks.wakers[i].WakeByRef()
			}
		}
		s.Elapsed += time.Since(start)
		tasks.drain()
	}
	return s.Count("polls", tasks.polls)
}

func wakeWhileRunning(n, _ int) harness.Sample {
	c := &shared{limit: n}
	return inPoll(c, wakeRunning{c})
}

func cloneWakeWhileRunning(n, _ int) harness.Sample {
	c := &shared{limit: n}
	return inPoll(c, cloneWakeRunning{c})
}

func inPoll[F rouse.Future[unit]](c *shared, f F) harness.Sample {
	var e fifo
	rouse.SpawnDetached(&e, f)
	e.drain()
	return harness.Sample{Elapsed: c.elapsed, Ops: c.limit}.
		Count("polls", c.polls).Count("wakes", c.wakes)
}
