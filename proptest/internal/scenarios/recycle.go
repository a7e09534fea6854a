//go:build rouse_explore

package scenarios

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// reuse is the body of a scenario of two tasks in one cell of a Pool. The second is spawned once
// the first was released, while those that gave the first up may still be looking at its word;
// early says that the spawner does not wait for it, and finds the cell in the pool or makes one.
func reuse(s1, s2 spawn, early bool, first func(a *task), second func(b *task)) func(w *world) {
	return func(w *world) {
		pool := new(rouse.Pool[output, future])
		w.x.Name(pool, "pool")
		s1.pool, s2.pool = pool, pool
		a := w.spawn("a", s1.need, 0, s1)
		b := w.newTask("b")
		b.need = s2.need
		if s2.Owned != nil {
			s2.Owned = w.list
		}
		b.spare = s2.wakers
		first(a)
		b.may(a.causes...)
		w.x.Go("spawner", func() {
			if !early {
				w.x.Await("release of a", func() bool { return a.freed.g.Get() > 0 })
			}
			w.x.Do(func() { b.spawn(s2) })
			second(b)
		})
		w.executors(1)
	}
}

// lentVal and lentDrop use a waker that was made when the scheduler first saw the task.
func (t *task) lentVal(i int) {
	k := t.newWake()
	t.w.Go(t.name+".byVal", func() { k.with(t, func() { t.wake(t.lent[i]) }) })
}

func (t *task) lentDrop(i int) {
	t.w.x.Go(t.name+".drop", func() { t.drop(t.lent[i]) })
}

func lentVal(t *task)  { t.lentVal(0) }
func lentDrop(t *task) { t.lentDrop(0) }

func (s spawn) needs(n int) spawn  { s.need = n; return s }
func (s spawn) spares(n int) spawn { s.wakers = n; return s }
func (s spawn) keeping() spawn     { s.keeps = true; return s }
func (s spawn) bared() spawn       { s.bare = true; return s }
func (s spawn) withoutJ() spawn    { s.detached = true; return s }
func nothing(*task)                {}
func awaited(t *task)              { t.joiner() }
func mustBeReady(t *task)          { t.mustReady = true }

// Cells that are used again while those that gave up the former task may still look at its word.
var recycled = []Scenario{
	{"recycled", "orphan by drop or detach, then the same", reuse(joinedO.needs(never), joinedO.needs(never).spares(1), false,
		may(orphaned, (*task).dropper, (*task).detacher), may(orphaned, lentDrop, awaited)), true},
	{"recycled", "orphan by drop or detach, then by val, joined, no policy", reuse(joinedO.needs(never), joined.needs(1).spares(1), false,
		may(orphaned, (*task).dropper, (*task).detacher), ready(lentVal, awaited)), true},
	{"recycled", "orphan by drop or detach, then detached, by val", reuse(joinedO.needs(never), detachedO.needs(1).spares(1), false,
		may(orphaned, (*task).dropper, (*task).detacher), ready(lentVal)), false},
	{"recycled", "orphan by drop or shutdown, then by val", reuse(ownedO.needs(never), detachedO.needs(1).spares(1), false,
		may(orphaned, detach((*task).dropper, shutdown)), ready(lentVal)), true},
	{"recycled", "orphan by val or detach, then the same", reuse(joinedO.needs(never), joinedO.needs(never).spares(1), false,
		may(orphaned, (*task).byVal, (*task).detacher), may(orphaned, lentVal, (*task).detacher)), true},
	{"recycled", "kept orphan by drop or detach, then the same", reuse(joinedO.keeping().needs(never), joinedO.keeping().needs(never).spares(1), false,
		may(orphaned, (*task).dropper, (*task).detacher), may(orphaned, lentDrop, (*task).detacher)), true},
	{"recycled", "ready against detach, then detached", reuse(joinedO.needs(0), detachedO.needs(0), false,
		ready((*task).detacher), ready(nothing)), false},
	{"recycled", "no destructors: ready against detach, then detached", reuse(joinedO.needs(0).bared(), detachedO.needs(0).bared(), false,
		ready((*task).detacher), ready(nothing)), false},
	{"recycled", "no destructors: ready against join and detach, then the same", reuse(joinedO.needs(0).bared(), joinedO.needs(0).bared(), false,
		ready((*task).joinOnce), ready((*task).joinOnce)), true},
	{"recycled", "ready against drop, then by val", reuse(detachedO.needs(0), detachedO.needs(1).spares(1), false,
		ready((*task).dropper), ready(lentVal)), false},
	{"recycled", "ready against by val, spawned early", reuse(detachedO.needs(0), detachedO.needs(0), true,
		ready((*task).byVal), ready(nothing)), false},
	{"recycled", "joined with a waker, then joined with a waker", reuse(joinedO.needs(0), joinedO.needs(0), false,
		ready((*task).joinAgain), ready((*task).joiner)), true},
	{"recycled", "closed scheduler, orphan, then refused", reuse(joinedO.needs(never), joinedO.needs(never), false,
		may(orphaned, closer, (*task).dropper, (*task).detacher), may(orphaned, awaited)), true},
	{"recycled", "pinned: abort handle, detach, ready at once; never recycled", pinnedReuse(0), false},
	{"recycled", "pinned: abort handle, by val, detach; never recycled", pinnedReuse(1), true},
	{"recycled", "pinned: abort handle, drop, join twice; never recycled", pinnedReuse(2), true},
	{"recycled", "a stale WakerRef compared, not used", compared, false},
	{"recycled", "headers of level 1, by Release", headers, false},
	{"recycled", "headers of level 1 with policy, by Release", headersO, false},
}

// pinnedReuse: an AbortHandle outlives its task, whose cell must not be the next one's.
func pinnedReuse(polls int) func(w *world) {
	return func(w *world) {
		pool := new(rouse.Pool[output, future])
		s := joinedO.needs([]int{0, 1, never}[polls])
		s.pool = pool
		a := w.spawn("a", s.need, 0, s)
		a.may(orphaned)
		a.pins(max(0, polls-1))
		switch polls {
		case 1:
			a.byVal()
		case 2:
			a.dropper()
		}
		b := w.newTask("b")
		b.need, b.mustReady = 0, true
		w.x.Go("spawner", func() {
			w.x.Await("release of a", func() bool { return a.freed.g.Get() > 0 })
			w.x.Do(func() { b.spawn(spawn{pool: pool, detached: true}) })
			b.assert(b.h != a.h, "the memory of a pinned task was used again")
		})
		w.executors(1)
	}
}

// compared: the address of a task that is gone may be compared with that of its successor.
func compared(w *world) {
	pool := new(rouse.Pool[output, future])
	s := detachedO
	s.pool = pool
	a := w.spawn("a", 0, 0, s)
	a.mustReady = true
	stale := a.h.WakerRef()
	b := w.newTask("b")
	b.need, b.spare, b.mustReady = 1, 1, true
	w.x.Go("spawner", func() {
		w.x.Await("release of a", func() bool { return a.freed.g.Get() > 0 })
		w.x.Do(func() { b.spawn(s) })
		b.assert(b.lent[0].WillWake(stale) == (b.h == a.h), "WillWake does not compare addresses")
		b.lentVal(0)
	})
	w.executors(1)
}

// headers uses one level 1 struct for two tasks, the second initialised by the first's Release.
func headers(w *world)  { reusedHeader(w, false) }
func headersO(w *world) { reusedHeader(w, true) }

func reusedHeader(w *world, orphan bool) {
	v := vtable(orphan, false)
	a := w.first("a", v)
	b := w.newTask("b")
	b.level, b.need, b.mustReady, b.begun = 1, 0, true, true
	a.need = never
	if orphan {
		a.may(orphaned)
		a.dropper()
	}
	a.aborter()
	gone := new(explore.Ghost[bool])
	a.hooks = map[string]func(){"Release": func() {
		w.step() // a pool orders its Put before its Get
		gone.Set(true)
	}}
	w.x.Go("tenant", func() {
		w.x.Await("Release", func() bool {
			w.order.Load()
			return gone.Get()
		})
		act := actorOf(a.h)
		act.t = b
		b.at(a.h)
		act.queued(v.InitNotified(act))
	})
	w.executors(1)
}
