package rouse

import (
	"bytes"
	"context"
	"errors"
	"testing"
)

const (
	joinedDone   = "COMPLETE|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=0"
	detachedDone = "COMPLETE|UNOWNED|ORPHANABLE refs=0"
)

// join takes the outcome of a task that has ended.
func join[T any](t *testing.T, j *JoinHandle[T]) (T, *JoinError) {
	t.Helper()
	res, ready := j.TryJoin()
	if !ready {
		t.Fatalf("the handle does not resolve")
	}
	if res.Err == nil {
		return res.Value, nil
	}
	var err *JoinError
	if !errors.As(res.Err, &err) {
		t.Fatalf("%v is no JoinError", res.Err)
	}
	return res.Value, err
}

// wantCause checks how a task ended without output, and of which panic.
func wantCause(t *testing.T, err *JoinError, c Cause, value any) {
	t.Helper()
	switch {
	case err == nil:
		t.Errorf("ended with an output, want %v", c)
	case err.Cause != c || err.Value != value || err.ID == 0:
		t.Errorf("ended by %v of %v, ID %d; want %v of %v", err.Cause, err.Value, err.ID, c, value)
	case c == CausePanicked && len(err.Stack) == 0:
		t.Errorf("the panic has no stack")
	}
}

func pollsThat(l *loop, f func()) probe {
	return probe{l: l, poll: func(Context) (output, bool) { f(); return output{}, false }}
}

func explode() { panic("poll") }

func TestPanicInPollOfAJoinedTask(t *testing.T) {
	var l loop
	j := Spawn[output](&l, pollsThat(&l, explode))
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1}, joinedDone)
	_, err := join(t, &j)
	wantCause(t, err, CausePanicked, "poll")
	if !bytes.Contains(err.Stack, []byte("explode")) {
		t.Errorf("the stack does not show where:\n%s", err.Stack)
	}
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, detachedDone)
}

func TestPanicInPollOfADetachedTask(t *testing.T) {
	var l loop
	SpawnDetached[output](&l, pollsThat(&l, explode))
	e := ends(func() { l.run() })
	err, _ := e.value.(error)
	var je *JoinError
	if !errors.As(err, &je) {
		t.Fatalf("Run ended by %v, want a panic with a JoinError", e)
	}
	wantCause(t, je, CausePanicked, "poll")
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, detachedDone)
}

// The hook learns of it before the joiner, and its word decides for a detached task.
func TestPanicInPollIsReported(t *testing.T) {
	for _, handles := range []bool{false, true} {
		s := hooked{handles: handles}
		s.in = map[string]func(){"Panicked": func() {
			if s.last.Snapshot().Complete() {
				t.Error("complete before it was reported")
			}
		}}
		SpawnDetached[output](&s, pollsThat(&s.loop, explode))
		if e := ends(func() { s.run() }); (e.value == nil) != handles {
			t.Errorf("handled %v, Run ended by %v", handles, e)
		}
		j := Spawn[output](&s, pollsThat(&s.loop, explode))
		if e := ends(func() { s.run() }); e != (ended{}) {
			t.Errorf("joined, Run ended by %v", e)
		}
		_, err := join(t, &j)
		wantCause(t, err, CausePanicked, "poll")
		if len(s.panicked) != 2 || s.panicked[1] != err || len(s.terminated) != 2 || s.terminated[1] != error(err) {
			t.Errorf("reported %v and %v", s.panicked, s.terminated)
		}
	}
}

func TestGoexitInPoll(t *testing.T) {
	var l loop
	j := Spawn[output](&l, pollsThat(&l, exits))
	next := Spawn[output](&l, l.ready(2))
	first := l.last
	if e := ends(func() { l.run() }); !e.exit {
		t.Fatalf("Run ended by %v", e)
	}
	l.want(t, counts{scheduled: 2, polls: 1, futures: 1}, "NOTIFIED|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=0")
	_, err := join(t, &j)
	wantCause(t, err, CauseExited, nil)

	// The executor goes on with a new goroutine.
	if e := ends(func() { l.run() }); e != (ended{}) {
		t.Fatalf("the next run ended by %v", e)
	}
	if v, err := join(t, &next); v.v != 2 || err != nil {
		t.Errorf("the next task ended with %v, %v", v, err)
	}
	if !first.Snapshot().Dead() {
		t.Errorf("not dead: %v", first.Snapshot())
	}
}

func TestGoexitInPollOfADetachedTask(t *testing.T) {
	s := hooked{}
	SpawnDetached[output](&s, pollsThat(&s.loop, exits))
	if e := ends(func() { s.run() }); !e.exit {
		t.Fatalf("Run ended by %v", e)
	}
	s.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, detachedDone)
	if len(s.panicked) != 0 || len(s.terminated) != 1 || !errors.Is(s.terminated[0], ErrExited) {
		t.Errorf("reported %v, %v", s.panicked, s.terminated)
	}
}

// The joiner is woken though the goroutine that ran the task is ending.
func TestPanicInPollWakesTheJoiner(t *testing.T) {
	for name, f := range map[string]func(){"panic": panics("x"), "Goexit": exits} {
		var l loop
		var w spy
		j := Spawn[output](&l, pollsThat(&l, f))
		if _, ready := j.Poll(w.cx()); ready {
			t.Fatal("ready before it ran")
		}
		ends(func() { l.run() })
		if w.byRefs != 1 {
			t.Errorf("%s: woken %d times", name, w.byRefs)
		}
		if _, err := j.Join(context.Background()); err == nil || w.live() != 0 || l.released != 1 {
			t.Errorf("%s: %v, %d wakers left, %d released", name, err, w.live(), l.released)
		}
	}
}

func TestPanicInPollOfAnActor(t *testing.T) {
	for _, handle := range []bool{false, true} {
		var l loop
		a := l.newActor(actors, func(Context) bool { panic("poll") })
		a.handle = handle
		a.Wake()
		e := ends(func() { l.run() })
		if handle != (e == ended{}) {
			t.Errorf("handled %v, Run ended by %v", handle, e)
		}
		if len(a.errs) != 1 || len(a.causes) != 1 || a.causes[0] != CausePanicked {
			t.Fatalf("told of %v, cancelled by %v", a.errs, a.causes)
		}
		wantCause(t, a.errs[0], CausePanicked, "poll")
		l.want(t, counts{scheduled: 1, polls: 1, futures: 1}, "COMPLETE refs=0")
		a.Disown()
		l.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, "COMPLETE|UNOWNED refs=0")
	}
}

func TestGoexitInPollOfAnActor(t *testing.T) {
	var l loop
	a := l.newActor(actors, func(Context) bool { exits(); return false })
	a.Wake()
	if e := ends(func() { l.run() }); !e.exit {
		t.Errorf("Run ended by %v", e)
	}
	if len(a.errs) != 0 || len(a.causes) != 1 || a.causes[0] != CauseExited {
		t.Errorf("told of %v, cancelled by %v", a.errs, a.causes)
	}
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1}, "COMPLETE refs=0")
}

// The hook that is told does not return: it is told once.
func TestPanickedOfAnActorThatUnwinds(t *testing.T) {
	for how, f := range unwinds {
		var l loop
		told := 0
		v := actorVtable(func(o *Ops[actor]) {
			o.Panicked = func(*actor, *JoinError) bool { told++; f(); return true }
		})
		a := l.newActor(v, func(Context) bool { panic("poll") })
		a.Wake()
		if e := ends(func() { l.run() }); e == (ended{}) {
			t.Errorf("%s: Run returned", how)
		}
		if told != 1 {
			t.Errorf("%s: told %d times", how, told)
		}
		l.want(t, counts{scheduled: 1, polls: 1, futures: 1}, "COMPLETE refs=0")
	}
}
