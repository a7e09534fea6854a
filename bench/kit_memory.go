package bench

import (
	"runtime"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/bench/harness"
)

// idleBytes is the memory of a task that waits, its waker's two words apart.
func idleBytes(n, _ int) harness.Sample {
	var e fifo
	c := &shared{limit: n, wakers: make([]rouse.Waker, n)}
	for i := range c.wakers {
		c.wakers[i] = rouse.Waker{} // touch the pages
	}
	c.wakers = c.wakers[:0]
	s := grown(n, func() {
		for range n {
			rouse.SpawnDetached[unit](&e, parked{c})
			e.drain()
		}
	})
	return s.Count("polls", c.polls)
}

// headerIdleBytes is the same for a struct of the caller's, with a Header and
// three words of its own.
func headerIdleBytes(n, _ int) harness.Sample {
	c, e := new(shared), new(fifo)
	tasks := make([]*conn, n)
	for i := range tasks {
		tasks[i] = nil
	}
	s := grown(n, func() {
		for i := range tasks {
			tasks[i] = &conn{c: c, e: e}
			tasks[i].Init(vtable)
		}
	})
	runtime.KeepAlive(tasks)
	return s
}

// grown returns by how much f makes the heap grow, per task.
func grown(n int, f func()) harness.Sample {
	runtime.GC()
	before := harness.ResidentBytes()
	f()
	runtime.GC()
	return harness.Sample{Ops: n, Value: (harness.ResidentBytes() - before) / float64(n)}
}
