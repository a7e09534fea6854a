package rouse

import (
	"context"
	"errors"
	"slices"
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

// That of a task of level 1 pins it, which its Release sees.
func TestAbortHandleOfAHeader(t *testing.T) {
	var l loop
	pinned := false
	v := actorVtable(func(o *Ops[actor]) { o.Release = func(a *actor) { pinned = a.Snapshot().Pinned(); a.l.release() } })
	a := l.newActor(v, pending)
	h := a.AbortHandle()
	if h.ID() != a.ID() || h.IsFinished() || !h.Abort() || h.Abort() {
		t.Error("it is not the task's, or aborts it twice")
	}
	a.Disown()
	l.run()
	if !h.IsFinished() || h.Abort() || !pinned || l.released != 1 {
		t.Errorf("finished %v, pinned %v, releases %d", h.IsFinished(), pinned, l.released)
	}
	if !slices.Equal(a.causes, []Cause{CauseAborted}) {
		t.Errorf("causes %v", a.causes)
	}
	b := l.newActor(actors, pending)
	b.Header.Close()
	b.Disown()
	mustPanic(t, func() { b.AbortHandle() }, "Header.AbortHandle", "nothing refers to the task")
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

// Move hands a handle on: the variable is zero, the task is as it was.
func TestJoinHandleMove(t *testing.T) {
	var l loop
	var w spy
	j := Spawn[output](&l, l.ready(3))
	id := j.ID()
	j.Poll(w.cx())
	before := l.last.Snapshot()
	m := j.Move()
	if !j.IsZero() || m.IsZero() || m.ID() != id || l.last.Snapshot() != before {
		t.Errorf("zero: %v and %v, state %v", j.IsZero(), m.IsZero(), l.last.Snapshot())
	}
	mustPanic(t, func() { j.TryJoin() }, "rouse: JoinHandle.TryJoin: ", "consumed before")
	if z := j.Move(); !z.IsZero() {
		t.Error("what a zero handle moves is not zero")
	}
	l.run()
	if v, err := join(t, &m); v.v != 3 || err != nil || w.byRefs != 1 || w.live() != 0 {
		t.Errorf("%v, %v, woken %d times, %d wakers left", v.v, err, w.byRefs, w.live())
	}
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, detachedDone)
}

// The goroutine that has a JoinHandle ends by a Goexit, in a Poll or a Join: the
// next that has it goes on where it was.
func TestHandleAfterGoexit(t *testing.T) {
	for name, dies := range map[string]func(j *JoinHandle[output]){
		"Poll": func(j *JoinHandle[output]) {
			j.Poll((&spy{onEnd: exits}).cx())
			j.Poll((&spy{}).cx()) // drops the first waker, which exits
		},
		"Join": func(j *JoinHandle[output]) { j.Join(exitingContext{context.Background(), new(int)}) },
	} {
		var l loop
		j := Spawn[output](&l, l.ready(3))
		if e := ends(func() { dies(&j) }); !e.exit {
			t.Fatalf("%s ended by %v", name, e)
		}
		if j.IsZero() {
			t.Fatalf("%s: the handle is gone", name)
		}
		var w spy
		if _, ready := j.Poll(w.cx()); ready {
			t.Errorf("%s: ready before it ran", name)
		}
		l.run()
		if v, err := j.Join(context.Background()); err != nil || v.v != 3 || w.byRefs != 1 {
			t.Errorf("%s: joined %v, %v; woken %d times", name, v.v, err, w.byRefs)
		}
		if l.released != 1 {
			t.Errorf("%s: %+v", name, l.counts)
		}
	}
}

// An exitingContext ends the goroutine that sleeps on it.
type exitingContext struct {
	context.Context
	looks *int
}

func (exitingContext) Done() <-chan struct{} { exits(); return nil }

// Err is what the explorer's build looks at while it sleeps.
func (c exitingContext) Err() error {
	if *c.looks++; *c.looks > 1 {
		exits()
	}
	return nil
}

// A handle that was copied, and whose original was given up, is refused before it
// harms the task.
func TestPollOfACopiedHandle(t *testing.T) {
	var l loop
	var w spy
	var again JoinHandle[output]
	j := Spawn[output](&l, l.ready(1))
	again.c = j.c
	a := j.AbortHandle() // the memory stays
	j.Detach()
	mustPanic(t, func() { again.Poll(w.cx()) }, "rouse: JoinHandle.Poll: the JoinHandle was consumed before")
	if a.h.Snapshot().JoinWaker() {
		t.Errorf("a join waker without a handle: %v", a.h.Snapshot())
	}
}

// The same where the task has ended: the outcome is taken once.
func TestTryJoinOfACopiedHandle(t *testing.T) {
	var l loop
	var again JoinHandle[output]
	j := Spawn[output](&l, l.ready(1))
	again.c = j.c
	a := j.AbortHandle() // the memory stays
	l.run()
	if _, err := join(t, &j); err != nil {
		t.Fatal(err)
	}
	before := a.h.Snapshot()
	mustPanic(t, func() { again.TryJoin() }, "rouse: JoinHandle.TryJoin: the JoinHandle was consumed before")
	if n := a.h.Snapshot(); n&^flagPoisoned != before || l.released != 1 {
		t.Errorf("state %v, before %v; %+v", n, before, l.counts)
	}
}
