//go:build rouse_explore

package scenarios

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A hall is an owner list, its members, and those who wait until it is empty.
type hall struct {
	w       *world
	members explore.Ghost[int] // that are on the list for certain
	waits   []*hallWaiter
	cancels []func()
	count   int  // members, in all
	leaves  bool // those who wait may give up
	shuts   bool // members may be shut down
}

// A hallWaiter is a call that returns once the list is empty.
type hallWaiter struct {
	h      *hall
	calls  explore.Ghost[bool] // its call has not returned
	vacant explore.Ghost[bool] // there was a moment since the call at which the list may have been empty
}

func newHall(w *world) *hall {
	h := &hall{w: w}
	w.owners()
	w.x.Name(h, "hall")
	return h
}

// left is called before a member leaves the list.
func (h *hall) left() {
	if add(&h.members, -1) > 0 {
		return
	}
	for _, v := range h.waits {
		if v.calls.Get() {
			v.vacant.Set(true)
		}
	}
}

func (h *hall) waiter(name string) *hallWaiter {
	v := &hallWaiter{h: h}
	h.waits = append(h.waits, v)
	h.w.x.Name(v, "%s", name)
	return v
}

// asks does a call, which reports whether the list was empty.
func (v *hallWaiter) asks(f func() (empty bool)) (empty bool) {
	v.calls.Set(true)
	v.vacant.Set(v.h.members.Get() == 0)
	empty = f()
	v.h.w.x.Assert(!empty || v.vacant.Get(), "told that the list is empty, and it never was since the call")
	v.calls.Set(false)
	v.vacant.Set(false)
	return empty
}

// polls is a task that waits by PollEmpty.
func (h *hall) polls() {
	t := h.w.newTask(fmt.Sprintf("wait%d", len(h.waits)+1))
	v, place := h.waiter(t.name), new(rouse.Waiter)
	h.w.x.Name(place, "%s.place", t.name)
	t.need = 1
	t.before = func(cx rouse.Context) {
		if v.asks(func() bool { return h.w.list.PollEmpty(cx, place) }) {
			t.signal()
		}
	}
	t.inDrop = place.Drop
	t.spawn(joinedO)
	a := t.join.AbortHandle()
	t.mustReady = !h.leaves
	if h.leaves {
		t.may(rouse.CauseAborted)
	}
	t.join.Detach()
	h.cancels = append(h.cancels, func() { a.Abort() })
}

// blocks is a goroutine that waits by WaitEmpty.
func (h *hall) blocks() {
	v := h.waiter(fmt.Sprintf("wait%d", len(h.waits)+1))
	ctx := &bounded{Context: context.Background()}
	h.w.x.Name(ctx, "context")
	h.w.Go(fmt.Sprintf("block%d", len(h.waits)), func() {
		v.asks(func() bool {
			err := h.w.list.WaitEmpty(ctx)
			h.w.x.Assert(err == nil || ctx.over.Load(), "%v, and the context has not ended", err)
			return err == nil
		})
	})
	h.cancels = append(h.cancels, func() { ctx.over.Store(true) })
}

// member makes the account of one, which is ready after so many events unless it is shut down.
func (h *hall) member(need int) *task {
	h.count++
	t := h.w.newTask(fmt.Sprintf("member%d", h.count))
	on := new(explore.Ghost[bool])
	h.w.x.Name(on, "%s.on", t.name)
	t.need, t.mustReady = need, !h.shuts
	t.hooks = map[string]func(){"Schedule": func() { // it was put on the list before
		if !on.Get() {
			on.Set(true)
			add(&h.members, 1)
		}
	}}
	t.inDrop = func() { // it leaves the list after that
		if on.Get() {
			h.left()
		}
	}
	return t
}

// ends is a member that another thread wakes for its end.
func (h *hall) ends() {
	t := h.member(1)
	t.spawn(ownedBy(h.w))
	t.byVal()
	t.join.Detach()
}

// adds puts a member on the list that is ready at once.
func (h *hall) adds() {
	t := h.member(0)
	h.w.Go("add "+t.name, func() {
		h.w.x.Do(func() {
			t.spawn(ownedBy(h.w))
			t.join.Detach()
		})
	})
}

func ownedBy(w *world) spawn {
	return spawn{Options: rouse.Options{Owned: w.list, NoOrphanCheck: true}}
}

// cancels gives up all that wait, one after the other.
func (h *hall) cancel() {
	h.w.Go("cancel", func() {
		for _, f := range h.cancels {
			f()
		}
	})
}

// A hallOp is what a thread does there.
type hallOp struct {
	name string
	do   func(h *hall)
}

var hallOps = []hallOp{
	{"PollEmpty", (*hall).polls},
	{"WaitEmpty", (*hall).blocks},
	{"a member ends", (*hall).ends},
	{"a member is added", (*hall).adds},
	{"shutdown", func(h *hall) { h.w.shutdown() }},
	{"the waiters give up", (*hall).cancel},
}

// halls are the scenarios of k of the operations, of which one waits at least.
func halls(k int) (all []Scenario) {
	const pollEmpty, waitEmpty, ends, adds, shuts, cancels = 0, 1, 2, 3, 4, 5
	choices(len(hallOps), k, func(ops []int) {
		if ops[0] > waitEmpty || k > 2 && ops[k-2] == cancels {
			return // nobody waits; or they give up twice
		}
		names := make([]string, len(ops))
		for i, o := range ops {
			names[i] = hallOps[o].name
		}
		all = append(all, Scenario{"OwnedTasks empty", strings.Join(names, ", "), func(w *world) {
			h := newHall(w)
			h.leaves, h.shuts = slices.Contains(ops, cancels), slices.Contains(ops, shuts)
			for _, o := range ops {
				hallOps[o].do(h)
			}
			w.executors(1)
		}, k > 2})
	})
	return all
}

// removed is the body of a scenario of a member that is taken off the list while others wait.
func removed(w *world) {
	h := newHall(w)
	h.shuts = true
	t := h.member(never)
	t.inDrop = nil // by then it has left
	t.spawn(ownedBy(w))
	t.may(rouse.CauseShutdown)
	v := t.waker()
	t.join.Detach()
	h.polls()
	h.blocks()
	w.Go("remove", func() {
		w.x.Do(func() {
			h.left()
			r, _ := v.Borrow().Task()
			if w.list.Remove(r.Header()) {
				r.Shutdown()
			}
		})
		t.drop(v)
	})
	w.executors(1)
}

func awaitedLists() []Scenario {
	return slices.Concat(halls(2), halls(3), []Scenario{{"OwnedTasks empty", "PollEmpty, WaitEmpty, a member is removed", removed, true}})
}
