package rouse

import (
	"context"
	"errors"
	"slices"
	"testing"
	"unsafe"
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

// crowd spawns n tasks from p at once, runs them, and returns their cells.
func crowd(t *testing.T, p *Pool[output, probe], n int) (cells []*Header) {
	t.Helper()
	var l loop
	joins := make([]JoinHandle[output], n)
	for i := range joins {
		joins[i] = p.Spawn(&l, l.ready(i))
		cells = append(cells, l.last.Header())
	}
	l.run()
	for i := range joins {
		if v, err := join(t, &joins[i]); err != nil || v.v != i {
			t.Fatalf("tenant %d ended with %v, %v", i, v, err)
		}
	}
	return cells
}

// tenants spawns and runs n tasks from p, one after the other, and returns
// their cells.
func tenants(t *testing.T, p *Pool[output, probe], l *loop, n int) (cells []*Header) {
	t.Helper()
	for i := range n {
		j := p.Spawn(l, l.ready(i))
		cells = append(cells, l.last.Header())
		l.run()
		if v, err := join(t, &j); err != nil || v.v != i {
			t.Fatalf("tenant %d ended with %v, %v", i, v, err)
		}
	}
	if l.released != n || l.futures != n || l.polls != n || l.outputs != 0 {
		t.Fatalf("%d tenants: %+v", n, l.counts)
	}
	return cells
}

// recycles reports whether a cell was used twice.
func recycles(cells []*Header) bool {
	for i, c := range cells {
		if slices.Contains(cells[:i], c) {
			return true
		}
	}
	return false
}

func TestPoolRecycles(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	if !recycles(tenants(t, &p, &l, 100)) {
		t.Error("100 tenants in 100 cells")
	}
}

// A new tenant has a new identity, and an empty slot.
func TestPoolTenantsDiffer(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	var w spy
	seen := map[ID]bool{}
	for i := range 100 {
		j := p.Spawn(&l, l.ready(i))
		if id := j.ID(); seen[id] || id != l.last.ID() {
			t.Fatalf("tenant %d has ID %d", i, id)
		} else {
			seen[id] = true
		}
		if n := l.last.Snapshot(); n != initJoined|flagOrphanable {
			t.Fatalf("tenant %d is born as %v", i, n)
		}
		j.Poll(w.cx())
		l.run()
		join(t, &j)
		if w.live() != 0 || w.byRefs != i+1 {
			t.Fatalf("tenant %d: woken %d times, %d left", i, w.byRefs, w.live())
		}
	}
}

// The cell goes back when the last of its handle and its wakers does.
func TestPoolKeepsACellThatIsReferred(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	var w Waker
	j := p.Spawn(&l, l.keeping(&w, 2))
	held := l.last.Header()
	l.run()
	w.WakeByRef()
	l.run()
	if slices.Contains(crowd(t, &p, 50), held) {
		t.Fatal("recycled while a handle and a waker refer to it")
	}
	join(t, &j)
	if slices.Contains(crowd(t, &p, 50), held) {
		t.Fatal("recycled while a waker refers to it")
	}
	w.Wake()
	if l.released != 1 {
		t.Errorf("not released: %v", held.Snapshot())
	}
}

// A late aborter of a former tenant does not reach the next.
func TestPoolLateAborter(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	var late []AbortHandle
	for i := range 200 {
		j := p.Spawn(&l, l.ready(i))
		if i%2 == 0 {
			late = append(late, j.AbortHandle())
		}
		for _, a := range late[:i/2] {
			if a.Abort() || !a.IsFinished() {
				t.Fatal("a stale handle aborted")
			}
		}
		l.run()
		if v, err := join(t, &j); err != nil || v.v != i {
			t.Fatal(v, err)
		}
	}
}

func TestPoolDetachedAndOptions(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	var owned OwnedTasks
	for range 10 {
		p.SpawnDetached(&l, l.ready(1))
		l.run()
	}
	if l.counts != (counts{scheduled: 10, polls: 10, futures: 10, outputs: 10, released: 10}) {
		t.Errorf("%+v", l.counts)
	}
	var w Waker
	j := p.SpawnWith(&l, l.never(&w), Options{Owned: &owned})
	l.run()
	owned.CloseAndShutdownAll()
	_, err := join(t, &j)
	wantCause(t, err, CauseShutdown, nil)
	w.Drop()

	// Uncounted ones are never recycled: who refers to them is not known.
	l = loop{}
	j = p.SpawnWith(&l, l.keeping(&w, 2), Options{Uncounted: true})
	held := l.last.Header()
	l.run()
	w.WakeByRef()
	l.run()
	join(t, &j)
	if slices.Contains(crowd(t, &p, 50), held) {
		t.Error("recycled")
	}
	w.WakeByRef()
}

// A cell whose Notified was dropped is not recycled at once: a Schedule that
// its destructor unwinds may look at it once more. A tenant that moved in
// meanwhile would lose its run.
func TestPoolDropThatUnwindsSchedule(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	var next JoinHandle[output]
	closed := ScheduleFunc(func(n Notified, _ Reason) {
		defer func() { next = p.Spawn(&l, l.ready(5)) }()
		n.Drop()
	})
	fut := l.ready(1)
	fut.drop = panics("drop")
	if e := ends(func() { p.SpawnDetached(closed, fut) }); e.value == nil {
		t.Errorf("ended by %v", e)
	}
	l.run()
	if v, err := join(t, &next); err != nil || v.v != 5 {
		t.Errorf("the next tenant ended with %v, %v", v, err)
	}
}

// A cell in the pool keeps nothing of its last task, and the next is none of
// its kind.
func TestPoolForgets(t *testing.T) {
	var p Pool[int, FutureFunc[int]]
	for range 100 {
		var s hooked
		j := p.Spawn(&s, Ready(1))
		s.run()
		c := cellOf(s.last.h)
		if v, err := join(t, &j); v != 1 || err != nil || s.released != 1 {
			t.Fatal(v, err, s.counts)
		}
		if dataOf(&c.sched) != nil || c.err != nil {
			t.Fatalf("released with %p and %v", dataOf(&c.sched), c.err)
		}
		var l loop
		p.SpawnDetached(&l, Ready(1))
		l.run()
		if l.released != 1 {
			t.Fatalf("%+v", l.counts)
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

// dataOf returns the second word of an interface value.
func dataOf(s *Scheduler) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(s))[1] }

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
