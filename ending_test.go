package rouse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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

// An end is a way for a pending task to end, and who runs its destructor.
type end struct {
	name  string
	cause Cause
	when  func(l *loop, j *JoinHandle[output], w *Waker, owned *OwnedTasks) // on whose stack it runs
}

// ends of a task that was polled once and keeps its waker in w.
var pendingEnds = []end{
	{"ready", CauseNone, func(l *loop, _ *JoinHandle[output], w *Waker, _ *OwnedTasks) { w.Wake(); l.run() }},
	{"abort", CauseAborted, func(l *loop, j *JoinHandle[output], _ *Waker, _ *OwnedTasks) { j.Abort(); l.run() }},
	{"orphan", CauseOrphaned, func(l *loop, _ *JoinHandle[output], w *Waker, _ *OwnedTasks) { w.Drop(); l.run() }},
	{"closed scheduler", CauseDropped, func(l *loop, _ *JoinHandle[output], w *Waker, _ *OwnedTasks) { l.close(); w.Wake() }},
	{"queue dropped", CauseDropped, func(l *loop, _ *JoinHandle[output], w *Waker, _ *OwnedTasks) { w.Wake(); l.close() }},
	{"shutdown", CauseShutdown, func(_ *loop, _ *JoinHandle[output], _ *Waker, o *OwnedTasks) { o.CloseAndShutdownAll() }},
	{"shutdown queued", CauseShutdown, func(l *loop, _ *JoinHandle[output], w *Waker, o *OwnedTasks) {
		w.Wake()
		o.CloseAndShutdownAll()
		l.run()
	}},
}

// at spawns a task whose future's destructor does f, polls it once, and ends it.
func (e end) at(t *testing.T, l *loop, f func()) (j JoinHandle[output], how ended) {
	var w Waker
	var owned OwnedTasks
	fut := l.keeping(&w, 2)
	fut.drop = f
	j = SpawnWith[output](l, fut, Options{Owned: &owned})
	l.run()
	if l.polls != 1 || l.futures != 0 || w.IsZero() {
		t.Fatalf("%s: not pending", e.name)
	}
	how = ends(func() { e.when(l, &j, &w, &owned) })
	if !w.IsZero() {
		w.Drop()
	}
	if owned.Len() != 0 {
		t.Errorf("%s: it did not leave the list", e.name)
	}
	return
}

func (e end) polls() int {
	if e.cause == CauseNone {
		return 2
	}
	return 1
}

// A panic in the destructor is how a joined task ends, whatever ended it
// before; an output that was ready is destroyed.
func TestPanicInDestructor(t *testing.T) {
	for _, e := range pendingEnds {
		t.Run(e.name, func(t *testing.T) {
			var l loop
			j, how := e.at(t, &l, panics("drop"))
			if how != (ended{}) {
				t.Errorf("the panic went on: %v", how)
			}
			_, err := join(t, &j)
			wantCause(t, err, CausePanicked, "drop")
			if l.polls != e.polls() || l.futures != 1 || l.outputs != e.polls()-1 || l.released != 1 {
				t.Errorf("%+v", l.counts)
			}
		})
	}
}

func TestGoexitInDestructor(t *testing.T) {
	for _, e := range pendingEnds {
		t.Run(e.name, func(t *testing.T) {
			var l loop
			j, how := e.at(t, &l, exits)
			if !how.exit {
				t.Errorf("ended by %v", how)
			}
			_, err := join(t, &j)
			wantCause(t, err, CauseExited, nil)
			if l.futures != 1 || l.outputs != e.polls()-1 || l.released != 1 {
				t.Errorf("%+v", l.counts)
			}
		})
	}
}

// Without a panic, the same ends have their own causes.
func TestDestructorRunsOnce(t *testing.T) {
	for _, e := range pendingEnds {
		t.Run(e.name, func(t *testing.T) {
			var l loop
			j, how := e.at(t, &l, nil)
			v, err := join(t, &j)
			if e.cause == CauseNone {
				if err != nil || v.v != 2 {
					t.Errorf("ended with %v, %v", v, err)
				}
			} else {
				wantCause(t, err, e.cause, nil)
			}
			if how != (ended{}) || l.futures != 1 || l.outputs != 0 || l.released != 1 {
				t.Errorf("%v, %+v", how, l.counts)
			}
		})
	}
}

// A detached task's panic comes out of whatever call ended it.
func TestPanicInDestructorOfADetachedTask(t *testing.T) {
	for _, e := range pendingEnds {
		if e.name == "abort" {
			continue // which needs the handle
		}
		t.Run(e.name, func(t *testing.T) {
			var l loop
			detached := e
			detached.when = func(l *loop, j *JoinHandle[output], w *Waker, o *OwnedTasks) {
				j.Detach()
				e.when(l, nil, w, o)
			}
			_, how := detached.at(t, &l, panics("drop"))
			err, _ := how.value.(error)
			if !errors.Is(err, ErrPanicked) {
				t.Errorf("ended by %v", how)
			}
			if l.futures != 1 || l.outputs != e.polls()-1 || l.released != 1 {
				t.Errorf("%+v", l.counts)
			}
		})
	}
}

// Nobody takes the output: it is destroyed, once, by the runner.
func TestPanicInDestructorOfAnUnwantedOutput(t *testing.T) {
	for how, f := range unwinds {
		var l loop
		SpawnDetached[output](&l, probe{l: &l, poll: func(Context) (output, bool) { return output{l: &l, drop: f}, true }})
		wantUnwound(t, how, ends(func() { l.run() }))
		l.want(t, counts{scheduled: 1, polls: 1, futures: 1, outputs: 1, released: 1}, detachedDone)
	}
}

// Two panics: the first is the outcome, the second goes on to the caller of Run.
func TestPanicInPollAndInDestructor(t *testing.T) {
	both := map[string][2]func(){
		"panic, panic":   {panics("poll"), panics("drop")},
		"panic, Goexit":  {panics("poll"), exits},
		"Goexit, panic":  {exits, panics("drop")},
		"Goexit, Goexit": {exits, exits},
	}
	for name, f := range both {
		t.Run(name, func(t *testing.T) {
			var l loop
			fut := pollsThat(&l, f[0])
			fut.drop = f[1]
			j := Spawn[output](&l, fut)
			how := ends(func() { l.run() })
			_, err := join(t, &j)
			want := CausePanicked
			var value any = "poll"
			if name[0] == 'G' {
				want, value = CauseExited, nil
			}
			wantCause(t, err, want, value)
			if second := fmt.Sprint(how.value); (second == "drop") != (name[len(name)-1] == 'c') {
				t.Errorf("Run ended by %v", how)
			}
			l.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, detachedDone)
		})
	}
}

// The future's destructor and then the output's: the first is the outcome.
func TestPanicInBothDestructors(t *testing.T) {
	var l loop
	fut := probe{l: &l, drop: panics("future"), poll: func(Context) (output, bool) {
		return output{l: &l, drop: panics("output")}, true
	}}
	j := Spawn[output](&l, fut)
	if how := ends(func() { l.run() }); fmt.Sprint(how.value) != "output" {
		t.Errorf("Run ended by %v", how)
	}
	_, err := join(t, &j)
	wantCause(t, err, CausePanicked, "future")
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1, outputs: 1, released: 1}, detachedDone)
}

func TestPanicInCancelOfAnActor(t *testing.T) {
	for name, f := range map[string]func(){"panic": panics("cancel"), "Goexit": exits} {
		for _, handle := range []bool{false, true} {
			var l loop
			a := l.newActor(actors, pending)
			a.handle, a.cancel = handle, func(Cause) { f() }
			how := ends(func() { a.Close() })
			l.want(t, counts{futures: 1}, "COMPLETE|CANCELLED(closed) refs=0")
			switch {
			case name == "Goexit" && (!how.exit || len(a.errs) != 0):
				t.Errorf("Close ended by %v, told of %v", how, a.errs)
			case name == "panic" && ((how == ended{}) != handle || len(a.errs) != 1):
				t.Errorf("handled %v, Close ended by %v, told of %v", handle, how, a.errs)
			}
		}
	}
}
