package rouse

import (
	"context"
	"errors"
	"testing"
)

func TestSpawnJoin(t *testing.T) {
	var l loop
	j := Spawn[output](&l, l.ready(7))
	l.want(t, counts{scheduled: 1}, "NOTIFIED|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=0")
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1}, "COMPLETE|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=0")
	v, err := j.Join(context.Background())
	if v.v != 7 || err != nil || !j.IsZero() {
		t.Fatalf("joined %v, %v, zero %v", v, err, j.IsZero())
	}
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, "COMPLETE|UNOWNED|ORPHANABLE refs=0")
}

func TestSpawnDetached(t *testing.T) {
	var l loop
	SpawnDetached[output](&l, l.ready(7))
	l.want(t, counts{scheduled: 1}, "NOTIFIED|UNOWNED|ORPHANABLE refs=0")
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1, outputs: 1, released: 1}, "COMPLETE|UNOWNED|ORPHANABLE refs=0")
}

func TestSelfWake(t *testing.T) {
	var l loop
	polls := 0
	j := Spawn[int](&l, FutureFunc[int](func(cx Context) (int, bool) {
		if polls++; polls < 5 {
			cx.Waker().WakeByRef()
			cx.Waker().WakeByRef()
			return 0, false
		}
		return polls, true
	}))
	if runs := l.run(); runs != 5 || l.yields != 4 || l.scheduled != 1 {
		t.Fatalf("%d runs, %d yields, %d scheduled", runs, l.yields, l.scheduled)
	}
	if res, ok := j.TryJoin(); !ok || res.Value != 5 {
		t.Fatal(res, ok)
	}
}

// A destructor is found on the value and on the pointer, and on what an
// interface or a pointer holds.
func TestDropFindsTheDestructor(t *testing.T) {
	var l loop
	byPointer := pointerDropper{n: new(int)}
	runDestructor(&byPointer)
	byValue := output{l: &l}
	runDestructor(&byValue)
	p := &output{l: &l}
	runDestructor(&p)
	var i any = output{l: &l}
	runDestructor(&i)
	var none any
	runDestructor(&none)
	if *byPointer.n != 1 || l.outputs != 3 {
		t.Errorf("%d by pointer, %d by value", *byPointer.n, l.outputs)
	}
}

type pointerDropper struct{ n *int }

func (d *pointerDropper) Drop() { *d.n++ }

func TestJoinErrorIs(t *testing.T) {
	cause := errors.New("cause")
	err := error(&JoinError{ID: 3, Cause: CausePanicked, Value: cause})
	if !errors.Is(err, ErrPanicked) || !errors.Is(err, cause) || errors.Is(err, ErrAborted) {
		t.Error(err)
	}
	var je *JoinError
	if !errors.As(err, &je) || je.ID != 3 || err.Error() != "rouse: task 3 panicked: cause" {
		t.Error(err)
	}
	for c, want := range map[Cause]error{
		CauseAborted: ErrAborted, CauseShutdown: ErrShutdown, CauseOrphaned: ErrOrphaned,
		CauseDropped: ErrDropped, CausePanicked: ErrPanicked, CauseExited: ErrExited,
	} {
		if !errors.Is(&JoinError{Cause: c}, want) || (&JoinError{Cause: c}).Error() == "" {
			t.Errorf("%v is not %v", c, want)
		}
	}
}
