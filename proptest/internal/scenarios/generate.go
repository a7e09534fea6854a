//go:build rouse_explore

package scenarios

import (
	"slices"
	"strings"

	"github.com/rouse-go/rouse"
)

// A subject is a task that combinations of operations are done to, each by a thread of its own,
// while an executor runs the task.
type subject struct {
	name string
	is   subjects
	make func(w *world, need int) *task

	// detached: unless an operation needs it, the handle is given up before the threads start. Else
	// it is held to the end.
	detached bool
}

var generated = []subject{
	{"owned", cellOwned, func(w *world, need int) *task { return w.spawn("a", need, 0, owned) }, false},
	{"owned, no destructors", cellBare, func(w *world, need int) *task { return w.spawn("a", need, 0, owned.bared()) }, true},
	{"orphan policy", cellPolicy, func(w *world, need int) *task { return w.spawn("a", need, 0, joinedO) }, true},
	{"uncounted", cellGC, func(w *world, need int) *task { return w.spawn("a", need, 0, uncounted) }, false},
	{"level 1", actorOwned, func(w *world, need int) *task {
		a := w.own("a", vtable(false, false))
		a.t.need, a.t.owned = need, true
		a.Wake()
		return a.t
	}, false},
	{"level 1, orphan policy", actorPolicy, func(w *world, need int) *task {
		t := w.first("a", vtable(true, false))
		t.need = need
		return t
	}, false},
	{"level 1, owned, orphan policy", actorBound, func(w *world, need int) *task {
		t := w.bound("a", vtable(true, false))
		t.need = need
		return t
	}, false},
}

// combinations returns the scenarios of n operations on s, in the order of the table. Operations
// of one thread are also done in other orders.
func combinations(s subject, n int) (all []Scenario) {
	var pick func(from int, chosen []operation)
	pick = func(from int, chosen []operation) {
		if len(chosen) == n {
			if n > 2 && s.is == cellBare && !slices.ContainsFunc(chosen, operation.needsHandle) {
				return // it ends as an owned one that is detached
			}
			for _, ops := range orders(chosen) {
				all = append(all, combined(s, ops, false), combined(s, ops, true))
			}
			return
		}
		for i := from; i < len(operations); i++ {
			if o := operations[i]; o.on&s.is != 0 && (n < 3 || !o.pairs) && !(o.once && slices.ContainsFunc(chosen, o.is)) {
				pick(i, append(chosen[:len(chosen):len(chosen)], o))
			}
		}
	}
	pick(0, nil)
	return
}

// orders returns ops in all orders of those that need the JoinHandle. One that consumes the
// handle for certain comes last.
func orders(ops []operation) (all [][]operation) {
	var rest, handle []operation
	for _, o := range ops {
		if o.handle {
			handle = append(handle, o)
		} else {
			rest = append(rest, o)
		}
	}
	permute(handle, nil, func(h []operation) {
		if i := slices.IndexFunc(h, operation.consumes); i < 0 || i == len(h)-1 {
			all = append(all, slices.Concat(rest, h))
		}
	})
	return
}

func (o operation) is(p operation) bool { return o.name == p.name }

func (o operation) needsHandle() bool { return o.handle }

func (o operation) consumes() bool { return o.name == "Detach" }

// permute calls f with the different permutations of ops behind chosen.
func permute(ops, chosen []operation, f func([]operation)) {
	if len(ops) == 0 {
		f(slices.Clone(chosen))
		return
	}
	for i, o := range ops {
		if slices.ContainsFunc(ops[:i], o.is) {
			continue
		}
		permute(slices.Concat(ops[:i], ops[i+1:]), append(chosen[:len(chosen):len(chosen)], o), f)
	}
}

// combined is the scenario of ops on s. The task is ready once all events that ops signal have
// come, or, if it stays pending, never.
func combined(s subject, ops []operation, pending bool) Scenario {
	names := make([]string, len(ops))
	need, ends := 0, false
	var causes []rouse.Cause
	for i, o := range ops {
		names[i] = o.name
		if o.wakes {
			need++
		}
		causes = append(causes, o.causes...)
		ends = ends || slices.ContainsFunc(o.causes, func(c rouse.Cause) bool { return c != orphaned })
	}
	suffix := ""
	if pending {
		suffix, need = "; stays pending", never
		causes = append(causes, orphaned)
	}
	group := [...]string{1: "single", 2: "pair", 3: "triple"}[len(ops)]
	return Scenario{Group: group + ", " + s.name, Name: strings.Join(names, " + ") + suffix, Full: len(ops) > 2 || s.is == cellBare && !slices.ContainsFunc(ops, operation.needsHandle), body: func(w *world) {
		w.helps = true
		t := s.make(w, need)
		t.may(causes...)
		t.mustReady = !pending && !ends
		t.keeps = len(ops) > 2
		t.threads(ops, s.detached)
		w.executors(1)
	}}
}

// threads declares a thread for each of ops, and one for those that need the handle. If the last
// of them polls, it then awaits the outcome; else it gives the handle up.
func (t *task) threads(ops []operation, detached bool) {
	var handle []func()
	for i, o := range ops {
		f := o.do(t)
		switch {
		case f == nil:
		case o.handle:
			handle = append(handle, f)
		default:
			t.w.Go(o.name+string(rune('1'+i)), f)
		}
	}
	switch {
	case len(handle) > 0:
		awaits := ops[len(ops)-1].name == "Poll"
		t.w.x.Daemon("handle", func() {
			t.w.x.Await("start", always)
			for _, f := range handle {
				if !t.join.IsZero() {
					f()
				}
			}
			switch {
			case t.join.IsZero() || t.keeps:
			case awaits:
				t.awaits(t.joiners[len(t.joiners)-1])
			default:
				t.detach()
			}
		})
	case detached && !t.join.IsZero():
		v := t.waker()
		t.join.Detach()
		t.drop(v)
	}
}

// every returns all combinations of n operations.
func every(n int) (all []Scenario) {
	for _, s := range generated {
		all = append(all, combinations(s, n)...)
	}
	return
}
