//go:build rouse_explore

package scenarios

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// roster is the body of a scenario of n tasks on one owner list. The i-th of f is done to the
// i-th task, of which each is ready after one event.
func roster(n int, shut int, s spawn, f ...func(t *task)) func(w *world) {
	return func(w *world) {
		for i := range n {
			w.spawn(string(rune('a'+i)), 1, 0, s)
		}
		for i, t := range w.tasks {
			all(f[i])(t)
		}
		for range shut {
			w.shutdown()
		}
		w.executors(1)
	}
}

// binding is the body of a scenario of tasks of level 1, which threads bind to a list that is
// being closed. One that is refused remains its binder's, who disowns it.
func binding(n int, removes bool) func(w *world) {
	return func(w *world) {
		w.owners()
		v := vtable(false, false)
		for i := range n {
			a := w.own(string(rune('a'+i)), v)
			t := a.t
			t.may(orphaned)
			w.x.Go(fmt.Sprintf("bind %s", t.name), func() {
				if !w.list.Bind(&a.Header) {
					t.disown()
					return
				}
				if removes && w.list.Remove(&a.Header) {
					t.disown()
				}
			})
		}
		w.shutdown()
		w.executors(1)
	}
}

// rebinding is the body of a scenario of a task of level 1 that is bound again after it was removed,
// while another is bound.
func rebinding(w *world) {
	w.owners()
	v := vtable(false, false)
	for i, rounds := range []int{2, 1} {
		a := w.own(string(rune('a'+i)), v)
		t := a.t
		t.may(orphaned)
		w.x.Go("bind "+t.name, func() {
			for range rounds {
				t.assert(w.list.Bind(&a.Header), "an open list refused it")
				t.assert(w.list.Remove(&a.Header), "it was not on the list")
			}
			t.disown()
		})
	}
	w.executors(1)
}

// bornBound is the body of a scenario of a task of level 1 that is made on a list that is being closed.
func bornBound(w *world) {
	w.owners()
	a := w.actor("a")
	a.t.need = 0
	v := vtable(true, false)
	w.x.Go("make a", func() {
		w.x.Do(func() {
			if n, open := v.InitBound(a, w.list); open {
				a.queued(n)
			}
		})
	})
	w.shutdown()
	w.executors(1)
}

// contended removes a task by two threads, of which one must win, while it ends.
func contended(w *world) {
	t := w.spawn("a", 0, 0, owned)
	t.may(rouse.CauseShutdown)
	t.join.Detach()
	for i := range 2 {
		v := t.waker()
		w.x.Go(fmt.Sprintf("remove%d", i+1), func() {
			w.x.Do(func() {
				r, _ := v.Borrow().Task()
				if w.list.Remove(r.Header()) {
					t.assert(t.removed.add(1) == 1, "it was removed twice")
					r.Shutdown()
				}
			})
			t.drop(v)
		})
	}
	w.executors(1)
}

// described names one task while another of the list ends with an error, which asks for its name.
func described(w *world) {
	w.helps = true
	a, b := w.spawn("a", never, 0, owned), w.spawn("b", never, 0, owned)
	a.aborter()
	b.may(orphaned)
	b.join.Detach()
	v := b.waker()
	w.x.Go("describe", func() {
		w.x.Do(func() { w.list.Describe(b.h, "x", 0) })
		b.drop(v)
	})
	w.executors(1)
}

var lists = []Scenario{
	{"OwnedTasks", "one described, one aborted", described, false},
	{"OwnedTasks", "2 removers, ready at once", contended, false},
	{"OwnedTasks", "2 tasks: remove, remove", roster(2, 0, owned, detach((*task).remover), detach((*task).remover)), false},
	{"OwnedTasks", "2 tasks: remove, by val", roster(2, 0, owned, detach((*task).remover), detach((*task).byVal)), false},
	{"OwnedTasks", "2 tasks: by val, shutdown", roster(2, 1, owned, detach((*task).byVal), detach((*task).byVal)), true},
	{"OwnedTasks", "2 tasks: remove, shutdown", roster(2, 1, owned, detach((*task).remover), detach()), false},
	{"OwnedTasks", "2 tasks: 2 shutdowns", roster(2, 2, owned, detach(), detach()), false},
	{"OwnedTasks", "3 tasks: remove, by val", roster(3, 0, owned, detach((*task).remover), detach((*task).byVal), ready(detach(signalled))), true},
	{"OwnedTasks", "bind against shutdown", binding(1, false), false},
	{"OwnedTasks", "bind and remove against shutdown", binding(1, true), false},
	{"OwnedTasks", "bind and remove twice, another once", rebinding, false},
	{"OwnedTasks", "made on the list against shutdown", bornBound, false},
	{"OwnedTasks", "2 binds against shutdown", binding(2, false), false},
	{"OwnedTasks", "2 binds and removes against shutdown", binding(2, true), true},
}

// signalled is an event before the first poll.
func signalled(t *task) { t.signal() }

// Tasks that the collector owns.
var collected = []Scenario{
	{"uncounted", "by ref, by val, self-wake", one(1, 2, 1, uncounted, ready((*task).byRef, (*task).byVal)), false},
	{"uncounted", "by val, drop, joiner", one(1, 1, 0, uncounted, ready((*task).byVal, (*task).cloneDropper, (*task).joiner)), false},
	{"uncounted", "raw clone, by val", one(1, 2, 0, uncounted, ready((*task).rawClone, (*task).byVal)), false},
	{"uncounted", "2 by val, 2 runners", one(2, 2, 0, uncounted, ready(detach((*task).byVal, (*task).byVal))), false},
	{"uncounted", "abort, by val, detach", one(1, 1, 0, uncounted, all((*task).aborter, (*task).byVal, (*task).detacher)), true},
	{"uncounted", "shutdown, by val, joiner", one(1, 1, 0, uncountedOwned, all(shutdown, (*task).byVal, (*task).joiner)), true},
	{"uncounted", "level 1: by ref, by val, close", looselyOwned, false},
}

var uncountedOwned = spawn{Options: rouse.Options{Uncounted: true, Owned: &rouse.OwnedTasks{}}}

func looselyOwned(w *world) {
	t := w.own("a", vtable(false, true)).t
	t.need, t.collected, t.kept = 2, true, true
	t.may(rouse.CauseClosed)
	t.byRef()
	t.byVal()
	w.Go("close", func() { t.h.Close() })
	w.executors(1)
}

// A scheduler that closes: it drops the Notifieds that it has and those that come.
var refusals = []Scenario{
	{"refused", "close, by val", one(1, 1, 0, detachedO, all(closer, (*task).byVal)), false},
	{"refused", "close, by ref, 2 runners", one(2, 1, 0, detachedO, all(closer, (*task).byRef)), false},
	{"refused", "close, by val, joiner", one(1, 1, 0, joined, all(closer, (*task).byVal, (*task).joiner)), false},
	{"refused", "close, by val, self-wake, detach", one(1, 1, 1, joined, all(closer, (*task).byVal, (*task).detacher)), true},
	{"refused", "close, abort, drop", one(1, never, 0, detachedO, may(orphaned, closer, (*task).aborter, (*task).dropper)), false},
	{"refused", "close, abort, self-wake", one(1, never, 1, detachedO, may(orphaned, closer, (*task).aborter)), false},
	{"refused", "close, shutdown, by val", one(1, 1, 0, owned, detach(closer, shutdown, (*task).byVal)), true},
	{"refused", "a destructor wakes the other task", refusedInTurn, true},
	{"refused", "2 dropped at once", droppedAtOnce(2), false},
	{"refused", "3 dropped at once", droppedAtOnce(3), false},
	{"self-join", "by val", selfJoined((*task).byVal), false},
	{"self-join", "abort", selfJoined((*task).aborter), false},
	{"self-join", "close, by val", selfJoined(closer, (*task).byVal), false},
}

// refusedInTurn: the end of each of two tasks wakes the other, on a scheduler that closes.
func refusedInTurn(w *world) {
	a, b := w.spawn("a", never, 0, joined), w.spawn("b", never, 0, joined)
	for _, p := range [][2]*task{{a, b}, {b, a}} {
		v := p[1].waker()
		p[0].inDrop = func() { p[1].wake(v) }
		p[0].may(orphaned)
		p[0].join.Detach()
	}
	a.aborter()
	closer(a)
	w.executors(1)
}

// droppedAtOnce is the body of a scenario of n tasks whose Notifieds are dropped, each by a thread.
func droppedAtOnce(n int) func(w *world) {
	return func(w *world) {
		for i := range n {
			t := w.spawn(string(rune('a'+i)), never, 0, joined)
			t.may(rouse.CauseDropped)
			t.join.Detach()
			w.pop()
			w.x.Go("drop "+t.name, func() { w.x.Do(func() { t.take().Drop() }) })
		}
	}
}

// selfJoined is the body of a scenario of a task that polls its own handle, and so keeps itself.
func selfJoined(f ...func(t *task)) func(w *world) {
	return func(w *world) {
		w.helps = true
		t := w.spawn("a", 1, 0, joinedO)
		t.before = func(cx rouse.Context) {
			if t.polls.v == 1 {
				_, ready := t.join.Poll(cx)
				t.assert(!ready, "it joined itself")
				t.counts(1)
			}
		}
		all(f...)(t)
		w.executors(1)
	}
}
