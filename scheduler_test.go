package rouse

import (
	"errors"
	"fmt"
	"testing"
	"unsafe"
)

// What makes a scheduler receive a Notified of a task that keeps its waker in
// w, and how the task ends if the scheduler does not take it.
var submissions = []struct {
	name  string
	cause Cause
	do    func(l *loop, j *JoinHandle[output], w *Waker)
}{
	{"wake by ref", CauseDropped, func(_ *loop, _ *JoinHandle[output], w *Waker) { w.WakeByRef() }},
	{"wake by value", CauseDropped, func(_ *loop, _ *JoinHandle[output], w *Waker) { w.Wake() }},
	{"abort", CauseAborted, func(_ *loop, j *JoinHandle[output], _ *Waker) { j.Abort() }},
	{"last waker dropped", CauseOrphaned, func(_ *loop, _ *JoinHandle[output], w *Waker) { w.Drop() }},
}

// A Schedule that does not return has not taken the Notified: the task ends,
// and what ended Schedule goes on to who caused it.
func TestScheduleDoesNotReturn(t *testing.T) {
	for _, s := range submissions {
		for how, f := range map[string]func(){"panic": panics("schedule"), "exit": exits} {
			t.Run(s.name+", "+how, func(t *testing.T) {
				var l loop
				var w Waker
				j := Spawn[output](&l, l.never(&w))
				l.run()
				l.refuses = f
				e := ends(func() { s.do(&l, &j, &w) })
				if e.exit != (how == "exit") || !e.exit && fmt.Sprint(e.value) != "schedule" {
					t.Errorf("ended by %v", e)
				}
				if !w.IsZero() {
					w.Drop()
				}
				if l.counts != (counts{scheduled: 2, polls: 1, futures: 1}) {
					t.Errorf("%+v, %v", l.counts, l.last.Snapshot())
				}
				_, err := join(t, &j)
				wantCause(t, err, s.cause, nil)
				if l.released != 1 {
					t.Errorf("not released: %v", l.last.Snapshot())
				}
			})
		}
	}
}

func TestScheduleDoesNotReturnToSpawn(t *testing.T) {
	for how, f := range map[string]func(){"panic": panics("schedule"), "exit": exits} {
		s := hooked{loop: loop{refuses: f}}
		e := ends(func() { Spawn[output](&s, s.ready(1)) })
		if e.exit != (how == "exit") || !e.exit && fmt.Sprint(e.value) != "schedule" {
			t.Errorf("%s: Spawn ended by %v", how, e)
		}
		s.want(t, counts{scheduled: 1, futures: 1}, joinedDone)
		if len(s.terminated) != 1 || !errors.Is(s.terminated[0], ErrDropped) {
			t.Errorf("%s: terminated by %v", how, s.terminated)
		}
	}
}

func TestScheduleDoesNotReturnToSpawnDetached(t *testing.T) {
	l := loop{refuses: panics("schedule")}
	if e := ends(func() { SpawnDetached[output](&l, l.ready(1)) }); fmt.Sprint(e.value) != "schedule" {
		t.Errorf("Spawn ended by %v", e)
	}
	l.want(t, counts{scheduled: 1, futures: 1, released: 1}, detachedDone)
}

// The last run of a task that forgot its waker is submitted by the one that
// ran it.
func TestScheduleDoesNotReturnToRun(t *testing.T) {
	for how, f := range map[string]func(){"panic": panics("schedule"), "exit": exits} {
		var l loop
		j := Spawn[output](&l, pollsThat(&l, func() {}))
		l.refuses = f
		e := ends(func() { l.run() })
		if e.exit != (how == "exit") || !e.exit && fmt.Sprint(e.value) != "schedule" {
			t.Errorf("%s: Run ended by %v", how, e)
		}
		l.want(t, counts{scheduled: 2, polls: 1, futures: 1}, "COMPLETE|JOIN_INTEREST|CANCELLED(orphaned)|UNOWNED|ORPHANABLE refs=0")
		_, err := join(t, &j)
		wantCause(t, err, CauseOrphaned, nil)
	}
}

func TestYieldDoesNotReturn(t *testing.T) {
	for how, f := range map[string]func(){"panic": panics("yield"), "exit": exits} {
		var l loop
		j := Spawn[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
			cx.Waker().WakeByRef()
			return output{}, false
		}})
		l.refuses = f
		e := ends(func() { l.run() })
		if e.exit != (how == "exit") || !e.exit && fmt.Sprint(e.value) != "yield" {
			t.Errorf("%s: Run ended by %v", how, e)
		}
		l.want(t, counts{scheduled: 1, yields: 1, polls: 1, futures: 1}, joinedDone)
		_, err := join(t, &j)
		wantCause(t, err, CauseDropped, nil)
	}
}

func TestScheduleOfAnActorDoesNotReturn(t *testing.T) {
	for how, f := range map[string]func(){"panic": panics("schedule"), "exit": exits} {
		l := loop{refuses: f}
		a := l.newActor(actors, pending)
		e := ends(func() { a.Wake() })
		if e.exit != (how == "exit") || !e.exit && fmt.Sprint(e.value) != "schedule" {
			t.Errorf("%s: Wake ended by %v", how, e)
		}
		l.want(t, counts{scheduled: 1, futures: 1}, "COMPLETE refs=0")
		if a.causes[0] != CauseDropped {
			t.Errorf("%s: cancelled by %v", how, a.causes)
		}
	}
}

func TestYieldOfAnActorDoesNotReturn(t *testing.T) {
	yielding := func(v *Vtable[actor], what string, want counts) {
		for how, f := range map[string]func(){"panic": panics(what), "exit": exits} {
			var l loop
			a := l.newActor(v, func(cx Context) bool { cx.Waker().WakeByRef(); return false })
			a.Wake()
			l.refuses = f
			e := ends(func() { l.run() })
			if e.exit != (how == "exit") || !e.exit && fmt.Sprint(e.value) != what {
				t.Errorf("%s, %s: Run ended by %v", what, how, e)
			}
			l.want(t, want, "COMPLETE refs=0")
			if len(a.causes) != 1 || a.causes[0] != CauseDropped {
				t.Errorf("%s, %s: cancelled by %v", what, how, a.causes)
			}
		}
	}
	yielding(actors, "yield", counts{scheduled: 1, yields: 1, polls: 1, futures: 1})
	yielding(actorVtable(func(o *Ops[actor]) { o.Yield = nil }), "schedule", counts{scheduled: 2, polls: 1, futures: 1})
}

// Schedule panics, and so does the destructor of what it did not take: a
// joiner learns of the latter, the waker of the former.
func TestScheduleAndDestructorPanic(t *testing.T) {
	for _, joined := range []bool{true, false} {
		var l loop
		var w Waker
		fut := l.never(&w)
		fut.drop = panics("drop")
		j := Spawn[output](&l, fut)
		l.run()
		if !joined {
			j.Detach()
		}
		l.refuses = panics("schedule")
		e := ends(func() { w.Wake() })
		if l.counts != (counts{scheduled: 2, polls: 1, futures: 1, released: 1 - btoi(joined)}) {
			t.Errorf("%+v, %v", l.counts, l.last.Snapshot())
		}
		if joined {
			_, err := join(t, &j)
			wantCause(t, err, CausePanicked, "drop")
			if fmt.Sprint(e.value) != "schedule" {
				t.Errorf("Wake ended by %v", e)
			}
		} else if err, _ := e.value.(error); !errors.Is(err, ErrPanicked) {
			t.Errorf("Wake ended by %v", e)
		}
	}
}

// A closed scheduler that drops the Notified has taken it: what its
// destructor raises goes on through Schedule, and nothing is dropped twice.
func TestScheduleDropsAndThePanicGoesThrough(t *testing.T) {
	for _, s := range submissions {
		for how, f := range map[string]func(){"panic": panics("drop"), "exit": exits} {
			t.Run(s.name+", "+how, func(t *testing.T) {
				var l loop
				var w Waker
				fut := l.never(&w)
				fut.drop = f
				j := Spawn[output](&l, fut)
				l.run()
				a := j.AbortHandle()
				l.close()
				e := ends(func() {
					if s.name == "abort" {
						j.Detach()
						a.Abort()
						return
					}
					j.Detach()
					s.do(&l, nil, &w)
				})
				err, _ := e.value.(error)
				if e.exit != (how == "exit") || !e.exit && !errors.Is(err, ErrPanicked) {
					t.Errorf("ended by %v", e)
				}
				if !w.IsZero() {
					w.Drop()
				}
				if l.counts != (counts{scheduled: 2, polls: 1, futures: 1, released: 1}) || l.last.Snapshot().Poisoned() {
					t.Errorf("%+v, %v", l.counts, l.last.Snapshot())
				}
			})
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A refused task wakes itself while its destructor runs, which then unwinds
// Schedule: the Notified is gone.
func TestRefusedTaskWakesItselfAndUnwinds(t *testing.T) {
	for how, f := range unwinds {
		var l loop
		var w Waker
		p := l.never(&w)
		p.drop = func() { w.WakeByRef(); f() }
		SpawnDetached[output](&l, p)
		l.run()
		l.closed = true
		if e := ends(func() { w.WakeByRef() }); e == (ended{}) {
			t.Errorf("%s: the wake returned", how)
		}
		if n := l.last.Snapshot(); !n.Complete() || !n.Notified() || n.Poisoned() {
			t.Errorf("%s: state %v", how, n)
		}
		w.Drop()
		if l.futures != 1 || l.released != 1 {
			t.Errorf("%s: %+v", how, l.counts)
		}
	}
}

// A hook that does not return: the task has ended as it would have, and what
// the hook raised goes on to the caller of Run.
func TestHookThatUnwinds(t *testing.T) {
	for how, f := range unwinds {
		for _, hook := range []string{"Panicked", "Terminated", "Unlist"} {
			for _, joined := range []bool{true, false} {
				t.Run(fmt.Sprint(hook, ", ", how, ", joined ", joined), func(t *testing.T) {
					s := hooked{in: map[string]func(){hook: f}}
					j := Spawn[output](&s, pollsThat(&s.loop, panics("poll")))
					var w spy
					if joined {
						j.Poll(w.cx())
					} else {
						j.Detach()
					}
					e := ends(func() { s.run() })
					wantHookRaised(t, e, how, hook, joined)
					if joined {
						_, err := join(t, &j)
						wantCause(t, err, CausePanicked, "poll")
						if w.byRefs != 1 || w.live() != 0 {
							t.Errorf("the joiner was woken %d times, %d wakers left", w.byRefs, w.live())
						}
					}
					s.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, detachedDone)
					if len(s.terminated) != 1 || len(s.panicked) != 1 || s.releases != 1 {
						t.Errorf("told %v and %v, and asked %d times to release", s.panicked, s.terminated, s.releases)
					}
				})
			}
		}
	}
}

// A detached task's own panic goes on too, also if the hook panicked that would
// have dealt with it.
func wantHookRaised(t *testing.T, e ended, how, hook string, joined bool) {
	t.Helper()
	err, _ := e.value.(error)
	own := errors.Is(err, ErrPanicked)
	if own == joined {
		t.Errorf("the task's own panic: %v, joined %v", e, joined)
	}
	if how == "panic" && err == nil && fmt.Sprint(e.value) != "waker" || how == "exit" && !own && !e.exit {
		t.Errorf("Run ended by %v", e)
	}
}

// The list of a scheduler of its own owns the task until Release says that it
// was on it.
func TestReleaseHookEndsTheListsClaim(t *testing.T) {
	for _, listed := range []bool{true, false} {
		s := hooked{listed: listed}
		j := SpawnWith[output](&s, s.ready(1), Options{Listed: true})
		j.Detach()
		s.want(t, counts{scheduled: 1}, "NOTIFIED|ORPHANABLE refs=0")
		s.run()
		if !listed {
			s.want(t, counts{scheduled: 1, polls: 1, futures: 1, outputs: 1}, "COMPLETE|ORPHANABLE refs=0")
			s.last.Shutdown() // what took it off the list ends its claim
		}
		s.want(t, counts{scheduled: 1, polls: 1, futures: 1, outputs: 1, released: 1}, detachedDone)
	}
}

// A task of a closed list of the scheduler's own is shut down where it stands.
func TestShutdownOfAListedTask(t *testing.T) {
	var s hooked
	var w Waker
	j := SpawnWith[output](&s, s.never(&w), Options{Listed: true})
	s.run()
	s.last.Shutdown()
	s.want(t, counts{scheduled: 1, polls: 1, futures: 1}, "COMPLETE|JOIN_INTEREST|CANCELLED(shut down)|UNOWNED|ORPHANABLE refs=1")
	_, err := join(t, &j)
	wantCause(t, err, CauseShutdown, nil)
	w.Drop()
	if s.released != 1 || len(s.terminated) != 1 || !errors.Is(s.terminated[0], ErrShutdown) {
		t.Errorf("%+v, terminated by %v", s.counts, s.terminated)
	}
}

// A broke is a panic's value that is no error.
type broke struct{ n int }

// What user code panics with comes out of the call that ran it as it was, if it
// is not how a task ended; and in a JoinError, if it is and nobody joins it. Of
// several, what comes out is an error that joins them.
func TestPanicsComeOutAsTheyWere(t *testing.T) {
	boom := panics(broke{1})
	run := func(l *loop) func() { return func() { l.run() } }
	detached := func(l *loop, f probe) func() {
		SpawnDetached[output](l, f)
		return run(l)
	}
	// asleep spawns a detached task that waits, with a destructor that panics.
	asleep := func(s Scheduler, l *loop, o Options) *Waker {
		w := new(Waker)
		f := l.never(w)
		f.drop = boom
		j := SpawnWith[output](s, f, o)
		j.Detach()
		return w
	}
	whole := func(v any) bool { return v == any(broke{1}) }
	inJoinError := func(v any) bool {
		err, ok := v.(*JoinError)
		return ok && err.Cause == CausePanicked && err.Value == any(broke{1})
	}
	// Several values are joined as errors: one that is none is kept in an error.
	joined := func(v any) bool {
		err, ok := v.(error)
		var kept interface{ PanicValue() any }
		return ok && !errors.As(err, new(*JoinError)) && err.Error() == "{1}\n{1}" && errors.As(err, &kept) && whole(kept.PanicValue())
	}
	joinErrors := func(v any) bool {
		err, ok := v.(interface{ Unwrap() []error })
		return ok && len(err.Unwrap()) == 2 && inJoinError(err.Unwrap()[0]) && inJoinError(err.Unwrap()[1])
	}
	for _, c := range []struct {
		name string
		want func(any) bool
		call func(l *loop) func()
	}{
		{"Run, of Poll", inJoinError, func(l *loop) func() { return detached(l, pollsThat(l, boom)) }},
		{"Run, of Poll of an actor", inJoinError, func(l *loop) func() {
			l.newActor(actors, func(Context) bool { boom(); return true }).Wake()
			return run(l)
		}},
		{"Run, of the future's Drop", inJoinError, func(l *loop) func() {
			f := l.ready(1)
			f.drop = boom
			return detached(l, f)
		}},
		{"Run, of the output's Drop", whole, func(l *loop) func() {
			return detached(l, probe{l: l, poll: func(Context) (output, bool) { return output{l: l, drop: boom}, true }})
		}},
		{"Run, of the joiner's waker", whole, func(l *loop) func() {
			j := Spawn[output](l, l.ready(1))
			j.Poll((&spy{onRef: boom}).cx())
			return run(l)
		}},
		{"Run, of Yield", whole, func(l *loop) func() {
			return detached(l, probe{l: l, poll: func(cx Context) (output, bool) {
				l.refuses = boom
				cx.Waker().WakeByRef()
				return output{}, false
			}})
		}},
		{"Run, of a hook", whole, func(l *loop) func() {
			s := &hooked{in: map[string]func(){"Terminated": boom}}
			SpawnDetached[output](s, l.ready(1))
			return func() { s.run() }
		}},
		{"Run, of two", joined, func(l *loop) func() {
			s := &hooked{in: map[string]func(){"Terminated": boom}}
			SpawnDetached[output](s, probe{l: l, poll: func(Context) (output, bool) { return output{l: l, drop: boom}, true }})
			return func() { s.run() }
		}},
		{"Wake, of Schedule", whole, func(l *loop) func() {
			a := l.newActor(actors, pending)
			l.refuses = boom
			return a.Wake
		}},
		{"Wake, of the Drop of a refused task", inJoinError, func(l *loop) func() {
			w := asleep(l, l, Options{})
			l.run()
			l.close()
			return w.Wake
		}},
		{"Waker.Drop, of Schedule", whole, func(l *loop) func() {
			var w Waker
			SpawnDetached[output](l, l.never(&w))
			l.run()
			l.refuses = boom
			return w.Drop
		}},
		{"Waker.Drop, of a foreign waker", whole, func(*loop) func() {
			w := (&spy{}).ref().Clone()
			stateOf(w.p).box().raw.VTable = &RawWakerVTable{Drop: func(unsafe.Pointer) { boom() }}
			return w.Drop
		}},
		{"Header.Close, of Cancel", inJoinError, func(l *loop) func() {
			a := l.newActor(actors, pending)
			a.cancel = func(Cause) { boom() }
			return func() { a.Close() }
		}},
		{"Notified.Drop, of Cancel", inJoinError, func(l *loop) func() {
			return actors.InitNotified(&actor{l: l, cancel: func(Cause) { boom() }}).Drop
		}},
		{"CloseAndShutdownAll, of one", inJoinError, func(l *loop) func() {
			o := new(OwnedTasks)
			asleep(l, l, Options{Owned: o})
			l.run()
			return o.CloseAndShutdownAll
		}},
		{"CloseAndShutdownAll, of two", joinErrors, func(l *loop) func() {
			o := new(OwnedTasks)
			asleep(l, l, Options{Owned: o})
			asleep(l, l, Options{Owned: o})
			l.run()
			return o.CloseAndShutdownAll
		}},
		{"RunQueue.Close, of one", inJoinError, func(l *loop) func() {
			q := new(RunQueue)
			asleep(q, l, Options{})
			return q.Close
		}},
		{"RunQueue.Close, of two", joinErrors, func(l *loop) func() {
			q := new(RunQueue)
			asleep(q, l, Options{})
			asleep(q, l, Options{})
			return q.Close
		}},
		{"LocalQueue.Close, of one", inJoinError, func(l *loop) func() {
			q := new(LocalQueue)
			asleep(q, l, Options{})
			return q.Close
		}},
		{"LocalQueue.Close, of two", joinErrors, func(l *loop) func() {
			q := new(LocalQueue)
			asleep(q, l, Options{})
			asleep(q, l, Options{})
			return q.Close
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if e := ends(c.call(new(loop))); !c.want(e.value) {
				t.Errorf("ended by %T %v", e.value, e)
			}
		})
	}
}
