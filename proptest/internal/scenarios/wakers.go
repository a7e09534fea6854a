//go:build rouse_explore

package scenarios

import "github.com/rouse-go/rouse"

// one is the body of a scenario of one task of level 2 and n executors. The task is ready once
// need events have come, and wakes itself in selfs polls before.
func one(n, need, selfs int, s spawn, f func(t *task)) func(w *world) {
	return func(w *world) {
		f(w.spawn("a", need, selfs, s))
		w.executors(n)
	}
}

// spawn makes a task of level 2.
func (w *world) spawn(name string, need, selfs int, s spawn) *task {
	if s.Owned != nil {
		s.Owned = w.owners()
	}
	t := w.newTask(name)
	t.need, t.selfs = need, selfs
	t.spawn(s)
	t.h.ID() // dealt here, it is no concern of the threads'
	return t
}

// How tasks are spawned. Those whose names end in O are checked for orphans.
var (
	detachedO = spawn{detached: true}
	joinedO   = spawn{}
	joined    = spawn{Options: rouse.Options{NoOrphanCheck: true}}
	ownedO    = spawn{Options: rouse.Options{Owned: &rouse.OwnedTasks{}}}
	owned     = spawn{Options: rouse.Options{Owned: &rouse.OwnedTasks{}, NoOrphanCheck: true}}
	uncounted = spawn{Options: rouse.Options{Uncounted: true}}
	listed    = spawn{hooks: true, Options: rouse.Options{Listed: true, NoOrphanCheck: true}}
)

// ready is f for a task that has to end by a ready poll.
func ready(f ...func(t *task)) func(t *task) {
	return func(t *task) {
		t.mustReady = true
		all(f...)(t)
	}
}

func all(f ...func(t *task)) func(t *task) {
	return func(t *task) {
		for _, f := range f {
			f(t)
		}
	}
}

// may is f for a task that may end by c besides.
func may(c rouse.Cause, f ...func(t *task)) func(t *task) {
	return func(t *task) {
		t.may(c)
		all(f...)(t)
	}
}

// detach is f for a task whose handle is dropped before the threads start.
func detach(f ...func(t *task)) func(t *task) {
	return func(t *task) {
		g := t.waker()
		t.join.Detach()
		all(f...)(t)
		t.drop(g)
	}
}

func shutdown(t *task) { t.w.shutdown() }
func closer(t *task)   { t.w.closer() }

const orphaned = rouse.CauseOrphaned

// Wakers against one and two runners. Where every waker wakes, the task must end ready.
var wakers = []Scenario{
	{"wakers", "1 by ref, 2 runners", one(2, 1, 0, detachedO, ready((*task).byRef)), false},
	{"wakers", "1 by val, 2 runners", one(2, 1, 0, detachedO, ready((*task).byVal)), false},
	{"wakers", "1 clone then val, 2 runners", one(2, 1, 0, detachedO, ready((*task).cloneByVal)), false},
	{"wakers", "2 by ref", one(1, 2, 0, detachedO, ready((*task).byRef, (*task).byRef)), false},
	{"wakers", "2 by val", one(1, 2, 0, detachedO, ready((*task).byVal, (*task).byVal)), false},
	{"wakers", "by ref, by val", one(1, 2, 0, detachedO, ready((*task).byRef, (*task).byVal)), false},
	{"wakers", "2 by ref, 2 runners", one(2, 2, 0, detachedO, ready((*task).byRef, (*task).byRef)), true},
	{"wakers", "2 by val, 2 runners", one(2, 2, 0, detachedO, ready((*task).byVal, (*task).byVal)), true},
	{"wakers", "by val, by ref, self-wake", one(1, 2, 1, detachedO, ready((*task).byVal, (*task).byRef)), true},
	{"wakers", "raw, by val", one(1, 2, 0, detachedO, ready((*task).raw, (*task).byVal)), false},
	{"wakers", "raw clone, by val", one(1, 2, 0, detachedO, ready((*task).rawClone, (*task).byVal)), false},
	{"wakers", "clone then val, by val, drops", one(1, 2, 0, detachedO, ready((*task).cloneByVal, (*task).byVal, (*task).dropper)), true},
	{"wakers", "clone then val, drops", one(1, 1, 0, detachedO, ready((*task).cloneByVal, (*task).cloneDropper)), false},
	{"wakers", "never ready: by val, drops", one(1, never, 0, detachedO, may(orphaned, (*task).byVal, (*task).cloneDropper)), false},
	{"wakers", "lone by val, never ready, 2 runners", one(2, never, 0, detachedO, may(orphaned, (*task).byVal)), false},
	{"wakers", "lone by val on a complete task", one(1, 0, 0, detachedO, ready((*task).byVal)), false},
	{"wakers", "lone drop, never ready, 2 runners", one(2, never, 0, detachedO, may(orphaned, (*task).dropper)), false},
	{"wakers", "by val, drops, 2 runners", one(2, 1, 0, detachedO, ready((*task).byVal, (*task).cloneDropper)), false},
	{"wakers", "by ref, by val, 2 runners", one(2, 2, 0, detachedO, ready((*task).byRef, (*task).byVal)), true},
	{"wakers", "self-wakes alone, 2 runners", one(2, never, 3, detachedO, may(orphaned)), false},
	{"wakers", "self-wake, by ref, 2 runners", one(2, 1, 1, detachedO, ready((*task).byRef)), true},
	{"wakers", "2 aborts, self-wake, detach", one(1, never, 1, joined, may(orphaned, (*task).aborter, (*task).aborter, (*task).detacher)), true},
	{"wakers", "2 aborts, self-wake", one(1, never, 1, joined, may(orphaned, detach((*task).aborter, (*task).aborter))), false},
	{"wakers", "abort against completion, 2 runners", one(2, 0, 0, detachedO, all((*task).aborter)), false},
	{"wakers", "abort against by val, joined", one(1, 1, 0, joined, all((*task).aborter, (*task).byVal, (*task).joiner)), true},
	{"wakers", "abort against by ref", one(1, 1, 0, detachedO, all((*task).aborter, (*task).byRef)), false},
}

// A joiner that polls, registers another waker, drops at each point.
var joiners = []Scenario{
	{"joiners", "joiner, by val", one(1, 1, 0, joined, ready((*task).byVal, (*task).joiner)), false},
	{"joiners", "joiner, by ref", one(1, 1, 0, joined, ready((*task).byRef, (*task).joiner)), false},
	{"joiners", "joiner, by val, orphan policy", one(1, 1, 0, joinedO, ready((*task).byVal, (*task).joiner)), false},
	{"joiners", "joiner, 2 wakers, self-wake, orphan policy", one(1, 2, 1, joinedO, ready((*task).byRef, (*task).byVal, (*task).joiner)), true},
	{"joiners", "blocked goroutine, by val", one(1, 1, 0, joined, ready((*task).byVal, (*task).blocks)), false},
	{"joiners", "blocked goroutine, ready at once, 2 runners", one(2, 0, 0, joined, ready((*task).blocks)), false},
	{"joiners", "blocked goroutine, abort", one(1, never, 0, joined, all((*task).aborter, (*task).blocks)), true},
	{"joiners", "blocked goroutine whose context ends, by ref", one(1, 1, 0, joined, ready((*task).byRef, (*task).blocksAWhile)), true},
	{"joiners", "blocked goroutine whose context ends, ready at once", one(1, 0, 0, joined, ready((*task).blocksAWhile)), false},
	{"joiners", "blocked goroutine whose context ends, pending without a waker", one(1, never, 0, joinedO, may(orphaned, (*task).blocksAWhile)), true},
	{"joiners", "join moves to another waker, by val", one(1, 1, 0, joined, ready((*task).byVal, (*task).joinMoves)), false},
	{"joiners", "join twice then detach, by ref", one(1, 1, 0, joined, ready((*task).byRef, (*task).joinTwice)), true},
	{"joiners", "join again then detach, by val", one(1, 1, 0, joined, ready((*task).byVal, (*task).joinAgain)), false},
	{"joiners", "join once then detach, by ref", one(1, 1, 0, joined, ready((*task).byRef, (*task).joinOnce)), true},
	{"joiners", "try, by val", one(1, 1, 0, joined, ready((*task).byVal, (*task).tryJoin)), false},
	{"joiners", "detach, by val, 2 runners", one(2, 1, 0, joined, ready((*task).byVal, (*task).detacher)), false},
	{"joiners", "joiner, ready at once, 2 runners", one(2, 0, 0, joined, ready((*task).joiner)), false},
	{"joiners", "join twice, ready at once, drop, by val", one(1, 0, 0, joined, ready((*task).joinTwice, (*task).dropper, (*task).byVal)), true},
	{"joiners", "join moves, ready at once", one(1, 0, 0, joined, ready((*task).joinMoves)), false},
	{"joiners", "detach, ready at once, drop, by val", one(1, 0, 0, joined, ready((*task).detacher, (*task).dropper, (*task).byVal)), false},
	{"joiners", "joiner, abort", one(1, never, 0, joined, all((*task).aborter, (*task).joiner)), false},
	{"joiners", "joiner, abort handle, by val", one(1, 1, 0, joined, all((*task).pinnedAborter, (*task).joiner, (*task).byVal)), true},
	{"joiners", "abort then detach, by ref", one(1, 1, 0, joined, all((*task).abortsThenDetaches, (*task).byRef)), true},
	// Without destructors the joiner's slot and the run are given up in one step.
	{"joiners", "no destructors: joiner, ready at once, 2 runners", one(2, 0, 0, joined.bared(), ready((*task).joiner)), false},
	{"joiners", "no destructors: joiner, by val, 2 runners", one(2, 1, 0, joined.bared(), ready((*task).byVal, (*task).joiner)), false},
	{"joiners", "no destructors: join moves, ready at once", one(1, 0, 0, joined.bared(), ready((*task).joinMoves)), false},
	{"joiners", "no destructors: join twice then detach, by ref", one(1, 1, 0, joined.bared(), ready((*task).byRef, (*task).joinTwice)), false},
	{"joiners", "no destructors: join again then detach, ready at once", one(1, 0, 0, joined.bared(), ready((*task).joinAgain)), false},
	{"joiners", "no destructors: join once then detach, drop, ready at once", one(1, 0, 0, joined.bared(), ready((*task).dropper, (*task).joinOnce)), false},
	{"joiners", "no destructors: pinned, join twice, by val", one(1, 1, 0, joined.bared(), all((*task).pinnedAborter, (*task).byVal, (*task).joinTwice)), true},
	{"joiners", "policy off: the last claim is the detach", one(1, never, 0, joined, may(orphaned, (*task).dropper, (*task).detacher)), false},
}

// Orphaning: by the last drop, and by a poll that kept no waker.
var orphans = []Scenario{
	{"orphans", "joiner, the lone waker is dropped", one(1, never, 0, joinedO, may(orphaned, (*task).cloneDropper, (*task).joiner)), false},
	{"orphans", "join twice, the lone waker is dropped", one(1, never, 0, joinedO, may(orphaned, (*task).cloneDropper, (*task).joinTwice)), true},
	{"orphans", "joiner, pending without a waker, 2 runners", one(2, never, 0, joinedO, may(orphaned, (*task).joiner)), false},
	{"orphans", "owned and joined, pending without a waker", one(1, never, 0, ownedO, may(orphaned, (*task).joiner)), false},
	{"orphans", "lone by val, joined, never ready", one(1, never, 0, joinedO, may(orphaned, (*task).byVal, (*task).joiner)), false},
	{"orphans", "owned, drop, shutdown", one(1, never, 0, ownedO, may(orphaned, detach((*task).cloneDropper, shutdown))), false},
	{"orphans", "owned, drop, shutdown, detach", one(1, never, 0, ownedO, may(orphaned, (*task).dropper, shutdown, (*task).detacher)), true},
	{"orphans", "2 drops, abort, joiner", one(1, never, 0, joinedO, may(orphaned, (*task).dropper, (*task).dropper, (*task).aborter, (*task).joiner)), true},
	{"orphans", "drop, abort handle, join twice", one(1, never, 0, joinedO, may(orphaned, (*task).dropper, (*task).pinnedAborter, (*task).joinTwice)), true},
	{"orphans", "a live waker must not be cancelled", one(1, 1, 0, joinedO, ready((*task).byVal, (*task).joinTwice)), false},
}

// The owner list: shutdown against spawn, run, completion, abort, and the end of the handle.
var owners = []Scenario{
	{"owners", "shutdown, by val, joiner", one(1, 1, 0, owned, all(shutdown, (*task).byVal, (*task).joiner)), true},
	{"owners", "shutdown, joiner, ready at once", one(1, 0, 0, owned, all(shutdown, (*task).joiner)), false},
	{"owners", "shutdown, by val, 2 runners", one(2, 1, 0, owned, detach(shutdown, (*task).byVal)), false},
	{"owners", "shutdown, by val, detach", one(1, 1, 0, owned, all(shutdown, (*task).byVal, (*task).detacher)), true},
	{"owners", "shutdown, abort, detach", one(1, never, 0, owned, may(orphaned, shutdown, (*task).aborter, (*task).detacher)), true},
	{"owners", "shutdown, join twice, by val, ready at once", one(1, 0, 0, owned, all(shutdown, (*task).joinTwice, (*task).byVal)), true},
	{"owners", "shutdown, 2 by val, never ready", one(1, never, 0, ownedO, may(orphaned, detach(shutdown, (*task).byVal, (*task).byVal))), true},
	{"owners", "remove, by val, joiner", one(1, 1, 0, owned, all((*task).remover, (*task).byVal, (*task).joiner)), true},
	{"owners", "remove, shutdown, ready at once", one(1, 0, 0, owned, detach((*task).remover, shutdown)), false},
	{"owners", "own list: unlist, by val, joiner", one(1, 1, 0, listed, all(enlist, (*task).unlister, (*task).byVal, (*task).joiner)), true},
	{"owners", "own list: unlist, ready at once, detach", one(1, 0, 0, listed, all(enlist, (*task).unlister, (*task).detacher)), false},
	{"owners", "spawn against shutdown", spawnAgainstShutdown(ownedO, false), false},
	{"owners", "spawn against shutdown, joined, by val", spawnAgainstShutdown(owned, true), true},
	{"owners", "spawn by name against shutdown", spawnAgainstShutdown(spawn{Options: rouse.Options{Owned: &rouse.OwnedTasks{}, Name: "a"}}, false), true},
	{"owners", "2 tasks, shutdown, by ref", twoOwned, true},
}

func enlist(t *task) { t.listed.Set(true) }

// spawnAgainstShutdown spawns in a thread while the list is closed.
func spawnAgainstShutdown(s spawn, wakes bool) func(w *world) {
	return func(w *world) {
		s := s
		s.Owned = w.owners()
		t := w.newTask("a")
		t.need = 0
		if wakes {
			t.need, t.spare = 1, 1
		}
		k := t.newWake()
		j := w.spy()
		w.x.Go("spawner", func() {
			w.x.Do(func() { t.spawn(s) })
			w.x.Daemon("a.join", func() { t.awaits(j) })
			if len(t.lent) > 0 {
				k.with(t, func() { t.wake(t.lent[0]) })
			}
		})
		w.shutdown()
		w.executors(1)
	}
}

func twoOwned(w *world) {
	for _, name := range []string{"a", "b"} {
		t := w.spawn(name, 1, 0, owned)
		detach((*task).byRef)(t)
	}
	w.shutdown()
	w.executors(1)
}
