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
	mixed   bool // members are run by the executor
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

// member makes the account of one that is ready at its first poll, unless it is shut down. put puts
// it on the list, where the list is open, and gives it to its scheduler; run runs it.
func (h *hall) member() (t *task, put, run func()) {
	h.count++
	a := h.w.actor(fmt.Sprintf("member%d", h.count))
	t, v := a.t, vtable(false, false)
	t.need, t.mustReady = 0, !h.shuts
	on := false
	t.inPoll = func(rouse.Context) { h.left() } // it leaves the list after that
	t.inDrop = func() {
		if on {
			h.left()
		}
	}
	put = func() {
		if n, open := v.InitBound(a, h.w.list); open {
			on = true
			add(&h.members, 1)
			t.give(n)
		}
	}
	run = func() { h.w.x.Do(func() { t.take().Run() }) }
	return t, put, run
}

// ends is a member that is on the list from the beginning. The executor runs it where
// there would be too many states else; otherwise a thread of its own does, so that it ends while a
// task polls.
func (h *hall) ends() {
	t, put, run := h.member()
	put()
	if h.mixed {
		run = func() { h.queue(t) }
	}
	h.w.Go("end "+t.name, run)
}

func (h *hall) queue(t *task) {
	t.pushed.Store(1)
	h.w.push(t)
}

// adds is a member that is put there, and is run by the executor.
func (h *hall) adds() {
	t, put, _ := h.member()
	h.w.Go("add "+t.name, func() {
		h.w.x.Do(func() {
			if put(); t.notes.v > 0 {
				h.queue(t)
			}
		})
	})
}

// cancel gives up all that wait, one after the other.
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
		if k > 2 && ops[1] == waitEmpty && ops[0] == ops[1] && (ops[2] == ends || ops[2] == adds) {
			return // a million states each: a task and a goroutine stand for two of them
		}
		names := make([]string, len(ops))
		for i, o := range ops {
			names[i] = hallOps[o].name
		}
		all = append(all, Scenario{"OwnedTasks empty", strings.Join(names, ", "), func(w *world) {
			h := newHall(w)
			h.mixed = slices.Contains(ops, waitEmpty) && (ops[0] == pollEmpty || slices.Contains(ops, adds))
			h.leaves, h.shuts = slices.Contains(ops, cancels), slices.Contains(ops, shuts)
			for _, o := range ops {
				hallOps[o].do(h)
			}
			w.executors(1)
		}, k > 2})
	})
	return all
}

// removed is the body of a scenario of a member that is taken off the list while another waits.
func removed(waits func(h *hall)) func(w *world) {
	return func(w *world) {
		h := newHall(w)
		h.shuts = true
		t, put, run := h.member()
		t.inDrop = nil // by then it has left
		put()
		t.may(rouse.CauseShutdown)
		v := t.waker()
		waits(h)
		w.Go("remove", func() {
			w.x.Do(func() {
				h.left()
				r, _ := v.Borrow().Task()
				t.assert(w.list.Remove(r.Header()), "it was not on the list")
				r.Shutdown()
			})
			t.drop(v)
			run()
		})
		w.executors(1)
	}
}

// Those who wait until a list is empty.
func awaitedLists() []Scenario {
	return slices.Concat(halls(2), halls(3), []Scenario{
		{"OwnedTasks empty", "PollEmpty, a member is removed", removed((*hall).polls), false},
		{"OwnedTasks empty", "WaitEmpty, a member is removed", removed((*hall).blocks), false},
	})
}
