package rouse

import (
	"testing"
)

// The last waker is dropped while the task is pending: it is submitted for a
// last, cancelled run, and not torn down where the waker was dropped.
func TestPendingThenLastWakerDropped(t *testing.T) {
	for _, joined := range []bool{true, false} {
		var l loop
		var w Waker
		j := Spawn[output](&l, l.never(&w))
		l.run()
		second := w.Clone()
		interest := "|JOIN_INTEREST"
		if !joined {
			j.Detach()
			interest = ""
		}
		w.Drop()
		l.want(t, counts{scheduled: 1, polls: 1}, "IDLE"+interest+"|UNOWNED|ORPHANABLE refs=1")
		second.Drop()
		l.want(t, counts{scheduled: 2, polls: 1}, "NOTIFIED"+interest+"|CANCELLED(orphaned)|UNOWNED|ORPHANABLE refs=0")
		if l.why[1] != Cancelled {
			t.Errorf("submitted as %v", l.why[1])
		}
		l.run()
		if joined {
			l.want(t, counts{scheduled: 2, polls: 1, futures: 1}, "COMPLETE|JOIN_INTEREST|CANCELLED(orphaned)|UNOWNED|ORPHANABLE refs=0")
			_, err := join(t, &j)
			wantCause(t, err, CauseOrphaned, nil)
		}
		l.want(t, counts{scheduled: 2, polls: 1, futures: 1, released: 1}, "COMPLETE|CANCELLED(orphaned)|UNOWNED|ORPHANABLE refs=0")
	}
}

// A poll that returns pending without having kept a waker.
func TestPollKeepsNoWaker(t *testing.T) {
	for _, joined := range []bool{true, false} {
		var l loop
		j := Spawn[output](&l, pollsThat(&l, func() {}))
		if !joined {
			j.Detach()
		}
		l.run()
		if l.counts != (counts{scheduled: 2, polls: 1, futures: 1, released: btoi(!joined)}) {
			t.Errorf("%+v", l.counts)
		}
		if joined {
			_, err := join(t, &j)
			wantCause(t, err, CauseOrphaned, nil)
		}
	}
}

// A waker that is dropped in the poll itself is no matter, if another is kept;
// and waking is, even if none is.
func TestWakerDroppedInPoll(t *testing.T) {
	var l loop
	var w Waker
	j := Spawn[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
		switch l.polls {
		case 1:
			a, b := cx.Waker().Clone(), cx.Waker().Clone()
			a.Drop()
			b.Drop()
			cx.Waker().WakeByRef()
			return output{}, false
		case 2:
			w = cx.Waker().Clone()
			return output{}, false
		}
		return output{l: &l, v: l.polls}, true
	}})
	l.run()
	l.want(t, counts{scheduled: 1, yields: 1, polls: 2}, "IDLE|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=1")
	w.Wake()
	l.run()
	if v, err := join(t, &j); err != nil || v.v != 3 {
		t.Error(v, err)
	}
}

// Without the policy a joined task stays pending, for an uncounted wake
// source; a detached one is unreachable all the same, and ends.
func TestNoOrphanCheck(t *testing.T) {
	var l loop
	var w Waker
	j := SpawnWith[output](&l, l.keeping(&w, 2), Options{NoOrphanCheck: true})
	l.run()
	w.Drop()
	l.want(t, counts{scheduled: 1, polls: 1}, "IDLE|JOIN_INTEREST|UNOWNED refs=0")
	l.last.Header().Wake()
	l.run()
	if v, err := join(t, &j); err != nil || v.v != 2 {
		t.Error(v, err)
	}

	l = loop{}
	j = SpawnWith[output](&l, l.never(&w), Options{NoOrphanCheck: true})
	l.run()
	j.Detach()
	w.Drop()
	l.want(t, counts{scheduled: 2, polls: 1}, "NOTIFIED|CANCELLED(orphaned)|UNOWNED refs=0")
	l.run()
	l.want(t, counts{scheduled: 2, polls: 1, futures: 1, released: 1}, "COMPLETE|CANCELLED(orphaned)|UNOWNED refs=0")
}

// A task on an owner list is an orphan too: the list cannot wake it.
func TestOwnedOrphan(t *testing.T) {
	var l loop
	var owned OwnedTasks
	j := SpawnWith[output](&l, pollsThat(&l, func() {}), Options{Owned: &owned})
	l.run()
	_, err := join(t, &j)
	wantCause(t, err, CauseOrphaned, nil)
	if owned.Len() != 0 || l.released != 1 {
		t.Errorf("%d on the list, %d released", owned.Len(), l.released)
	}
}

// The last waker of an orphan may wake it by value instead.
func TestWakeByValueIsNoOrphan(t *testing.T) {
	var l loop
	var w Waker
	j := Spawn[output](&l, l.keeping(&w, 3))
	for range 2 {
		l.run()
		w.Wake()
		if n := l.last.Snapshot(); n.Cancelled() || !n.Notified() {
			t.Errorf("state %v", n)
		}
	}
	l.run()
	if v, err := join(t, &j); err != nil || v.v != 3 {
		t.Error(v, err)
	}
}

// Its own waker, stored in itself, hides that a task is unreachable; an abort
// still ends it.
func TestOwnWakerHidesAnOrphan(t *testing.T) {
	var l loop
	own := &selfish{}
	j := Spawn[int](&l, own)
	l.run()
	if n := l.last.Snapshot(); !n.Idle() || n.Refs() != 1 {
		t.Errorf("state %v", n)
	}
	j.Abort()
	l.run()
	_, err := join(t, &j)
	wantCause(t, err, CauseAborted, nil)
	if n := l.last.Snapshot(); !n.Dead() || l.released != 1 || !own.w.IsZero() {
		t.Errorf("state %v, %+v", n, l.counts)
	}
}

// A selfish future stores its own waker, and drops it at its end.
type selfish struct{ w Waker }

func (s *selfish) Poll(cx Context) (int, bool) { s.w.CloneFrom(cx.Waker()); return 0, false }
func (s *selfish) Drop()                       { s.w.Drop() }

func TestOrphanCheckOfActors(t *testing.T) {
	var l loop
	var w Waker
	a := &actor{l: &l, poll: func(cx Context) bool { w.CloneFrom(cx.Waker()); return false }}
	n := orphanActors.InitNotified(a)
	l.last = n.Task()
	l.want(t, counts{}, "NOTIFIED|UNOWNED|ORPHANABLE refs=0")
	n.Run()
	l.want(t, counts{polls: 1}, "IDLE|UNOWNED|ORPHANABLE refs=1")
	w.Drop()
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, "COMPLETE|CANCELLED(orphaned)|UNOWNED|ORPHANABLE refs=0")
	if a.causes[0] != CauseOrphaned {
		t.Errorf("cancelled by %v", a.causes)
	}
}
