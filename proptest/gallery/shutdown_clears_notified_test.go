//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// The shutdown of a task that is queued takes the run for itself, and takes the notification away
// with it. The queue does not know: it still holds its claim, and the worker acts on it.
type shutTask struct{ word explore.Uint64 }

func (t *shutTask) shutdown() {
	for {
		old := t.word.Load()
		if old&(isRunning|isComplete) != 0 {
			return // the runner's business; of no interest here
		}
		if t.word.CompareAndSwap(old, isRunning|isCancelled) { // the bug: NOTIFIED is the queue's to clear
			t.word.Swap(isComplete | isCancelled)
			return
		}
	}
}

// run consumes the queue's claim.
func (t *shutTask) run() {
	for {
		old := t.word.Load()
		if old&isNotified == 0 {
			panic("a queued task owes no run: " + flags(old))
		}
		if t.word.CompareAndSwap(old, old&^isNotified|isRunning) {
			t.word.Swap(isComplete)
			return
		}
	}
}

var shutdownClearsNotified = bug{
	name:   "shutdown-clears-notified",
	within: 2,
	fails:  "a queued task owes no run",
	format: flags,
	faulty: func(x *explore.Exec) {
		t := new(shutTask)
		x.Name(t, "task")
		t.word.Store(isNotified) // it is in the queue
		x.Go("closer", t.shutdown)
		x.Go("worker", t.run)
	},
	right: func(x *explore.Exec) {
		h := newHost(x)
		list, p := new(rouse.OwnedTasks), new(probe)
		j := rouse.SpawnWith(h, p, rouse.Options{Owned: list}) // queued: the host's thread will run it
		x.Go("closer", list.CloseAndShutdownAll)
		x.Final(func() {
			res, ready := j.TryJoin()
			x.Assert(ready && p.drops.Get() == 1, "ready %v, %d destructions", ready, p.drops.Get())
			x.Assert((res.Err == nil) == (p.polls.Get() == 1), "%d polls, result %v", p.polls.Get(), res)
		})
	},
}
