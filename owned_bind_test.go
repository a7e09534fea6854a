package rouse

import "testing"

// A task that is on a list cannot be bound, to that list or another: Bind says
// so, and both lists and their locks are as they were.
func TestBindTwice(t *testing.T) {
	for _, same := range []bool{true, false} {
		var l loop
		var one, two OwnedTasks
		a, b := l.newActor(actors, pending), l.newActor(actors, pending)
		one.Bind(&b.Header)
		one.Bind(&a.Header)
		second := &one
		if !same {
			second = &two
		}
		mustPanic(t, func() { second.Bind(&a.Header) }, "rouse: OwnedTasks.Bind: the task is on a list already (state IDLE refs=0)")
		if one.Len() != 2 || two.Len() != 0 {
			t.Fatalf("same list %v: %d and %d on the lists", same, one.Len(), two.Len())
		}
		seen := 0
		for range one.All() {
			if seen++; seen > 2 {
				t.Fatalf("same list %v: the list is a ring", same)
			}
		}
		if !one.Remove(&a.Header) || one.Len() != 1 || seen != 2 {
			t.Errorf("same list %v: %d left, %d seen", same, one.Len(), seen)
		}
	}
}

// A spawned task that its Options bound is on a list as any other.
func TestBindSpawned(t *testing.T) {
	var l loop
	var one, two OwnedTasks
	j := SpawnWith[output](&l, l.ready(1), Options{Owned: &one})
	h := l.last.Header()
	mustPanic(t, func() { two.Bind(h) }, "rouse: OwnedTasks.Bind: ", "on a list already", "NOTIFIED|JOIN_INTEREST")
	l.run()
	j.TryJoin()
	if one.Len() != 0 || two.Len() != 0 || l.released != 1 {
		t.Errorf("%d and %d on the lists, %+v", one.Len(), two.Len(), l.counts)
	}
}

// Who removed a task may bind it again, and so may who makes a new task in the
// memory of one that has left its list.
func TestBindAgain(t *testing.T) {
	var l loop
	var one, two OwnedTasks
	a := l.newActor(actors, pending)
	if !one.Bind(&a.Header) || !one.Remove(&a.Header) || !two.Bind(&a.Header) || !two.Remove(&a.Header) || !two.Bind(&a.Header) {
		t.Fatal("not bound, or not removed")
	}
	if one.Len() != 0 || two.Len() != 1 {
		t.Errorf("%d and %d on the lists", one.Len(), two.Len())
	}
	two.CloseAndShutdownAll()
	actors.Init(a)
	if !one.Bind(&a.Header) || one.Len() != 1 {
		t.Error("the next task in this memory was not bound")
	}
}
