package proptest_test

import (
	"fmt"
	"slices"

	"github.com/rouse-go/rouse"
)

// keeper is the world's second scheduler: it has hooks, keeps orphans, and has
// a list of its own of the tasks that are spawned with Options.Listed.
type keeper struct{ *world }

func (k keeper) Schedule(n rouse.Notified, why rouse.Reason) {
	k.take(n, why)
	k.world.Schedule(n, why)
}

// take puts a new task on the list, and may not look at it once it was handed on.
func (k keeper) take(n rouse.Notified, why rouse.Reason) {
	if why == rouse.Spawned && k.spawning.asked.Listed {
		k.listed = append(k.listed, n.Task())
	}
}

func (k keeper) Yield(n rouse.Notified) { k.Schedule(n, rouse.Yielded) }

func (k keeper) Panicked(err *rouse.JoinError) bool {
	k.polling.called("panicked: %v", err.Value)
	return k.polling.deals()
}

func (k keeper) Terminated(t rouse.RawTask, err *rouse.JoinError) {
	c := rouse.CauseNone
	if err != nil {
		c = err.Cause
	}
	k.unit(t).called("terminated: %v", c)
}

func (k keeper) Unlist(t rouse.RawTask) bool {
	i := slices.Index(k.listed, t)
	if i < 0 {
		return false
	}
	k.listed = slices.Delete(k.listed, i, i+1)
	k.unit(t).called("left")
	return true
}

// Orphaned holds the Notified, though no scheduler has it yet: a wake joins it.
func (k keeper) Orphaned(t rouse.RawTask, err *rouse.JoinError) {
	k.unit(t).called("orphaned: %v", err.Cause)
	if n := t.Snapshot(); !n.Notified() || n.Orphanable() {
		k.errorf("an orphan is reported in state %v", n)
	}
	t.Header().Wake()
}

// unit returns the unit of a task that has not ended. One that a closed list
// has refused ends before it is scheduled.
func (w *world) unit(t rouse.RawTask) *unit {
	if u := w.spawning; u != nil && u.task == (rouse.RawTask{}) {
		return u
	}
	return w.byTask[t]
}

func (u *unit) called(format string, args ...any) {
	u.calls = append(u.calls, fmt.Sprintf(format, args...))
}

func (u *unit) wants(format string, args ...any) {
	if u.hooked {
		u.wantCalls = append(u.wantCalls, fmt.Sprintf(format, args...))
	}
}

// deals: the hook deals with the panics of half of the tasks.
func (u *unit) deals() bool { return u.hooked && u.id%2 == 0 }

// shutdownOne takes a task off the hooks' list.
func (w *world) shutdownOne(a int) {
	if len(w.listed) == 0 {
		return
	}
	a %= len(w.listed)
	t := w.listed[a]
	w.listed = slices.Delete(w.listed, a, a+1)
	u := w.byTask[t]
	u.hookListed = false
	w.effect(u, u.life.shutdown(), rouse.Cancelled)
	t.Shutdown()
}

func (u *unit) checkHooks() {
	if !slices.Equal(u.calls, u.wantCalls) {
		u.w.errorf("task %d: the hooks were called:\n%q, want\n%q", u.id, u.calls, u.wantCalls)
	}
	if on := slices.Contains(u.w.listed, u.task); on != u.hookListed && !(u.pooled && u.release) {
		u.w.errorf("task %d: on the list of the hooks: %v, want %v", u.id, on, u.hookListed)
	}
}
