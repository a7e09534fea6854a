//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A wake by value hands the task, and the reference that kept it, to the queue; then it rings the
// bell of the scheduler, whose address is in the task.
type rung struct {
	bell  explore.Pointer[explore.Int32]
	queue func(func())
}

func (t *rung) wake(run func()) {
	t.queue(run)
	t.bell.Load().Add(1) // the bug: the task may have run by now, and be gone
}

var touchedAfterSchedule = bug{
	name:   "touched-after-schedule",
	within: 5,
	fails:  "uses task.bell after run 1 retired it",
	faulty: func(x *explore.Exec) {
		t := &rung{queue: goroutines(x, "run")}
		x.Name(t, "task")
		bell := new(explore.Int32)
		x.Name(bell, "bell")
		t.bell.Store(bell)
		x.Go("waker", func() {
			t.wake(func() {
				x.Await("a worker", func() bool { return true })
				x.Retire(t) // it is complete, and this was its last reference
			})
		})
	},
	// The scheduler's memory is not the task's; and after Schedule the kit touches the task only on
	// the strength of a waker that it still has, which a wake by value has not.
	right: func(x *explore.Exec) {
		h, k := newHost(x), new(keeper)
		h.retire(x)
		s := &bellHost{host: h.main()}
		x.Name(&s.bell, "bell")
		rouse.SpawnDetached(s, &probe{done: k.keep})
		h.runMain()
		x.Go("waker", k.waker.Wake)
		x.Final(func() {
			x.Assert(h.released.Get() == 1 && s.bell.Load() == 2, "%d releases, %d rings", h.released.Get(), s.bell.Load())
		})
	},
}

type bellHost struct {
	*host
	bell explore.Int32
}

func (s *bellHost) Schedule(n rouse.Notified, why rouse.Reason) {
	s.host.Schedule(n, why)
	s.bell.Add(1)
}
