package rouse

import "testing"

// The three wakes of an idle task: by value, by reference, by its header.
func TestWake(t *testing.T) {
	wakes := map[string]func(l *loop, w *Waker){
		"by value":             func(_ *loop, w *Waker) { w.Wake() },
		"by reference":         func(_ *loop, w *Waker) { w.WakeByRef(); w.Drop() },
		"borrowed":             func(_ *loop, w *Waker) { w.Borrow().WakeByRef(); w.Drop() },
		"by the header":        func(l *loop, w *Waker) { l.last.Header().Wake(); w.Drop() },
		"by value, twice":      func(_ *loop, w *Waker) { v := w.Clone(); w.Wake(); v.Wake() },
		"by reference, twice":  func(_ *loop, w *Waker) { w.WakeByRef(); w.WakeByRef(); w.Drop() },
		"by value, after drop": func(_ *loop, w *Waker) { v := w.Clone(); w.Drop(); v.Wake() },
	}
	for name, wake := range wakes {
		t.Run(name, func(t *testing.T) {
			var l loop
			var w Waker
			j := Spawn[output](&l, l.keeping(&w, 2))
			l.run()
			l.want(t, counts{scheduled: 1, polls: 1}, "IDLE|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=1")
			wake(&l, &w)
			l.want(t, counts{scheduled: 2, polls: 1}, "NOTIFIED|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=0")
			if l.why[1] != Woken {
				t.Errorf("submitted as %v", l.why[1])
			}
			if runs := l.run(); runs != 1 {
				t.Errorf("%d runs", runs)
			}
			l.want(t, counts{scheduled: 2, polls: 2, futures: 1}, joinedDone)
			if v, err := join(t, &j); err != nil || v.v != 2 {
				t.Error(v, err)
			}
		})
	}
}

// A task that is queued already is not queued again.
func TestWakeWhileNotified(t *testing.T) {
	var l loop
	var w Waker
	j := Spawn[output](&l, l.keeping(&w, 2))
	l.run()
	v := w.Clone()
	w.WakeByRef()
	w.Wake()
	v.WakeByRef()
	l.want(t, counts{scheduled: 2, polls: 1}, "NOTIFIED|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=1")
	if runs := l.run(); runs != 1 {
		t.Errorf("%d runs", runs)
	}
	v.Drop()
	j.Detach()
	l.want(t, counts{scheduled: 2, polls: 2, futures: 1, outputs: 1, released: 1}, detachedDone)
}

// A task that runs is not queued: its runner hands it to Yield, once.
func TestWakeWhileRunning(t *testing.T) {
	var l loop
	var kept Waker
	j := Spawn[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
		if l.polls == 1 {
			kept = cx.Waker().Clone()
			w := cx.Waker().Clone()
			kept.WakeByRef()
			w.Wake()
			l.last.Header().Wake()
			if l.scheduled != 1 || l.yields != 0 {
				t.Errorf("%+v", l.counts)
			}
			return output{}, false
		}
		return output{l: &l}, true
	}})
	if runs := l.run(); runs != 2 {
		t.Errorf("%d runs", runs)
	}
	l.want(t, counts{scheduled: 1, yields: 1, polls: 2, futures: 1}, "COMPLETE|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=1")
	j.Detach()
	kept.Drop()
	l.want(t, counts{scheduled: 1, yields: 1, polls: 2, futures: 1, outputs: 1, released: 1}, detachedDone)
}

// A wake that comes while the last poll runs is lost with it.
func TestWakeWhileItsLastPollRuns(t *testing.T) {
	var l loop
	SpawnDetached[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
		cx.Waker().WakeByRef()
		return output{l: &l}, true
	}})
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1, outputs: 1, released: 1}, "COMPLETE|NOTIFIED|UNOWNED|ORPHANABLE refs=0")
}

// A complete task is not scheduled any more; its last waker releases it.
func TestCompleteThenWake(t *testing.T) {
	ends := map[string]func(w *Waker){"wake": (*Waker).Wake, "drop": (*Waker).Drop}
	for name, end := range ends {
		for _, detachFirst := range []bool{true, false} {
			var l loop
			var w Waker
			j := Spawn[output](&l, l.keeping(&w, 2))
			l.run()
			w.WakeByRef()
			l.run()
			l.want(t, counts{scheduled: 2, polls: 2, futures: 1}, "COMPLETE|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=1")
			w.WakeByRef()
			second := w.Clone()
			second.Wake()
			l.want(t, counts{scheduled: 2, polls: 2, futures: 1}, "COMPLETE|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=1")
			if detachFirst {
				j.Detach()
				l.want(t, counts{scheduled: 2, polls: 2, futures: 1, outputs: 1}, "COMPLETE|UNOWNED|ORPHANABLE refs=1")
				end(&w)
			} else {
				end(&w)
				l.want(t, counts{scheduled: 2, polls: 2, futures: 1}, joinedDone)
				j.Detach()
			}
			l.want(t, counts{scheduled: 2, polls: 2, futures: 1, outputs: 1, released: 1}, detachedDone)
			if runs := l.run(); runs != 0 {
				t.Errorf("%s: %d runs of a complete task", name, runs)
			}
		}
	}
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
	if a.live() != 1 || !w.WillWake(a.ref()) {
		t.Errorf("%d clones", a.live())
	}
	w.CloneFrom(a.ref())
	w.CloneFrom(w.Borrow())
	if a.live() != 1 || a.drops != 0 {
		t.Errorf("the same waker: %d clones, %d drops", a.live(), a.drops)
	}
	a.onEnd = func() {
		if !w.WillWake(b.ref()) {
			t.Error("dropped before it was replaced")
		}
	}
	w.CloneFrom(b.ref())
	if a.drops != 1 || b.live() != 1 {
		t.Errorf("%d drops, %d clones", a.drops, b.live())
	}
	w.Drop()
	if a.live() != 0 || b.live() != 0 {
		t.Errorf("%d and %d left", a.live(), b.live())
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

func TestZeroWakerRef(t *testing.T) {
	var r WakerRef
	if task, ok := r.Task(); ok || task != (RawTask{}) || !r.IsZero() || r.WillWake(WakerRef{}) {
		t.Errorf("the zero WakerRef wakes %v", task)
	}
}
