//go:build rouse_explore

package scenarios

import (
	"errors"
	"slices"

	"github.com/rouse-go/rouse"
)

// atRest checks the task when nothing can run any more, and the scenario has not yet given back
// what it holds.
func (t *task) atRest() {
	if t.h == nil {
		t.assert(!t.begun, "it never came to its scheduler, nor to its end")
		return
	}
	n := t.last()
	t.assert(t.notes.v == 0, "a Notified was neither run nor dropped")
	t.assert(!n.Running() && (n.Complete() || !n.Notified()), "at rest with %v", n)
	t.assert(!n.Poisoned(), "poisoned: %v", n)
	if want := t.wakers.v + t.uncounted(); n.Refs() != int64(want) {
		t.failf("the count is %d, %d wakers are alive", n.Refs(), want)
	}
	if n.Complete() {
		t.assert(t.waiting.v == 0, "it has ended, and its joiner was not woken")
		t.assert(t.w.helps || t.kept || t.freed.v == 1, "it is not released: %v", n)
		return
	}
	t.helped = true
	t.assert(t.w.helps || t.kept, "it has not ended: %v", n)
	t.assert(!n.Cancelled(), "cancelled, and never ended: %v", n)
	t.assert(!n.Orphaned() && !n.Dead(), "nobody can wake it, and nobody ends it: %v", n)
	t.assert(t.events.v < t.need, "its events have come, and it is asleep: a lost wake")
	t.sawAll()
}

// sawAll checks that no wake was lost: a poll came after each.
func (t *task) sawAll() {
	for i, k := range t.wakes {
		if k.done.Get() && !k.seen.Get() {
			t.failf("wake %d was lost: no poll came after it", i+1)
		}
	}
}

// giveBack ends what a scenario that helps still holds of the task.
func (t *task) giveBack() {
	if t.h == nil {
		return
	}
	for _, v := range t.lent {
		if !v.IsZero() {
			t.drop(v)
		}
	}
	if t.freed.v > 0 {
		return
	}
	t.h.Abort()
	t.w.runAll()
	if t.owned {
		t.disown()
	}
	if t.join.IsZero() {
		return
	}
	r, ready := t.join.TryJoin()
	t.assert(ready, "its handle does not resolve")
	t.joined(r)
}

// atEnd checks the task when the scenario has given back all it held.
func (t *task) atEnd() {
	if t.h == nil {
		return
	}
	n := t.last()
	t.assert(n.Complete() && !n.Running(), "it has not ended: %v", n)
	t.assert(t.aborts.v == 0 || n.Cause() == rouse.CauseAborted, "an abort was recorded first, and it has %v", n)
	if t.level == 1 {
		t.assert(t.futures.v+t.ready.v == 1 || t.raised.v > 0, "it was ready %d times, and cancelled %d times", t.ready.v, t.futures.v)
	} else if !t.bare {
		t.assert(t.futures.v == 1, "the future was destroyed %d times", t.futures.v)
	}
	if t.taken.v+t.failed.v > 1 {
		t.failf("joined twice")
	}
	outputs := t.taken.v + t.dropped.v
	t.assert(t.level == 1 || outputs == t.ready.v || (t.loses || t.bare) && outputs < t.ready.v, "%d outputs were made, %d taken, %d destroyed", t.ready.v, t.taken.v, t.dropped.v)
	if c := n.Cause(); c == rouse.CauseOrphaned {
		t.sawAll()
	}
	t.assert(t.ready.v == 1 || t.raised.v > 0 || n.Cancelled() || slices.Contains(t.causes, rouse.CauseDropped), "it ended without a cause: %v", n)
	if t.mustReady {
		t.assert(t.ready.v == 1, "it ended by %v, though all wakes were to come: a lost wake", n)
	} else if t.ready.v == 0 && t.raised.v == 0 && !t.helped {
		c := n.Cause()
		if c == rouse.CauseNone {
			c = rouse.CauseDropped
		}
		t.assert(slices.Contains(t.causes, c), "it ended by %v", n)
	}
	if t.kept {
		return
	}
	t.assert(t.freed.v == 1, "not released: %v", n)
}

// last returns the task's word, which nobody may have changed since its release.
func (t *task) last() rouse.Snapshot {
	n := t.h.Snapshot()
	if t.freed.v == 0 {
		return n
	}
	last := rouse.Snapshot(t.word.Get())
	for _, u := range t.w.tasks[t.number:] {
		if u.h == t.h {
			return last // it is another task's now
		}
	}
	t.assert(n == last, "its word was changed after the release, from %v to %v", last, n)
	return last
}

// uncounted is the reference that a task of the collector's is born with.
func (t *task) uncounted() int {
	if t.collected {
		return 1
	}
	return 0
}

// joined takes the outcome of a task.
func (t *task) joined(r rouse.Result[output]) {
	if r.Err == nil {
		t.assert(r.Value.t == t, "joined another task's output")
		t.assert(t.ready.v == 1, "joined an output that was not made")
		t.assert(t.dropped.v == 0, "joined an output that was destroyed")
		t.assert(t.result.Get() == 1, "the joiner does not see what the last poll wrote")
		t.taken.add(1)
		return
	}
	t.failed.add(1)
	var err *rouse.JoinError
	t.assert(errors.As(r.Err, &err), "joined with %v", r.Err)
	t.assert(err.Cause != rouse.CausePanicked || errors.Is(r.Err, errRaised), "joined with %v", r.Err)
	t.assert(t.ready.v == 0 || t.raised.v > 0, "joined with %v, though a poll was ready", r.Err)
	t.assert(t.futures.v == 1 || t.bare, "joined with %v before the future was destroyed", r.Err)
	t.assert(err.Cause == rouse.CausePanicked || err.Cause == rouse.CauseExited || t.helped || slices.Contains(t.causes, err.Cause), "joined with %v", r.Err)
}
