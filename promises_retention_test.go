package rouse

import (
	"testing"
	"unsafe"
)

// An AbortHandle of a task that has ended keeps the task's memory, but neither its
// scheduler nor its error, of a pool or not.
func TestAbortHandleKeepsTheMemoryAlone(t *testing.T) {
	var p Pool[int, FutureFunc[int]]
	spawn := map[string]func(l *loop) JoinHandle[int]{
		"spawned":     func(l *loop) JoinHandle[int] { return Spawn[int](l, Ready(1)) },
		"from a pool": func(l *loop) JoinHandle[int] { return p.Spawn(l, Ready(1)) },
		"that panicked": func(l *loop) JoinHandle[int] {
			return Spawn[int](l, FutureFunc[int](func(Context) (int, bool) { panic(l) }))
		},
	}
	for name, spawn := range spawn {
		var l loop
		j := spawn(&l)
		a := j.AbortHandle()
		l.run()
		join(t, &j)
		c := cellOf(a.h)
		if sched := (*[2]unsafe.Pointer)(unsafe.Pointer(&c.sched))[1]; sched != nil || c.err != nil || !c.state.Load().Dead() {
			t.Errorf("a task %s keeps the scheduler %p and %v, state %v", name, sched, c.err, c.state.Load())
		}
		if a.Abort() || !a.IsFinished() {
			t.Errorf("a task %s has ended, and was aborted", name)
		}
	}
	if c := p.cells.get(); c != nil {
		t.Error("a cell that a handle points to was recycled")
	}
}

// A misuse is told once as what it is. Who comes to the task later is told that it
// was misused before, and is not blamed.
func TestTheInnocentAreNotBlamed(t *testing.T) {
	const before = "the task was misused before"
	var l loop
	var n Notified
	j := Spawn[output](ScheduleFunc(func(m Notified, _ Reason) { n = m }), l.ready(1))
	n.Run()
	mustPanic(t, n.Run, "Notified.Run", "was consumed before")
	if debugging { // the word is as it was
		if res, ok := j.TryJoin(); !ok || res.Err != nil {
			t.Errorf("%v, %v", res.Err, ok)
		}
	} else {
		mustPanic(t, func() { j.TryJoin() }, "JoinHandle.TryJoin", before, "POISONED")
	}

	a := l.newActor(actors, pending)
	a.Disown()
	mustPanic(t, a.Disown, "Header.Disown", "the task has no owner")
	mustPanic(t, a.Disown, "Header.Disown", before)
	mustPanic(t, func() { actors.Init(a) }, "Vtable.Init", "misused before")

	var s State
	mustPanic(t, func() { s.End() }, "State.End", "does not hold the run")
	mustPanic(t, func() { s.Finish() }, "State.Finish", before)
}

func TestZeroVtable(t *testing.T) {
	var v Vtable[actor]
	a := new(actor)
	mustPanic(t, func() { v.Init(a) }, "rouse: Vtable.Init: the Vtable is zero: NewVtable makes one")
	mustPanic(t, func() { v.InitNotified(a) }, "rouse: Vtable.InitNotified: the Vtable is zero")
	mustPanic(t, func() { v.InitBound(a, new(OwnedTasks)) }, "rouse: Vtable.InitBound: the Vtable is zero")
	actors.Init(a) // nothing was written
}

// A wake while Cancel runs leads to no run.
func TestWakeDuringCancel(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	a.cancel = func(Cause) { a.Wake() }
	if !a.Close() {
		t.Error("it is not idle")
	}
	l.want(t, counts{futures: 1}, "COMPLETE|NOTIFIED|CANCELLED(closed) refs=0")
	mustBe := a.Snapshot()
	if a.Wake(); a.Snapshot() != mustBe {
		t.Errorf("a wake after the end changes the word to %v", a.Snapshot())
	}
}
