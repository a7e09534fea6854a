package rouse

import (
	"errors"
	"fmt"
	"testing"
)

// Two unwindings in a row, of different kinds: what is resumed after the first
// must be resumed after the second too.

// pairsOf calls f with each pair of ways to unwind.
func pairsOf(f func(name string, first, second func())) {
	ways := map[string]func(){"panic": panics("waker"), "exit": exits}
	for one, first := range ways {
		for two, second := range ways {
			f(one+", "+two, first, second)
		}
	}
}

// What ends many tasks ends all of them, whatever their destructors do.
func TestSweepsAfterTwoUnwindings(t *testing.T) {
	type closer interface {
		Scheduler
		Close()
	}
	pairsOf(func(name string, first, second func()) {
		for kind, q := range map[string]closer{"RunQueue": new(RunQueue), "LocalQueue": new(LocalQueue), "SharedQueue": new(sharedScheduler)} {
			var l loop
			for i := range 6 {
				fut := l.ready(1)
				fut.drop = []func(){first, second, func() {}}[i%3]
				SpawnDetached[output](q, fut)
			}
			if e := ends(q.Close); e == (ended{}) {
				t.Errorf("%s, %s: Close returned", kind, name)
			}
			if l.futures != 6 {
				t.Errorf("%s, %s: %d of 6 ended", kind, name, l.futures)
			}
			SpawnDetached[output](q, l.ready(1)) // it is closed
			if l.futures != 7 {
				t.Errorf("%s, %s: what comes after Close is kept", kind, name)
			}
		}
		var l loop
		var owned OwnedTasks
		joins, wakers := idlers(&l, &owned, 6, func(i int) { []func(){first, second, func() {}}[i%3]() })
		for i := range joins {
			joins[i].Detach()
		}
		if e := ends(owned.CloseAndShutdownAll); e == (ended{}) {
			t.Errorf("OwnedTasks, %s: the close returned", name)
		}
		for i := range wakers {
			wakers[i].Drop()
		}
		if l.futures != 6 || l.released != 6 || owned.Len() != 0 {
			t.Errorf("OwnedTasks, %s: %+v", name, l.counts)
		}
	})
}

// sharedScheduler is a SharedQueue as a Scheduler.
type sharedScheduler struct{ q SharedQueue }

func (s *sharedScheduler) Schedule(n Notified, _ Reason) { s.q.Push(n) }
func (s *sharedScheduler) Yield(n Notified)              { s.q.Push(n) }
func (s *sharedScheduler) Close()                        { s.q.Close() }

// What overflows a StealQueue into a closed queue is dropped, all of it.
func TestOverflowAfterTwoUnwindings(t *testing.T) {
	pairsOf(func(name string, first, second func()) {
		var d depot
		var worker StealQueue
		var shared SharedQueue
		shared.Close()
		for range stealRing {
			n := d.next()
			d.all[len(d.all)-1].cancel = func(p *parcel) { []func(){first, second, func() {}}[p.number%3]() }
			worker.Push(n, &shared)
		}
		n := d.next()
		if e := ends(func() { worker.Push(n, &shared) }); e == (ended{}) {
			t.Errorf("%s: Push returned", name)
		}
		for i, p := range d.all[:stealRing/2] {
			if p.runs != -1 {
				t.Errorf("%s: %d was cancelled %d times", name, i, -p.runs)
			}
		}
	})
}

// All that wait are woken, though two wakers do not return.
func TestWaitersAfterTwoUnwindings(t *testing.T) {
	const n = wakeBatchSize + 6
	pairsOf(func(name string, first, second func()) {
		wakers := []Waker{FuncWaker(first), FuncWaker(second)}
		cx := func(s *sitter, i int) Context {
			if i%3 == 2 {
				return s.cx()
			}
			return NewContext(wakers[i%3].Borrow())
		}
		var q WaitQueue
		var sema Semaphore
		for what, c := range map[string]struct{ wait, release func(s *sitter, i int) }{
			"NotifyAll": {func(s *sitter, i int) { q.Wait(cx(s, i), &s.Waiter) }, func(*sitter, int) { q.NotifyAll() }},
			"Release":   {func(s *sitter, i int) { sema.Acquire(cx(s, i), &s.Waiter, 1) }, func(*sitter, int) { sema.Release(n) }},
		} {
			s := newSitters(n)
			for i := range s {
				c.wait(s[i], i)
			}
			if e := ends(func() { c.release(nil, 0) }); e == (ended{}) {
				t.Errorf("%s, %s: it returned", what, name)
			}
			for i, s := range s {
				if st := s.state(); st == waiterWaits || i%3 == 2 && s.wakes() != 1 {
					t.Errorf("%s, %s: %d has state %d, woken %d times", what, name, i, st, s.woken)
				}
				s.Waiter.reset()
			}
		}
	})
}

// A destructor of the output unwinds while the handle is given up: it is called
// once, and the handle is gone.
func TestOutputDropThatUnwindsInDetach(t *testing.T) {
	for how, f := range unwinds {
		for panics, dropsWaker := range []func(){func() {}, f} {
			var l loop
			w := spy{onEnd: dropsWaker}
			j := Spawn[output](&l, probe{l: &l, poll: func(Context) (output, bool) { return output{l: &l, drop: f}, true }})
			j.Poll(w.cx())
			l.run()
			if l.outputs != 0 {
				t.Fatal("destroyed before its handle is given up")
			}
			e := ends(func() { j.Detach() })
			if panics == 1 && fmt.Sprint(e.value) == "waker\nwaker" { // of both
				e.value = "waker"
			}
			wantUnwound(t, how, e)
			if !j.IsZero() || w.drops != 1 {
				t.Errorf("%s: consumed %v, waker dropped %d times", how, j.IsZero(), w.drops)
			}
			l.want(t, counts{scheduled: 1, polls: 1, futures: 1, outputs: 1, released: 1}, detachedDone)
		}
	}
}

// A hook of an actor unwinds: the task leaves its list all the same.
func TestPanickedThatUnwindsOnAList(t *testing.T) {
	for how, f := range unwinds {
		var l loop
		var owned OwnedTasks
		v := actorVtable(func(o *Ops[actor]) { o.Panicked = func(*actor, *JoinError) bool { f(); return true } })
		a := &actor{l: &l, poll: func(Context) bool { panic("poll") }}
		n, _ := v.InitBound(a, &owned)
		if e := ends(n.Run); e == (ended{}) {
			t.Errorf("%s: Run returned", how)
		}
		if owned.Len() != 0 || l.released != 1 {
			t.Errorf("%s: %d on the list, %+v", how, owned.Len(), l.counts)
		}
	}
}

// The future's destructor panics, and so does that of the output that is lost by
// it: the hooks are told of the first, once each.
func TestLostOutputThatUnwindsIsReported(t *testing.T) {
	pairsOf(func(name string, _, second func()) {
		s := hooked{handles: true}
		fut := probe{l: &s.loop, drop: panics("future"), poll: func(Context) (output, bool) {
			return output{l: &s.loop, drop: second}, true
		}}
		j := Spawn[output](&s, fut)
		if e := ends(func() { s.run() }); e == (ended{}) {
			t.Errorf("%s: Run returned", name)
		}
		if len(s.panicked) != 1 || s.panicked[0].Value != "future" || len(s.terminated) != 1 {
			t.Errorf("%s: told of %v and %v", name, s.panicked, s.terminated)
		}
		_, err := join(t, &j)
		wantCause(t, err, CausePanicked, "future")
	})
}

// The joiner's waker gives up the handle and unwinds, and the drop of the waker
// unwinds too: the hooks are told that the task has ended.
func TestJoinWakerThatUnwindsTwiceIsTerminated(t *testing.T) {
	pairsOf(func(name string, first, second func()) {
		var s hooked
		var j JoinHandle[output]
		w := spy{onRef: func() { j.Detach(); first() }, onEnd: second}
		j = Spawn[output](&s, s.ready(1))
		j.Poll(w.cx())
		if e := ends(func() { s.run() }); e == (ended{}) {
			t.Errorf("%s: Run returned", name)
		}
		if len(s.terminated) != 1 || s.terminated[0] != nil || s.releases != 1 || w.drops != 1 {
			t.Errorf("%s: terminated %v, asked %d times, %d drops", name, s.terminated, s.releases, w.drops)
		}
		s.want(t, counts{scheduled: 1, polls: 1, futures: 1, outputs: 1, released: 1}, detachedDone)
	})
}

// Of two panics the error that joins them has the first first.
func TestPanicsAreJoinedInOrder(t *testing.T) {
	one, two := errors.New("one"), errors.New("two")
	s := hooked{in: map[string]func(){"Terminated": panics(two)}}
	SpawnDetached[output](&s, probe{l: &s.loop, poll: func(Context) (output, bool) {
		return output{l: &s.loop, drop: panics(one)}, true
	}})
	e := ends(func() { s.run() })
	err, ok := e.value.(interface{ Unwrap() []error })
	if !ok || fmt.Sprint(err.Unwrap()) != "[one two]" {
		t.Errorf("Run ended by %v", e)
	}
}

// A Release that unwinds is called once, and what it raises goes on.
func TestReleaseThatUnwinds(t *testing.T) {
	for how, f := range unwinds {
		released := 0
		v := actorVtable(func(o *Ops[actor]) { o.Release = func(*actor) { released++; f() } })
		var l loop
		n := v.InitNotified(&actor{l: &l, poll: func(Context) bool { return true }})
		wantUnwound(t, how, ends(n.Run))
		m := v.InitNotified(&actor{l: &l})
		wantUnwound(t, how, ends(m.Drop))
		if released != 2 {
			t.Errorf("%s: released %d times, of 2 tasks", how, released)
		}
	}
}

// An aborted task whose destructor ends the goroutine has exited, and has not
// panicked; at level 1 the hook for panics is not told.
func TestGoexitOfACancelledTask(t *testing.T) {
	var l loop
	fut := l.ready(1)
	fut.drop = exits
	j := Spawn[output](&l, fut)
	j.Abort()
	if e := ends(func() { l.run() }); !e.exit {
		t.Errorf("Run ended by %v", e)
	}
	_, err := join(t, &j)
	wantCause(t, err, CauseExited, nil)
	a := l.newActor(actors, pending)
	a.cancel = func(Cause) { exits() }
	a.Abort()
	if e := ends(func() { l.run() }); !e.exit || len(a.errs) != 0 {
		t.Errorf("Run ended by %v, told of %v", e, a.errs)
	}
}

// A clone that is refused leaves the waker that it was to replace.
func TestCloneFromThatPanics(t *testing.T) {
	var l loop
	var w Waker
	var late WakerRef
	SpawnDetached[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
		//wakervet:allow refescape the misuse that is tested
		late = cx.Waker()
		return output{l: &l}, true
	}})
	l.run()
	a := l.newActor(actors, pending)
	w = a.WakerRef().Clone()
	if e := ends(func() { w.CloneFrom(late) }); e.value == nil {
		t.Error("cloned from a task that is gone")
	}
	if w.IsZero() || !w.WillWake(a.WakerRef()) || a.Snapshot().Refs() != 1 {
		t.Errorf("the old waker is gone: %v, %v", w.IsZero(), a.Snapshot())
	}
	w.Drop()
}

// A waker that was not the last, and whose function does not return, has been
// consumed.
func TestForeignWakeThatUnwinds(t *testing.T) {
	for how, f := range unwinds {
		s := spy{onRef: f}
		w, keep := s.ref().Clone(), s.ref().Clone()
		wantUnwound(t, how, ends(w.Wake))
		if s.live() != 1 || s.byRefs != 1 || s.wakes != 0 {
			t.Errorf("%s: %d left, woken %d times by reference, %d by value", how, s.live(), s.byRefs, s.wakes)
		}
		keep.Drop()
		if s.drops != 1 || s.live() != 0 {
			t.Errorf("%s: %d drops, %d left", how, s.drops, s.live())
		}
	}
}

// A Waiter that passes its turn on to one whose waker unwinds is idle, and its
// own waker is dropped.
func TestWaiterDropThatUnwinds(t *testing.T) {
	for how, f := range unwinds {
		bad := FuncWaker(f)
		var q WaitQueue
		s := newSitters(2)
		s[0].waits(t, &q, toldWait)
		q.Wait(NewContext(bad.Borrow()), &s[1].Waiter)
		q.NotifyOne()
		wantUnwound(t, how, ends(s[0].Drop))
		if s[0].state() != waiterIdle || s[0].Waiter.queue != nil {
			t.Errorf("%s: state %d", how, s[0].state())
		}
		s[1].waits(t, &q, toldGo)
		s[0].woken, s[1].woken = 0, 0
		q.atEase(t, queueEmpty, s)

		var sema Semaphore
		s = newSitters(2)
		s[0].acquires(t, &sema, 5, toldWait)
		sema.Acquire(NewContext(bad.Borrow()), &s[1].Waiter, 1)
		sema.Release(2)
		wantUnwound(t, how, ends(s[0].Drop))
		if s[0].state() != waiterIdle || s[0].Waiter.sema != nil {
			t.Errorf("%s: state %d", how, s[0].state())
		}
		s[1].acquires(t, &sema, 1, toldGo)
		sema.atEase(t, 1, s)
	}
}
