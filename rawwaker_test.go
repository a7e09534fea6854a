package rouse

import (
	"runtime"
	"testing"
	"unsafe"
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
	w := FuncWaker(func() { *n++ })
	raw := w.IntoRaw()
	for range 3 {
		runtime.GC()
	}
	again := WakerFromRaw(raw)
	again.Wake()
	if *n != 1 {
		t.Errorf("called %d times", *n)
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

// Wakers that were boxed apart are not the same, though a cell takes them for it.
func TestWillWakeOfBoxes(t *testing.T) {
	var s spy
	raw := RawWaker{unsafe.Pointer(&s), &spyVTable}
	a, b := WakerFromRaw(raw), WakerFromRaw(raw)
	c := a.Clone()
	if a.WillWake(b.Borrow()) || !a.WillWake(c.Borrow()) || !a.Borrow().WillWake(c.Borrow()) {
		t.Error("boxed apart, and the same; or a clone that is not")
	}
	a.Drop()
	if s.drops != 0 {
		t.Errorf("dropped %d times, with a clone left", s.drops)
	}
	b.Drop()
	if s.drops != 1 {
		t.Errorf("dropped %d times, of two boxes one", s.drops)
	}
	c.Wake()
	if s.drops != 1 || s.wakes != 1 || s.clones != 0 {
		t.Errorf("the last was woken by value: %d drops, %d wakes, %d clones", s.drops, s.wakes, s.clones)
	}
}

// A waker of another kind that is taken apart has the table of all wakers. Its
// own table sees no Clone, one end, and Wake only if that is it.
func TestRawForeignWaker(t *testing.T) {
	s := spy{vtable: &spyVTable}
	check := func(clones, wakes, byRefs, drops int) {
		t.Helper()
		if s.clones != clones || s.wakes != wakes || s.byRefs != byRefs || s.drops != drops {
			t.Errorf("%d clones, %d wakes, %d by reference, %d drops; want %d, %d, %d, %d",
				s.clones, s.wakes, s.byRefs, s.drops, clones, wakes, byRefs, drops)
		}
	}
	foreign := RawWaker{unsafe.Pointer(&s), &spyVTable}
	w := WakerFromRaw(foreign)
	raw := w.IntoRaw()
	if raw.VTable != taskWakerVTable || raw == foreign || !w.IsZero() {
		t.Errorf("taken apart: %v, of %v", raw, foreign)
	}
	second := raw.VTable.Clone(raw.Data)
	third := WakerFromRaw(raw.VTable.Clone(raw.Data))
	if second != raw || third.Borrow().Raw() != raw {
		t.Errorf("the clone is %v, of %v", second, raw)
	}
	check(0, 0, 0, 0)
	raw.VTable.WakeByRef(raw.Data)
	third.Wake() // not the last
	check(0, 0, 2, 0)
	raw.VTable.Drop(raw.Data)
	check(0, 0, 2, 0)
	second.VTable.Wake(second.Data) // the last
	check(0, 1, 2, 0)

	last := WakerFromRaw(foreign)
	last.WakeByRef()
	last.Drop()
	check(0, 1, 3, 1)
}

// The last waker but one is woken by reference, the last by value.
func TestForeignWakeOfTwo(t *testing.T) {
	var s spy
	w := WakerFromRaw(RawWaker{unsafe.Pointer(&s), &spyVTable})
	second := w.Clone()
	w.Wake()
	if s.byRefs != 1 || s.wakes != 0 || s.drops != 0 {
		t.Errorf("the first of two: %d by reference, %d by value, %d drops", s.byRefs, s.wakes, s.drops)
	}
	second.Wake()
	if s.byRefs != 1 || s.wakes != 1 || s.drops != 0 || s.clones != 0 {
		t.Errorf("the last: %d by reference, %d by value, %d drops", s.byRefs, s.wakes, s.drops)
	}
}

// A send that would block is left out, whatever the channel's capacity.
func TestChanWakerDoesNotBlock(t *testing.T) {
	ch := make(chan struct{})
	w := ChanWaker(ch)
	w.WakeByRef() // nobody receives
	got := make(chan struct{})
	go func() { <-ch; close(got) }()
	for ctx := within(t); ; {
		w.WakeByRef()
		select {
		case <-got:
			w.Wake()
			return
		case <-ctx.Done():
			t.Fatal("it sends to no receiver")
		default:
			runtime.Gosched()
		}
	}
}

// A bridge that boxes the same words for each poll does not displace itself from
// a cell; other words do, be it the data or the functions.
func TestCellTakesBoxesForWhatTheyHold(t *testing.T) {
	var a, b spy
	other := spyVTable
	for name, c := range map[string]struct {
		raw   RawWaker
		wakes int
	}{
		"the same":        {RawWaker{unsafe.Pointer(&a), &spyVTable}, 0},
		"other data":      {RawWaker{unsafe.Pointer(&b), &spyVTable}, 1},
		"other functions": {RawWaker{unsafe.Pointer(&a), &other}, 1},
	} {
		a, b = spy{}, spy{}
		var cell WakerCell
		w, v := WakerFromRaw(RawWaker{unsafe.Pointer(&a), &spyVTable}), WakerFromRaw(c.raw)
		cell.Register(w.Borrow())
		w.Drop()
		cell.Register(v.Borrow())
		if a.wakes != c.wakes || b.wakes != 0 {
			t.Errorf("%s: the first was woken %d times, the second %d", name, a.wakes, b.wakes)
		}
		v.Drop()
		cell.Close()
		if got, want := a.wakes+a.drops+b.wakes+b.drops, 2; got != want {
			t.Errorf("%s: %d of %d wakers ended", name, got, want)
		}
	}
}
