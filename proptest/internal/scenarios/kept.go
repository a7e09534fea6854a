//go:build rouse_explore

package scenarios

import "github.com/rouse-go/rouse"

// Orphans that are reported and kept: a task is reported at most once, under a claim that nobody
// else has, and exactly if it is not checked any more. A lost wake would leave it asleep.
var keptOrphans = []Scenario{
	{"kept", "the lone waker is dropped, joiner", kept(1, never, joinedO, (*task).cloneDropper, (*task).joiner), false},
	{"kept", "pending without a waker, 2 runners", kept(2, never, joinedO), false},
	{"kept", "drop against by val", kept(1, never, joinedO, (*task).dropper, (*task).byVal), false},
	{"kept", "2 drops, abort", kept(1, never, joinedO, (*task).dropper, (*task).dropper, (*task).aborter), false},
	{"kept", "drop, detach: it cannot be kept", kept(1, never, joinedO, (*task).dropper, (*task).detacher), false},
	{"kept", "owned, drop, shutdown", kept(1, never, ownedO, (*task).dropper, shutdown), false},
	{"kept", "owned, drop, shutdown, detach", kept(1, never, ownedO, (*task).dropper, shutdown, (*task).detacher), true},
	{"kept", "level 1: the lone waker is dropped", keptActor(never, (*task).cloneDropper), false},
	{"kept", "level 1: drop against by val, abort", keptActor(never, (*task).dropper, (*task).byVal, (*task).aborter), false},
	{"kept", "level 1: by val: no orphan", keptActor(1, (*task).byVal), false},
	{"kept", "by val, joiner: no orphan", kept(1, 1, joinedO, (*task).byVal, (*task).joiner), false},
}

func kept(runners, need int, s spawn, acts ...func(*task)) func(w *world) {
	s.keeps = true
	return func(w *world) {
		w.helps = true
		t := w.spawn("a", need, 0, s)
		may(orphaned, acts...)(t)
		w.executors(runners)
		t.reportsRightly()
	}
}

func keptActor(need int, acts ...func(*task)) func(w *world) {
	return func(w *world) {
		w.helps = true
		t := w.first("a", keepingVtable())
		t.need = need
		may(orphaned, acts...)(t)
		w.executors(1)
		t.reportsRightly()
	}
}

func (t *task) reportsRightly() {
	t.w.before = append(t.w.before, func() {
		n := t.last()
		t.assert(n.Orphanable() == (t.told.v == 0), "reported %d times, at rest with %v", t.told.v, n)
		t.assert(t.need == never || t.told.v == 0, "reported, though a waker was to come")
	})
}

// A keeper is a scheduler that keeps orphans.
type keeper struct{ hooked }

func (k keeper) Orphaned(r rouse.RawTask, err *rouse.JoinError) { k.t.reported(r.Snapshot(), err) }

func (t *task) reported(n rouse.Snapshot, err *rouse.JoinError) {
	t.live("Orphaned")
	t.w.step()
	t.assert(t.told.add(1) == 1, "reported twice")
	t.assert(err.Cause == orphaned, "reported with %v", err)
	t.assert(t.polling.v == 0 && t.notes.v == 0, "reported while somebody else has its run")
	t.assert(n.Notified() && !n.Running() && !n.Complete() && n.Refs() == 0, "reported in state %v", n)
	t.hook("Orphaned")
}
