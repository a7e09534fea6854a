//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A wake that finds the task notified has nothing to change, so it returns after a load. But a
// load publishes nothing: that run may not see what was written before the wake.
func loadOnly(word *explore.Uint64) {
	for {
		old := word.Load()
		if old&isNotified != 0 {
			return // the bug: nothing orders the writes of this thread before the run
		}
		if word.CompareAndSwap(old, old|isNotified) {
			return
		}
	}
}

var loadOnlyWake = bug{
	name:   "load-only-wake",
	within: 2,
	fails:  "data race on data: read by runner is not ordered after write by waker",
	format: flags,
	faulty: func(x *explore.Exec) {
		word := new(explore.Uint64)
		x.Name(word, "word")
		word.Store(isNotified) // by a wake before
		coalesced(x,
			func() { loadOnly(word) },
			func() { word.Swap(isRunning) })
	},
	right: func(x *explore.Exec) {
		state := new(rouse.State)
		x.Name(state, "state")
		state.Notify()
		coalesced(x,
			func() { state.Notify() },
			func() { state.Begin() })
	},
}

// coalesced wakes a task that is notified already, and runs it after that wake. After is when it
// happens to be: the scenario knows of it, the program does not.
func coalesced(x *explore.Exec, wake, begin func()) {
	data := new(explore.Var[int])
	x.Name(data, "data")
	var woken explore.Ghost[bool]
	x.Go("waker", func() {
		data.Set(1)
		wake()
		woken.Set(true)
	})
	x.Go("runner", func() {
		x.Await("the wake", woken.Get)
		begin()
		data.Get()
	})
}
