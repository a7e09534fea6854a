//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// Every waker is counted; the queue entry that a wake by reference makes is not. If the waker that
// made it is the last, its drop frees a task that is in the queue.
type uncountedRun struct {
	refs  explore.Int64
	queue func(func())
	free  func()
}

func (t *uncountedRun) wakeByRef() { t.queue(t.run) } // the bug: refs.Add(1) is missing

func (t *uncountedRun) run() { t.drop() }

func (t *uncountedRun) drop() {
	if t.refs.Add(-1) == 0 {
		t.free()
	}
}

var queuedRunNotCounted = bug{
	name:   "queued-run-not-counted",
	within: 2,
	fails:  "uses task.refs after waker retired it",
	faulty: func(x *explore.Exec) {
		t := &uncountedRun{queue: goroutines(x, "run")}
		x.Name(t, "task")
		t.free = func() { x.Retire(t) }
		t.refs.Store(1)
		x.Go("waker", func() {
			t.wakeByRef()
			t.drop()
		})
	},
	// The notification keeps the task alive by being a flag of the same word as the count.
	right: func(x *explore.Exec) {
		h, k := newHost(x), new(keeper)
		h.retire(x)
		p := &probe{done: k.keep}
		rouse.SpawnDetached(h.main(), p)
		h.runMain()
		x.Go("waker", func() {
			k.waker.WakeByRef()
			k.waker.Drop()
		})
		x.Final(func() {
			x.Assert(p.polls.Get() == 2 && h.released.Get() == 1, "%d polls, %d releases", p.polls.Get(), h.released.Get())
		})
	},
}
