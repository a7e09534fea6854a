//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A scheduler that runs a task as soon as it is woken, on the stack of whoever woke it, runs it
// under the locks that are held there.
var inline = rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) {
	n.Run() //wakervet:allow scheduleinline the bug
})

var runsInsideWake = bug{
	name:   "runs-inside-wake",
	within: 1,
	fails:  "deadlock: stream in connection.Lock",
	format: snapshot,
	faulty: func(x *explore.Exec) {
		rouse.Restart()
		wakeUnderLock(x, inline)
	},
	right: func(x *explore.Exec) { wakeUnderLock(x, newHost(x)) },
}

// wakeUnderLock is a stream that wakes the task of its connection, under the lock of the
// connection, which the task takes.
func wakeUnderLock(x *explore.Exec, s rouse.Scheduler) {
	mu := new(explore.Mutex)
	x.Name(mu, "connection")
	k := new(keeper)
	p := &probe{done: func(cx rouse.Context) bool {
		mu.Lock()
		defer mu.Unlock()
		return k.keep(cx)
	}}
	setup := new(rouse.Notified)
	first := rouse.ScheduleFunc(func(n rouse.Notified, why rouse.Reason) {
		if why == rouse.Spawned {
			*setup = n
			return
		}
		s.Schedule(n, why)
	})
	rouse.SpawnDetached(first, p)
	x.Name(setup.Task().Header(), "task")
	x.Go("stream", func() {
		setup.Run()
		mu.Lock()
		k.waker.Wake()
		mu.Unlock()
	})
	x.Final(func() { x.Assert(p.polls.Get() == 2, "%d polls", p.polls.Get()) })
}
