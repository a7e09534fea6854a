package rouse

import (
	"errors"
	"testing"
)

// Abort, and then the task is run: it is not polled again.
func TestAbortThenRun(t *testing.T) {
	var l loop
	j := Spawn[output](&l, l.ready(1))
	if !j.Abort() {
		t.Error("the request was not recorded")
	}
	if j.Abort() {
		t.Error("a second request was recorded first")
	}
	l.want(t, counts{scheduled: 1}, "NOTIFIED|JOIN_INTEREST|CANCELLED(aborted)|UNOWNED|ORPHANABLE refs=0")
	l.run()
	l.want(t, counts{scheduled: 1, futures: 1}, "COMPLETE|JOIN_INTEREST|CANCELLED(aborted)|UNOWNED|ORPHANABLE refs=0")
	_, err := join(t, &j)
	wantCause(t, err, CauseAborted, nil)
	if l.released != 1 {
		t.Error("not released")
	}
}

// An idle task is submitted for its end, with the reason; its future is not
// destroyed where Abort is called.
func TestRunThenAbort(t *testing.T) {
	var l loop
	var w Waker
	j := Spawn[output](&l, l.never(&w))
	l.run()
	if !j.Abort() {
		t.Error("the request was not recorded")
	}
	l.want(t, counts{scheduled: 2, polls: 1}, "NOTIFIED|JOIN_INTEREST|CANCELLED(aborted)|UNOWNED|ORPHANABLE refs=1")
	if l.why[1] != Cancelled {
		t.Errorf("submitted as %v", l.why[1])
	}
	w.WakeByRef()
	l.run()
	l.want(t, counts{scheduled: 2, polls: 1, futures: 1}, "COMPLETE|JOIN_INTEREST|CANCELLED(aborted)|UNOWNED|ORPHANABLE refs=1")
	_, err := join(t, &j)
	wantCause(t, err, CauseAborted, nil)
	w.Drop()
	if l.released != 1 {
		t.Error("not released")
	}
}

// A poll that is ready beats an abort that came while it ran; one that is
// pending is followed by the end at once.
func TestAbortDuringPoll(t *testing.T) {
	for _, ready := range []bool{true, false} {
		var l loop
		var j JoinHandle[output]
		recorded := false
		j = Spawn[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
			recorded = j.Abort()
			return output{l: &l, v: 3}, ready
		}})
		if runs := l.run(); runs != 1 || !recorded {
			t.Errorf("%d runs, recorded %v", runs, recorded)
		}
		if l.counts != (counts{scheduled: 1, polls: 1, futures: 1}) {
			t.Errorf("%+v", l.counts)
		}
		v, err := join(t, &j)
		if ready {
			if err != nil || v.v != 3 {
				t.Errorf("ended with %v, %v; the ready poll wins", v, err)
			}
		} else {
			wantCause(t, err, CauseAborted, nil)
		}
	}
}

func TestCompleteThenAbort(t *testing.T) {
	var l loop
	j := Spawn[output](&l, l.ready(3))
	a := j.AbortHandle()
	l.run()
	if j.Abort() || a.Abort() || !a.IsFinished() || !j.IsFinished() {
		t.Error("a complete task was aborted")
	}
	if v, err := join(t, &j); err != nil || v.v != 3 {
		t.Errorf("ended with %v, %v", v, err)
	}
	if a.Abort() || !a.IsFinished() {
		t.Error("a released task was aborted")
	}
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, detachedDone)
}

// The first cause wins.
func TestAbortThenShutdown(t *testing.T) {
	var l loop
	var w Waker
	var owned OwnedTasks
	j := SpawnWith[output](&l, l.never(&w), Options{Owned: &owned})
	l.run()
	j.Abort()
	owned.CloseAndShutdownAll()
	if l.futures != 0 {
		t.Error("destroyed here, though its Notified is queued")
	}
	l.run()
	_, err := join(t, &j)
	wantCause(t, err, CauseAborted, nil)
	w.Drop()
	if l.counts != (counts{scheduled: 2, polls: 1, futures: 1, released: 1}) {
		t.Errorf("%+v", l.counts)
	}
}

// An AbortHandle is good for the life of the program, and tells tasks apart.
func TestAbortHandleOutlivesAll(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	j := p.Spawn(&l, l.ready(1))
	a := j.AbortHandle()
	if a.ID() != j.ID() || a.IsZero() {
		t.Error("not the same task")
	}
	j.Detach()
	l.run()
	if !l.last.Snapshot().Pinned() || !l.last.Snapshot().Dead() {
		t.Errorf("state %v", l.last.Snapshot())
	}
	for range 100 {
		next := p.Spawn(&l, l.ready(2))
		if next.ID() == a.ID() || a.Abort() {
			t.Fatal("the memory under an AbortHandle has a new tenant")
		}
		l.run()
		if v, err := join(t, &next); err != nil || v.v != 2 {
			t.Fatal(v, err)
		}
	}
}

// A task may have an AbortHandle to itself, and use it from its destructor.
func TestAbortFromTheDestructor(t *testing.T) {
	var l loop
	var a AbortHandle
	fut := pollsThat(&l, func() {})
	fut.drop = func() {
		if a.Abort() || a.IsFinished() {
			t.Error("cancelled twice, or complete before its future is destroyed")
		}
	}
	j := Spawn[output](&l, fut)
	a = j.AbortHandle()
	j.Abort()
	l.run()
	if _, err := join(t, &j); !errors.Is(err, ErrAborted) || !a.IsFinished() {
		t.Error(err)
	}
}

func TestHeaderAbort(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	if !a.Abort() || a.Abort() {
		t.Error("recorded first by another than the first")
	}
	l.want(t, counts{scheduled: 1}, "NOTIFIED|CANCELLED(aborted) refs=0")
	l.run()
	l.want(t, counts{scheduled: 1, futures: 1}, "COMPLETE|CANCELLED(aborted) refs=0")
	if a.Abort() || a.causes[0] != CauseAborted {
		t.Errorf("cancelled by %v", a.causes)
	}
}
