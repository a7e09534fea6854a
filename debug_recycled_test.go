//go:build rouse_debug

package rouse

import (
	"strings"
	"testing"
)

// What the debug build knows of a task is its own: nothing is left of the former
// tenant of its memory.
func TestDebugRecycledMemoryForgets(t *testing.T) {
	var l loop
	a := l.newActor(orphanActors, nil)
	orphan := func(poll func(cx Context) bool) (err *JoinError) {
		a.poll = poll
		n := orphanActors.InitNotified(a)
		n.Run()
		return newJoinError(&a.Header, CauseOrphaned, nil)
	}
	var w Waker
	first := orphan(func(cx Context) bool { w = cx.Waker().Clone(); endWaker((*Waker).Drop, &w); return false })
	l.run()
	if !strings.Contains(first.LastWaker, "endWaker") {
		t.Fatalf("the first tenant: %q", first.LastWaker)
	}
	second := orphan(pending)
	l.run()
	if second.LastWaker != "it never had an owned waker" {
		t.Errorf("the second tenant: %q", second.LastWaker)
	}
}

// A task that is born idle owes no run, whoever ran in its memory before.
func TestDebugNoNotifiedOfTheFormerTenant(t *testing.T) {
	var l loop
	a := &actor{l: &l, poll: func(Context) bool { return true }}
	n := actors.InitNotified(a)
	n.Run()
	actors.Init(a)
	if h := a.current.Load(); h != nil {
		t.Errorf("the new task has the Notified of the old: %v", h.record.kind)
	}
}

// Of a task that ends otherwise the last waker is not told.
func TestDebugLastWakerIsForOrphans(t *testing.T) {
	var l loop
	j := Spawn[output](&l, l.ready(1))
	j.Abort()
	l.run()
	_, err := join(t, &j)
	wantCause(t, err, CauseAborted, nil)
	if err.LastWaker != "" {
		t.Errorf("%q", err.LastWaker)
	}
}

// A moved handle carries its birth.
func TestDebugMoveKeepsTheToken(t *testing.T) {
	var l loop
	j := Spawn[output](&l, l.ready(1))
	m := j.Move()
	again := copied(&m)
	l.run()
	join(t, &m)
	mustPanic(t, func() { again.TryJoin() }, "the JoinHandle was consumed before, by JoinHandle.TryJoin", "born at:", "TestDebugMoveKeepsTheToken")
}

// InitBound makes a Notified of its own.
func TestDebugNotifiedOfInitBound(t *testing.T) {
	var l loop
	var owned OwnedTasks
	a := &actor{l: &l, poll: func(Context) bool { return true }}
	n, _ := actors.InitBound(a, &owned)
	n.Run()
	mustPanic(t, n.Run, "rouse: Notified.Run: the Notified was consumed before, by Notified.Run", "born at:", "TestDebugNotifiedOfInitBound")
}
