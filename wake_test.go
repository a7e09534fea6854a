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

// A Notified that is dropped ends the task, with a cause of its own.
func TestNotifiedDropped(t *testing.T) {
	for _, polled := range []int{0, 1} {
		var l loop
		var w Waker
		j := Spawn[output](&l, l.never(&w))
		if polled == 1 {
			l.run()
			w.Wake()
		}
		n, _ := l.q.Pop()
		n.Drop()
		l.want(t, counts{scheduled: 1 + polled, polls: polled, futures: 1}, joinedDone)
		_, err := join(t, &j)
		wantCause(t, err, CauseDropped, nil)
		if l.released != 1 {
			t.Error("not released")
		}
	}
	// An abort that was recorded before is the cause.
	var l loop
	j := Spawn[output](&l, l.ready(1))
	j.Abort()
	l.close()
	_, err := join(t, &j)
	wantCause(t, err, CauseAborted, nil)
}

// A scheduler that closed is told of what still comes, and refuses it.
func TestSpawnOnAClosedScheduler(t *testing.T) {
	l := loop{closed: true}
	j := Spawn[output](&l, l.ready(1))
	l.want(t, counts{scheduled: 1, futures: 1}, joinedDone)
	_, err := join(t, &j)
	wantCause(t, err, CauseDropped, nil)
	SpawnDetached[output](&l, l.ready(1))
	l.want(t, counts{scheduled: 2, futures: 2, released: 2}, detachedDone)
}
