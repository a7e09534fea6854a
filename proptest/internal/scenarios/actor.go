//go:build rouse_explore

package scenarios

import (
	"unsafe"

	"github.com/rouse-go/rouse"
)

// An actor is a task of level 1.
type actor struct {
	rouse.Header
	t *task
}

// vtable makes one for an execution: the kit keeps a list in it.
func vtable(orphan, uncounted bool) *rouse.Vtable[actor] {
	return rouse.NewVtable(ops(orphan, uncounted))
}

// keepingVtable is that of tasks that are reported and kept when they are orphans.
func keepingVtable() *rouse.Vtable[actor] {
	o := ops(true, false)
	o.Orphaned = func(a *actor, err *rouse.JoinError) { a.t.reported(a.Snapshot(), err) }
	return rouse.NewVtable(o)
}

func ops(orphan, uncounted bool) rouse.Ops[actor] {
	return rouse.Ops[actor]{
		Poll:   func(a *actor, cx rouse.Context) bool { return a.t.poll(cx) },
		Cancel: func(a *actor, c rouse.Cause) { a.t.destroy() },
		Schedule: func(a *actor, n rouse.Notified, why rouse.Reason) {
			a.t.hook("Schedule")
			a.t.w.schedule(a.t, n)
		},
		Yield: func(a *actor, n rouse.Notified) {
			a.t.hook("Yield")
			a.t.w.schedule(a.t, n)
		},
		Release: func(a *actor) {
			a.t.assert(a.t.freed.v == 1, "Vtable.Release was called %d times", a.t.freed.v)
			a.t.hook("Release")
		},
		Panicked: func(a *actor, err *rouse.JoinError) bool {
			a.t.hook("Panicked")
			return a.t.handled
		},
		OrphanCheck: orphan,
		Uncounted:   uncounted,
	}
}

// actor makes the account of a task of level 1 that the caller will init.
func (w *world) actor(name string) *actor {
	a := &actor{t: w.newTask(name)}
	a.t.level = 1
	a.t.begun = true
	a.t.at(&a.Header)
	return a
}

// queued hands a first Notified to the scheduler.
func (a *actor) queued(n rouse.Notified) *task {
	a.t.w.schedule(a.t, n)
	return a.t
}

// first makes a task of level 1 that nobody owns.
func (w *world) first(name string, v *rouse.Vtable[actor]) *task {
	a := w.actor(name)
	return a.queued(v.InitNotified(a))
}

// bound makes a task of level 1 on an owner list.
func (w *world) bound(name string, v *rouse.Vtable[actor]) *task {
	a := w.actor(name)
	w.owners()
	n, _ := v.InitBound(a, w.list)
	return a.queued(n)
}

// own makes an idle task of level 1 that the scenario owns.
func (w *world) own(name string, v *rouse.Vtable[actor]) *actor {
	a := w.actor(name)
	v.Init(a)
	return a
}

func actorOf(h *rouse.Header) *actor { return (*actor)(unsafe.Pointer(h)) }
