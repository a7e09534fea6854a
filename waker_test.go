package rouse

import (
	"runtime"
	"testing"
)

// raw takes a waker apart and makes it again: the count does not change, and
// neither does what it wakes.
func TestRawRoundTrip(t *testing.T) {
	var l loop
	var w Waker
	j := Spawn[output](&l, l.keeping(&w, 2))
	l.run()
	raw := w.IntoRaw()
	if !w.IsZero() || l.last.Snapshot().Refs() != 1 {
		t.Errorf("state %v", l.last.Snapshot())
	}
	again := WakerFromRaw(raw)
	if !again.WillWake(l.last.Header().WakerRef()) || again.Borrow().Raw() != raw {
		t.Error("another waker")
	}
	// By hand, through the vtable, as a bridge to foreign code does.
	second := WakerFromRaw(raw.VTable.Clone(raw.Data))
	if l.last.Snapshot().Refs() != 2 {
		t.Errorf("state %v", l.last.Snapshot())
	}
	raw.VTable.WakeByRef(raw.Data)
	moved := second.IntoRaw()
	moved.VTable.Drop(moved.Data)
	l.want(t, counts{scheduled: 2, polls: 1}, "NOTIFIED|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=1")
	last := again.IntoRaw()
	last.VTable.Wake(last.Data)
	l.run()
	join(t, &j)
	l.want(t, counts{scheduled: 2, polls: 2, futures: 1, released: 1}, detachedDone)
}

func TestMove(t *testing.T) {
	var l loop
	var w Waker
	Spawn[output](&l, l.never(&w))
	l.run()
	m := w.Move()
	if !w.IsZero() || m.IsZero() || l.last.Snapshot().Refs() != 1 {
		t.Errorf("state %v", l.last.Snapshot())
	}
	n := m.Move()
	n.Drop()
	if l.last.Snapshot().Refs() != 0 {
		t.Errorf("state %v", l.last.Snapshot())
	}
}

// CloneFrom clones if it must, and drops what it displaces after.
func TestCloneFrom(t *testing.T) {
	var a, b spy
	var w Waker
	w.CloneFrom(a.ref())
	if a.clones != 1 || !w.WillWake(a.ref()) {
		t.Errorf("%d clones", a.clones)
	}
	w.CloneFrom(a.ref())
	w.CloneFrom(w.Borrow())
	if a.clones != 1 || a.drops != 0 {
		t.Errorf("the same waker: %d clones, %d drops", a.clones, a.drops)
	}
	a.onEnd = func() {
		if !w.WillWake(b.ref()) {
			t.Error("dropped before it was replaced")
		}
	}
	w.CloneFrom(b.ref())
	if a.drops != 1 || b.clones != 1 {
		t.Errorf("%d drops, %d clones", a.drops, b.clones)
	}
	w.Drop()
	if a.live() != 0 || b.live() != 0 {
		t.Errorf("%d and %d left", a.live(), b.live())
	}
}

// A clone that unwinds leaves nothing: what was there is dropped.
func TestCloneFromThatUnwinds(t *testing.T) {
	for how, f := range unwinds {
		var a spy
		bad := spy{onClone: f}
		var w Waker
		w.CloneFrom(a.ref())
		wantUnwound(t, how, ends(func() { w.CloneFrom(bad.ref()) }))
		if !w.IsZero() || a.live() != 0 {
			t.Errorf("%s: zero %v, %d left", how, w.IsZero(), a.live())
		}
	}
}

// A task's waker that replaces another task's, which ends as an orphan.
func TestCloneFromDropsTheLastWaker(t *testing.T) {
	var l loop
	var w, other Waker
	j := Spawn[output](&l, l.never(&w))
	Spawn[output](&l, l.never(&other))
	l.run()
	w.CloneFrom(other.Borrow())
	l.run()
	_, err := join(t, &j)
	wantCause(t, err, CauseOrphaned, nil)
	if n := l.scheduled; n != 3 {
		t.Errorf("%d scheduled", n)
	}
}

func TestFuncWaker(t *testing.T) {
	n := 0
	w := FuncWaker(func() { n++ })
	same, other := w.Clone(), FuncWaker(func() {})
	if !w.WillWake(same.Borrow()) || w.WillWake(other.Borrow()) {
		t.Error("a clone differs, or two functions do not")
	}
	w.WakeByRef()
	w.Borrow().WakeByRef()
	w.Wake()
	same.Wake()
	other.Drop()
	if n != 4 || !w.IsZero() {
		t.Errorf("called %d times", n)
	}
}

type bell struct{ rings int }

func (b *bell) Wake() { b.rings++ }

func TestWakerOf(t *testing.T) {
	b := new(bell)
	w := WakerOf(b)
	second := w.Clone()
	w.WakeByRef()
	w.Wake()
	second.Drop()
	if b.rings != 2 {
		t.Errorf("called %d times", b.rings)
	}
}

func TestChanWaker(t *testing.T) {
	ch := make(chan struct{}, 1)
	w := ChanWaker(ch)
	second := w.Clone()
	w.Wake()
	second.WakeByRef() // full: dropped
	if len(ch) != 1 {
		t.Errorf("%d in the channel", len(ch))
	}
	<-ch
	second.Wake()
	if len(ch) != 1 {
		t.Errorf("%d in the channel", len(ch))
	}
}

func TestNoopWaker(t *testing.T) {
	w := NoopWaker()
	other := NoopWaker()
	if !w.WillWake(other.Borrow()) {
		t.Error("two that do nothing differ")
	}
	if _, ok := w.Borrow().Task(); ok {
		t.Error("it is a task's")
	}
	w.WakeByRef()
	c := w.Clone()
	c.Wake()
	w.Drop()
	other.Drop()
	if allocs := testing.AllocsPerRun(100, func() { w := NoopWaker(); w.Drop() }); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

// What a foreign waker refers to is alive while the waker is.
func TestForeignWakerKeepsItsData(t *testing.T) {
	n := new(int)
	wakers := []func() Waker{
		func() Waker { return FuncWaker(func() { *n++ }) },
		func() Waker { return WakerOf(wakeFunc(func() { *n++ })) },
	}
	for _, make := range wakers {
		w := make()
		raw := w.IntoRaw()
		for range 3 {
			runtime.GC()
		}
		w = WakerFromRaw(raw)
		w.Wake()
	}
	if *n != 2 {
		t.Errorf("called %d times", *n)
	}
}

type wakeFunc func()

func (f wakeFunc) Wake() { f() }

// A future is polled by hand with any waker.
func TestPollByHand(t *testing.T) {
	var s spy
	polls := 0
	f := FutureFunc[int](func(cx Context) (int, bool) {
		if polls++; polls == 1 {
			cx.Waker().WakeByRef()
		}
		return polls, polls == 2
	})
	if _, ready := f.Poll(s.cx()); ready || s.byRefs != 1 {
		t.Error("ready, or not woken")
	}
	if v, ready := f.Poll(s.cx()); !ready || v != 2 {
		t.Error(v, ready)
	}
	if v, ready := Ready("x").Poll(s.cx()); !ready || v != "x" {
		t.Error(v, ready)
	}
}

// The raw operations of a waker whose task the collector owns.
func TestRawUncountedWaker(t *testing.T) {
	var l loop
	a := l.newActor(uncountedActors, pending)
	w := a.WakerRef().Clone()
	raw := w.IntoRaw()
	other := raw.VTable.Clone(raw.Data)
	if other != raw {
		t.Errorf("the clone is %v, of %v", other, raw)
	}
	raw.VTable.WakeByRef(raw.Data)
	l.run()
	raw.VTable.Wake(raw.Data)
	l.run()
	raw.VTable.Drop(raw.Data)
	l.want(t, counts{scheduled: 2, polls: 2}, "IDLE refs=1")
}

func TestUncountedDropZeroes(t *testing.T) {
	var l loop
	a := l.newActor(uncountedActors, pending)
	w := a.WakerRef().Clone()
	if w.IsZero() {
		t.Fatal("the clone is zero")
	}
	w.Drop()
	if !w.IsZero() {
		t.Error("dropped, and not zero")
	}
}

// Wakers are the same by data and by vtable.
func TestWillWakeLooksAtBoth(t *testing.T) {
	var s spy
	twin := spyVTable
	a := s.ref()
	b := WakerRef{data: a.data, vtable: &twin}
	c := (&spy{}).ref()
	w := a.Clone()
	for name, r := range map[string]WakerRef{"another vtable": b, "other data": c} {
		if w.WillWake(r) || a.WillWake(r) || r.WillWake(a) {
			t.Errorf("%s: the same waker", name)
		}
	}
	if !w.WillWake(a) || !a.WillWake(a) {
		t.Error("not the same waker as itself")
	}
	w.Drop()
}
