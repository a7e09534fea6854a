package rouse

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unsafe"
)

// Register, then Wake: the task is woken, once, and the cell is empty.
func TestCellRegisterThenWake(t *testing.T) {
	var l loop
	var cell WakerCell
	j := Spawn[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
		if l.polls < 3 {
			if !cell.Register(cx.Waker()) || !cell.Register(cx.Waker()) {
				t.Error("closed")
			}
		}
		return output{l: &l}, l.polls == 3
	}})
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1}, "IDLE|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=1")
	cell.Wake()
	l.want(t, counts{scheduled: 2, polls: 1}, "NOTIFIED|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=0")
	cell.Wake()
	l.run()
	l.want(t, counts{scheduled: 2, polls: 2}, "IDLE|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=1")
	cell.Wake()
	l.run()
	l.want(t, counts{scheduled: 3, polls: 3, futures: 1}, joinedDone)
	j.Detach()
}

// A spurious poll registers the same task again: nothing is counted twice.
func TestCellRegisterTwice(t *testing.T) {
	var l loop
	var cell WakerCell
	a := l.newActor(actors, func(cx Context) bool { cell.Register(cx.Waker()); return false })
	for range 3 {
		a.Wake()
		l.run()
	}
	l.want(t, counts{scheduled: 3, polls: 3}, "IDLE refs=1")
	w, ok := cell.Take()
	if !ok || !w.WillWake(a.WakerRef()) {
		t.Error("another waker")
	}
	if _, ok := cell.Take(); ok {
		t.Error("taken twice")
	}
	l.want(t, counts{scheduled: 3, polls: 3}, "IDLE refs=1")
	w.Drop()
	l.want(t, counts{scheduled: 3, polls: 3}, "IDLE refs=0")
}

// Another task that registers displaces the first, and wakes it.
func TestCellDisplacedTaskIsWoken(t *testing.T) {
	var l loop
	var cell WakerCell
	a, b := l.newActor(actors, pending), l.newActor(orphanActors, pending)
	cell.Register(a.WakerRef())
	cell.Register(b.WakerRef())
	if l.scheduled != 1 || a.Snapshot().String() != "NOTIFIED refs=0" {
		t.Errorf("%+v, %v", l.counts, a.Snapshot())
	}
	if got := b.Snapshot().String(); got != "IDLE refs=1" {
		t.Error(got)
	}
	l.run()
	cell.Wake()
	if l.scheduled != 2 {
		t.Errorf("%+v", l.counts)
	}
}

// A closed cell wakes who waits, and refuses all others.
func TestCellClose(t *testing.T) {
	var l loop
	var cell WakerCell
	var s spy
	a := l.newActor(actors, pending)
	cell.Register(a.WakerRef())
	cell.Close()
	l.want(t, counts{scheduled: 1}, "NOTIFIED refs=0")
	if cell.Register(a.WakerRef()) || cell.Register(s.ref()) {
		t.Error("registered")
	}
	if _, ok := cell.Take(); ok {
		t.Error("taken")
	}
	cell.Wake()
	cell.Close()
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1}, "IDLE refs=0")
	if s.live() != 0 || s.wakes != 0 {
		t.Errorf("%d left", s.live())
	}
	var empty WakerCell
	empty.Close()
	if empty.Register(a.WakerRef()) {
		t.Error("registered")
	}
}

// Wakers that are no task's: each is woken or dropped, once.
func TestCellForeignWakers(t *testing.T) {
	var cell WakerCell
	var a, b spy
	cell.Register(a.ref())
	cell.Wake()
	if a.wakes != 1 || a.live() != 0 {
		t.Errorf("woken %d times, %d left", a.wakes, a.live())
	}
	cell.Register(a.ref())
	cell.Register(b.ref())
	if a.wakes != 2 || b.wakes != 0 || a.live() != 0 || b.live() != 1 {
		t.Errorf("woken %d and %d times", a.wakes, b.wakes)
	}
	w, ok := cell.Take()
	if !ok || !w.WillWake(b.ref()) {
		t.Error("another waker")
	}
	w.Drop()
	for range 3 { // polls that nothing has come of
		cell.Register(b.ref())
	}
	if b.wakes != 0 || b.live() != 1 {
		t.Errorf("displaced by itself: woken %d times, %d left", b.wakes, b.live())
	}
	cell.Close()
	if b.wakes != 1 || b.live() != 0 {
		t.Errorf("woken %d times, %d left", b.wakes, b.live())
	}
}

func TestCellUncountedTask(t *testing.T) {
	var l loop
	var cell WakerCell
	a := l.newActor(uncountedActors, pending)
	cell.Register(a.WakerRef())
	if !debugging && unsafe.Pointer(cell.waiting.Load()) != a.waker() {
		t.Error("an uncounted waker of a task is kept as one of another kind")
	}
	cell.Register(a.WakerRef())
	w, ok := cell.Take()
	if !ok || !w.WillWake(a.WakerRef()) {
		t.Error("another waker")
	}
	w.Drop()
	cell.Register(a.WakerRef())
	cell.Wake()
	l.want(t, counts{scheduled: 1}, "NOTIFIED refs=1")
}

// The last waker of an orphanable task is the one in the cell.
func TestCellHoldsTheLastWaker(t *testing.T) {
	var l loop
	var cell WakerCell
	j := Spawn[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
		cell.Register(cx.Waker())
		return output{}, false
	}})
	l.run()
	w, _ := cell.Take()
	w.Drop()
	l.run()
	_, err := join(t, &j)
	wantCause(t, err, CauseOrphaned, nil)
}

// Two tasks that both insist on one cell keep each other awake, and lose no event;
// the debug build tells of it.
func TestTwoTasksAtOneCell(t *testing.T) {
	for _, tasks := range []int{2, 3} {
		var q RunQueue
		var cell WakerCell
		happened := false
		wait := FutureFunc[int](func(cx Context) (int, bool) {
			cell.Register(cx.Waker())
			return 1, happened
		})
		js := make([]JoinHandle[int], tasks)
		for i := range js {
			js[i] = Spawn[int](&q, wait)
		}
		runs := 0
		for ; runs < 1000 && q.RunOne(); runs++ {
		}
		if !debugging {
			if runs != 1000 {
				t.Errorf("%d tasks came to rest after %d runs", tasks, runs)
			}
			happened = true
			cell.Wake()
			for q.RunOne() {
			}
		}
		told := 0
		for i := range js {
			res, ready := js[i].TryJoin()
			switch {
			case debugging && ready:
				var err *JoinError
				if !errors.As(res.Err, &err) || !strings.Contains(fmt.Sprint(err.Value), "WakerCell.Register") || !strings.Contains(fmt.Sprint(err.Value), "use a WaitQueue") {
					t.Errorf("ended by %v", res.Err)
				}
				told++
			case debugging:
				js[i].Abort()
			case !ready || res.Value != 1:
				t.Errorf("%v %v", ready, res)
			}
		}
		if debugging && (told != tasks-1 || runs >= 1000) {
			t.Errorf("%d of %d tasks are told of it, after %d runs", told, tasks, runs)
		}
		cell.Close()
		q.Close()
	}
}

// Tasks that hand a cell on, though the waker of the former is still in it, and
// tasks that take turns with events in between, are none of these.
func TestCellIsHandedOn(t *testing.T) {
	const turns = 100
	for name, step := range map[string]func(cell *WakerCell, cx Context, mine bool){
		"without events": func(cell *WakerCell, cx Context, mine bool) {
			if mine {
				cell.Register(cx.Waker())
			}
		},
		"with events": func(cell *WakerCell, cx Context, mine bool) {
			cell.Register(cx.Waker())
			cell.Wake()
		},
	} {
		var q RunQueue
		var cell WakerCell
		var ws [2]Waker
		turn := 0
		for i := range ws {
			SpawnDetached[int](&q, FutureFunc[int](func(cx Context) (int, bool) {
				ws[i].CloneFrom(cx.Waker())
				if turn < turns {
					step(&cell, cx, turn%2 == i)
				}
				return 0, turn >= turns
			}))
		}
		for turn < turns {
			for range 10 { // all that displacement wakes is polled, and does not register
				q.RunOne()
			}
			turn++
			ws[turn%2].WakeByRef() // whose turn it is
			q.RunOne()
		}
		cell.Close()
		for i := range ws {
			ws[i].Wake()
		}
		for range 100 {
			q.RunOne()
		}
		if n := q.RunOne(); n {
			t.Errorf("%s: not at rest", name)
		}
	}
}
