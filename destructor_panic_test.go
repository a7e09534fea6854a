package rouse

import (
	"errors"
	"fmt"
	"testing"
)

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
