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
	if plain := (&JoinError{Cause: CausePanicked, Value: "text"}).Unwrap(); plain != nil {
		t.Errorf("unwrapped to %v, of a value that is no error", plain)
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

// makes has no destructor, but what it is ready with.
type makes struct{ l *loop }

func (m makes) Poll(Context) (output, bool) { return output{l: m.l}, true }

func TestOnlyTheOutputHasADestructor(t *testing.T) {
	var l loop
	SpawnDetached[output](&l, makes{&l})
	l.run()
	l.want(t, counts{scheduled: 1, outputs: 1, released: 1}, detachedDone)
}

// TestItab: what a recycled cell concludes from it holds.
func TestItab(t *testing.T) {
	var l, m loop
	var h hooked
	var none, f, g, a, b, c Scheduler = nil, ScheduleFunc(nil), ScheduleFunc(l.Schedule), &l, &m, &h
	if itabOf(&a) != itabOf(&b) || itabOf(&f) != itabOf(&g) {
		t.Error("two of one type differ")
	}
	if itabOf(&none) != nil || itabOf(&a) == nil || itabOf(&a) == itabOf(&c) || itabOf(&a) == itabOf(&f) {
		t.Error("two types are alike")
	}
}

// Without a Scheduler nothing is spawned, whatever spawns it.
func TestSpawnOnNil(t *testing.T) {
	var p Pool[int, FutureFunc[int]]
	var l loop
	for range 100 { // so that the pool has a released cell
		p.SpawnDetached(&l, Ready(1))
		l.run()
	}
	for name, spawn := range map[string]func(){
		"Spawn":              func() { Spawn[int](nil, Ready(1)) },
		"SpawnWith":          func() { SpawnWith[int](nil, Ready(1), Options{}) },
		"SpawnDetached":      func() { SpawnDetached[int](nil, Ready(1)) },
		"Pool.Spawn":         func() { p.Spawn(nil, Ready(1)) },
		"Pool.SpawnWith":     func() { p.SpawnWith(nil, Ready(1), Options{}) },
		"Pool.SpawnDetached": func() { p.SpawnDetached(nil, Ready(1)) },
	} {
		t.Run(name, func(t *testing.T) { mustPanic(t, spawn, "rouse: Spawn: the Scheduler is nil") })
	}
}

// An output that nobody takes is destroyed, but a nil pointer is nothing.
func TestNilOutputIsNotDestroyed(t *testing.T) {
	n := 0
	outputs := map[string]struct {
		spawn func(l *loop)
		want  int
	}{
		"nil pointer":              {func(l *loop) { SpawnDetached[*nilable](l, Ready[*nilable](nil)) }, 0},
		"pointer":                  {func(l *loop) { SpawnDetached[*nilable](l, Ready(&nilable{&n})) }, 1},
		"nil interface":            {func(l *loop) { SpawnDetached[dropper](l, Ready[dropper](nil)) }, 0},
		"nil pointer in interface": {func(l *loop) { SpawnDetached[dropper](l, Ready[dropper]((*nilable)(nil))) }, 0},
		"pointer in interface":     {func(l *loop) { SpawnDetached[dropper](l, Ready[dropper](&nilable{&n})) }, 1},
		"given up later": {func(l *loop) {
			j := Spawn[*nilable](l, Ready[*nilable](nil))
			l.run()
			j.Detach()
		}, 0},
	}
	for name, c := range outputs {
		var l loop
		n = 0
		c.spawn(&l)
		if l.run(); n != c.want || l.released != 1 {
			t.Errorf("%s: destroyed %d times, want %d; %+v", name, n, c.want, l.counts)
		}
	}
}

// A nilable cannot be destroyed if it is nil: that would panic.
type nilable struct{ n *int }

func (d *nilable) Drop() { *d.n++ }
