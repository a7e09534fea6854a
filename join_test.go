package rouse

import (
	"context"
	"errors"
	"testing"
	"time"
)

// Poll registers, keeps the same waker at no cost, and drops the one that
// another displaces.
func TestJoinPollRegisters(t *testing.T) {
	var l loop
	var first, second spy
	j := Spawn[output](&l, l.ready(1))
	for range 3 {
		if _, ready := j.Poll(first.cx()); ready {
			t.Fatal("ready before it ran")
		}
	}
	if first.live() != 1 || first.drops != 0 {
		t.Errorf("the same waker: %d clones, %d drops", first.live(), first.drops)
	}
	j.Poll(second.cx())
	if first.live() != 0 || second.live() != 1 {
		t.Errorf("displaced: %d left; %d clones of the next", first.live(), second.live())
	}
	if n := l.last.Snapshot(); !n.JoinWaker() {
		t.Errorf("state %v", n)
	}
	l.run()
	if first.byRefs != 0 || second.byRefs != 1 || second.live() != 1 {
		t.Errorf("woken %d and %d times, %d left", first.byRefs, second.byRefs, second.live())
	}
	res, ready := j.Poll(first.cx())
	if !ready || res.Err != nil || res.Value.v != 1 || !j.IsZero() {
		t.Errorf("%v, %v", res, ready)
	}
	if second.live() != 0 {
		t.Errorf("a ready poll: %d clones, %d left", first.live(), second.live())
	}
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, detachedDone)
}

// The joiner is woken by reference, once the outcome can be taken, and before
// the task is gone from its scheduler.
func TestJoinerIsWokenByReference(t *testing.T) {
	var l loop
	var j JoinHandle[output]
	var w spy
	w.onRef = func() {
		n := l.last.Snapshot()
		if !n.Complete() || !n.Running() || l.futures != 1 {
			t.Errorf("woken in state %v, %d futures destroyed", n, l.futures)
		}
		if res, ready := j.TryJoin(); !ready || res.Value.v != 4 {
			t.Errorf("joined %v, %v", res, ready)
		}
	}
	j = Spawn[output](&l, l.ready(4))
	j.Poll(w.cx())
	l.run()
	if w.byRefs != 1 || w.wakes != 0 || w.live() != 0 {
		t.Errorf("woken %d times by reference, %d by value, %d left", w.byRefs, w.wakes, w.live())
	}
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, detachedDone)
}

func TestTryJoin(t *testing.T) {
	var l loop
	var w spy
	j := Spawn[output](&l, l.ready(1))
	if _, ready := j.TryJoin(); ready || j.IsZero() || j.IsFinished() {
		t.Error("ready before it ran")
	}
	j.Poll(w.cx())
	if _, ready := j.TryJoin(); ready || w.live() != 1 {
		t.Error("it touched the registered waker")
	}
	l.run()
	if !j.IsFinished() {
		t.Error("not finished")
	}
	if v, err := join(t, &j); v.v != 1 || err != nil || w.live() != 0 {
		t.Errorf("%v, %v, %d wakers left", v, err, w.live())
	}
}

// Detach at each stage: the output is destroyed by whoever has it.
func TestDetach(t *testing.T) {
	stages := map[string]func(l *loop, j *JoinHandle[output], w *Waker, s *spy){
		"notified":   func(*loop, *JoinHandle[output], *Waker, *spy) {},
		"registered": func(_ *loop, j *JoinHandle[output], _ *Waker, s *spy) { j.Poll(s.cx()) },
		"pending":    func(l *loop, j *JoinHandle[output], _ *Waker, s *spy) { j.Poll(s.cx()); l.run() },
		"woken":      func(l *loop, _ *JoinHandle[output], w *Waker, _ *spy) { l.run(); w.WakeByRef() },
		"complete":   func(l *loop, _ *JoinHandle[output], w *Waker, _ *spy) { l.run(); w.WakeByRef(); l.run() },
		"joiner woken": func(l *loop, j *JoinHandle[output], w *Waker, s *spy) {
			j.Poll(s.cx())
			l.run()
			w.WakeByRef()
			l.run()
		},
	}
	for name, stage := range stages {
		t.Run(name, func(t *testing.T) {
			var l loop
			var w Waker
			var s spy
			j := Spawn[output](&l, l.keeping(&w, 2))
			stage(&l, &j, &w, &s)
			done := l.last.Snapshot().Complete()
			j.Detach()
			if !j.IsZero() || s.live() != 0 || l.outputs != btoi(done) {
				t.Errorf("%d wakers left, %+v", s.live(), l.counts)
			}
			l.run()
			if !done {
				w.WakeByRef()
				l.run()
			}
			w.Drop()
			if l.polls != 2 || l.futures != 1 || l.outputs != 1 || l.released != 1 || s.byRefs > 1 {
				t.Errorf("%+v, joiner woken %d times", l.counts, s.byRefs)
			}
		})
	}
}

// A Join that was given up leaves the handle as it was.
func TestJoinContext(t *testing.T) {
	var l loop
	j := Spawn[output](&l, l.ready(5))
	cause := errors.New("cause")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	for range 2 {
		if _, err := j.Join(ctx); err != cause || j.IsZero() {
			t.Errorf("%v, consumed %v", err, j.IsZero())
		}
	}
	var w spy
	j.Poll(w.cx())
	l.run()
	if w.byRefs != 1 {
		t.Errorf("woken %d times", w.byRefs)
	}
	if v, err := j.Join(ctx); err != nil || v.v != 5 || !j.IsZero() {
		t.Errorf("an outcome that is there: %v, %v", v, err)
	}
}

// Join blocks until another goroutine has run the task.
func TestJoinBlocks(t *testing.T) {
	var l loop
	var w Waker
	j := Spawn[output](&l, l.keeping(&w, 2))
	l.run()
	go func() {
		w.Wake()
		l.run()
	}()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if v, err := j.Join(ctx); err != nil || v.v != 2 {
		t.Errorf("%v, %v", v, err)
	}
}

// A task joins another: *JoinHandle is a future.
func TestTaskJoinsTask(t *testing.T) {
	var l loop
	inner := Spawn[output](&l, l.ready(6))
	outer := Spawn[Result[output]](&l, &inner)
	l.run()
	v, err := join(t, &outer)
	if err != nil || v.Err != nil || v.Value.v != 6 || !inner.IsZero() {
		t.Errorf("%v, %v", v, err)
	}
	if l.counts != (counts{scheduled: 2, polls: 1, futures: 1, released: 2}) {
		t.Errorf("%+v", l.counts)
	}
	// And with the joiner first, which then waits for its waker.
	var w Waker
	inner = Spawn[output](&l, l.keeping(&w, 2))
	l.run()
	outer = Spawn[Result[output]](&l, &inner)
	l.run()
	if outer.IsFinished() {
		t.Fatal("joined what has not ended")
	}
	w.Wake()
	l.run()
	if v, err := join(t, &outer); err != nil || v.Value.v != 3 {
		t.Errorf("%v, %v", v, err)
	}
}
