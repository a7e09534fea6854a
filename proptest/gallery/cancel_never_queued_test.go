//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// Cancelling marks the task as cancelled and notified at once, then wakes it, so that a worker
// ends it. But the wake finds the task notified, and leaves it to the queue in which it is not.
type cancellable struct {
	word  explore.Uint64
	queue func(func())
}

func (t *cancellable) cancel() {
	if t.word.Or(isCancelled|isNotified)&isCancelled == 0 { // the bug: NOTIFIED belongs to whoever queues the task
		t.wakeByRef()
	}
}

func (t *cancellable) wakeByRef() {
	if t.word.Or(isNotified)&isNotified == 0 {
		t.queue(t.run)
	}
}

func (t *cancellable) run() {
	if t.word.And(^uint64(isNotified))&isCancelled != 0 {
		t.word.Or(isComplete)
	}
}

var cancelNeverQueued = bug{
	name:   "cancel-never-queued",
	within: 2,
	fails:  `deadlock: joiner in Await("the end of the task")`,
	format: flags,
	faulty: func(x *explore.Exec) {
		t := &cancellable{queue: goroutines(x, "run")}
		x.Name(t, "task") // idle: its future waits for something
		x.Go("aborter", t.cancel)
		x.Go("late waker", t.wakeByRef)
		x.Go("joiner", func() {
			x.Await("the end of the task", func() bool { return t.word.Load()&isComplete != 0 })
		})
	},
	right: func(x *explore.Exec) {
		h, k := newHost(x), new(keeper)
		p := &probe{done: k.keep}
		j := rouse.Spawn(h.main(), p)
		h.runMain() // its future waits for something
		a := j.AbortHandle()
		x.Go("aborter", func() { a.Abort() })
		x.Go("late waker", k.waker.Wake)
		x.Go("joiner", func() {
			res := join(x, &j, 1)
			x.Assert(res.Err != nil || p.polls.Get() == 2, "result %v", res)
		})
		x.Final(func() { x.Assert(p.drops.Get() == 1, "%d destructions", p.drops.Get()) })
	},
}
