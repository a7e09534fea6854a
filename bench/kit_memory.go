package bench

import (
	"runtime"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/bench/harness"
)

// idleBytes is the memory of a task that waits, its waker's word apart.
func idleBytes(n, _ int) harness.Sample {
	var e fifo
	c := &shared{limit: n, wakers: make([]rouse.Waker, n)}
	for i := range c.wakers {
		c.wakers[i] = rouse.Waker{} // touch the pages
	}
	c.wakers = c.wakers[:0]
	s := grown(n, func() {
		for range n {
			rouse.SpawnDetached(&e, parked{c})
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
			vtable.Init(tasks[i])
		}
	})
	runtime.KeepAlive(tasks)
	return s
}

// grown returns by how much f makes the resident set grow, and the heap, per
// task.
func grown(n int, f func()) harness.Sample {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	resident := harness.ResidentBytes()
	f()
	runtime.GC()
	s := harness.Sample{Ops: n, Value: (harness.ResidentBytes() - resident) / float64(n)}
	runtime.ReadMemStats(&after)
	return s.With("heap", float64(after.HeapAlloc-before.HeapAlloc)/float64(n))
}
