package rouse

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
)

// shutdown tests close a list with a task in each stage.
func TestCloseWithTasksInEachStage(t *testing.T) {
	stages := []struct {
		name   string
		cause  Cause
		closed counts // after the list was closed
		run    func(l *loop, w *Waker)
	}{
		{"queued, new", CauseShutdown, counts{scheduled: 1}, func(*loop, *Waker) {}},
		{"idle", CauseShutdown, counts{scheduled: 1, polls: 1, futures: 1}, func(l *loop, _ *Waker) { l.run() }},
		{"queued, woken", CauseShutdown, counts{scheduled: 2, polls: 1}, func(l *loop, w *Waker) { l.run(); w.WakeByRef() }},
		{"complete", CauseNone, counts{scheduled: 2, polls: 2, futures: 1}, func(l *loop, w *Waker) {
			l.run()
			w.WakeByRef()
			l.run()
		}},
	}
	for _, s := range stages {
		t.Run(s.name, func(t *testing.T) {
			var l loop
			var w Waker
			var owned OwnedTasks
			var joiner spy
			j := SpawnWith[output](&l, l.keeping(&w, 2), Options{Owned: &owned})
			j.Poll(joiner.cx())
			s.run(&l, &w)
			done := j.IsFinished()
			if owned.Len() != btoi(!done) {
				t.Errorf("%d on the list", owned.Len())
			}
			owned.CloseAndShutdownAll()
			if l.counts != s.closed || owned.Len() != 0 || !owned.IsClosed() || !l.last.Snapshot().Unowned() {
				t.Errorf("%+v, %d on the list, state %v", l.counts, owned.Len(), l.last.Snapshot())
			}
			l.run()
			if joiner.byRefs != 1 {
				t.Errorf("the joiner was woken %d times", joiner.byRefs)
			}
			_, err := join(t, &j)
			if s.cause == CauseNone != (err == nil) || err != nil && err.Cause != s.cause {
				t.Errorf("ended by %v", err)
			}
			if !w.IsZero() {
				w.Drop()
			}
			if l.futures != 1 || l.released != 1 || joiner.live() != 0 {
				t.Errorf("%+v", l.counts)
			}
		})
	}
}

// A task that runs while its list is closed ends after its poll: ready, if it
// is; else here and now. Either way it is off the list already.
func TestCloseDuringPoll(t *testing.T) {
	for _, ready := range []bool{true, false} {
		var l loop
		var owned OwnedTasks
		j := SpawnWith[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
			owned.CloseAndShutdownAll()
			if l.futures != 0 || owned.Len() != 0 {
				t.Errorf("%+v, %d on the list", l.counts, owned.Len())
			}
			return output{l: &l, v: 9}, ready
		}}, Options{Owned: &owned})
		l.run()
		if v, err := join(t, &j); ready && (err != nil || v.v != 9) {
			t.Errorf("ended by %v, %v; the ready poll wins", v, err)
		} else if !ready {
			wantCause(t, err, CauseShutdown, nil)
		}
		if l.counts != (counts{scheduled: 1, polls: 1, futures: 1, released: 1}) {
			t.Errorf("%+v", l.counts)
		}
	}
}

// A task that is spawned after the close resolves at once, without its
// scheduler.
func TestSpawnAfterClose(t *testing.T) {
	var s hooked
	var owned OwnedTasks
	owned.CloseAndShutdownAll()
	j := SpawnWith[output](&s, s.ready(1), Options{Owned: &owned})
	if s.counts != (counts{futures: 1}) || !j.IsFinished() {
		t.Errorf("%+v", s.counts)
	}
	_, err := join(t, &j)
	wantCause(t, err, CauseShutdown, nil)
	if len(s.terminated) != 1 || !errors.Is(s.terminated[0], ErrShutdown) || owned.Len() != 0 {
		t.Errorf("terminated by %v", s.terminated)
	}
}

// A task of level 1 that is born on a list, and one that comes too late: it is
// cancelled and released before it ever was anyone's.
func TestInitBound(t *testing.T) {
	var l loop
	var owned OwnedTasks
	a := &actor{l: &l, poll: func(Context) bool { return true }}
	n, open := orphanActors.InitBound(a, &owned)
	if !open || owned.Len() != 1 {
		t.Fatalf("open %v, %d on the list", open, owned.Len())
	}
	l.last = n.Task()
	l.want(t, counts{}, "NOTIFIED|ORPHANABLE refs=0")
	n.Run()
	l.want(t, counts{polls: 1, released: 1}, "COMPLETE|UNOWNED|ORPHANABLE refs=0")

	owned.CloseAndShutdownAll()
	b := &actor{l: &l, poll: pending}
	n, open = actors.InitBound(b, &owned)
	if open || !n.IsZero() || owned.Len() != 0 || b.causes[0] != CauseShutdown {
		t.Errorf("open %v, cancelled by %v", open, b.causes)
	}
	l.last = RawTask{&b.Header}
	l.want(t, counts{polls: 1, futures: 1, released: 2}, "COMPLETE|CANCELLED(shut down)|UNOWNED refs=0")
}

// Who removes a task owns it: the close does not see it.
func TestRemoveThenClose(t *testing.T) {
	var l loop
	var owned OwnedTasks
	a := l.newActor(actors, pending)
	if !owned.Bind(&a.Header) || owned.Len() != 1 {
		t.Fatal("not bound")
	}
	if !owned.Remove(&a.Header) || owned.Remove(&a.Header) || owned.Len() != 0 {
		t.Error("not removed once")
	}
	owned.CloseAndShutdownAll()
	l.want(t, counts{}, "IDLE refs=0")
	a.Disown()
	l.run()
	l.want(t, counts{scheduled: 1, futures: 1, released: 1}, "COMPLETE|CANCELLED(orphaned)|UNOWNED refs=0")
}

func TestCloseThenRemove(t *testing.T) {
	var l loop
	var owned OwnedTasks
	a := l.newActor(actors, pending)
	owned.Bind(&a.Header)
	w := a.WakerRef().Clone()
	owned.CloseAndShutdownAll()
	l.want(t, counts{futures: 1}, "COMPLETE|CANCELLED(shut down)|UNOWNED refs=1")
	if owned.Remove(&a.Header) {
		t.Error("removed what the close took off")
	}
	w.Drop()
	l.want(t, counts{futures: 1, released: 1}, "COMPLETE|CANCELLED(shut down)|UNOWNED refs=0")
	if a.causes[0] != CauseShutdown {
		t.Errorf("cancelled by %v", a.causes)
	}

	b := l.newActor(actors, pending)
	if owned.Bind(&b.Header) || owned.Remove(&b.Header) {
		t.Error("bound to a closed list")
	}
	l.want(t, counts{futures: 1, released: 1}, "IDLE refs=0")
}

func TestRemoveFromAnotherList(t *testing.T) {
	var l loop
	var one, two OwnedTasks
	a := l.newActor(actors, pending)
	one.Bind(&a.Header)
	mustPanic(t, func() { two.Remove(&a.Header) }, "OwnedTasks.Remove", "another list (state IDLE refs=0)")
	if one.Len() != 1 || !one.Remove(&a.Header) {
		t.Error("removed all the same")
	}
}

// A task removes itself when it ends, whichever way; then it is nobody's.
func TestTaskLeavesItsListAtTheEnd(t *testing.T) {
	for _, e := range pendingEnds {
		var l loop
		j, _ := e.at(t, &l, nil) // looks at the list
		j.Detach()
		if l.released != 1 {
			t.Errorf("%s: %+v", e.name, l.counts)
		}
	}
	var l loop
	var owned OwnedTasks
	a := l.newActor(actors, func(Context) bool { return true })
	owned.Bind(&a.Header)
	a.Wake()
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1, released: 1}, "COMPLETE|UNOWNED refs=0")
	if owned.Len() != 0 {
		t.Error("still on the list")
	}
}

// Lists of many tasks: lengths, iteration, removal from any place.
func TestOwnedTasksAll(t *testing.T) {
	var l loop
	var owned OwnedTasks
	all := map[*Header]bool{}
	for range 1000 {
		a := l.newActor(actors, pending)
		owned.Bind(&a.Header)
		all[&a.Header] = true
	}
	if owned.Len() != 1000 {
		t.Errorf("%d on the list", owned.Len())
	}
	n := 0
	for task := range owned.All() {
		if !all[task.Header()] {
			t.Fatal("listed twice, or never bound")
		}
		if n++; n%2 == 0 {
			if !owned.Remove(task.Header()) {
				t.Fatal("not on the list")
			}
		}
		delete(all, task.Header())
	}
	if len(all) != 0 || owned.Len() != 500 {
		t.Errorf("%d not listed, %d left", len(all), owned.Len())
	}
	if rest := slices.Collect(owned.All()); len(rest) != 500 {
		t.Errorf("%d listed", len(rest))
	}
	for range owned.All() {
		break
	}
	owned.CloseAndShutdownAll()
	if l.futures != 500 || l.released != 500 || owned.Len() != 0 {
		t.Errorf("%+v", l.counts)
	}
}

// Tasks are spread over all shards, and what is noted of a task goes with it.
func TestShards(t *testing.T) {
	var l loop
	var owned OwnedTasks
	for range 2048 {
		SpawnWith[int](&l, Ready(1), Options{Owned: &owned, Name: "x"})
	}
	for i := range owned.shards {
		if s := &owned.shards[i]; s.length == 0 || len(s.notes) != s.length {
			t.Errorf("shard %d: %d tasks, %d notes", i, s.length, len(s.notes))
		}
	}
	l.run()
	for i := range owned.shards {
		if s := &owned.shards[i]; s.length != 0 || len(s.notes) != 0 {
			t.Errorf("shard %d at the end: %d tasks, %d notes", i, s.length, len(s.notes))
		}
	}
}

// A task that is on a list cannot be bound, to that list or another: Bind says
// so, and both lists and their locks are as they were.
func TestBindTwice(t *testing.T) {
	for _, same := range []bool{true, false} {
		var l loop
		var one, two OwnedTasks
		a, b := l.newActor(actors, pending), l.newActor(actors, pending)
		one.Bind(&b.Header)
		one.Bind(&a.Header)
		second := &one
		if !same {
			second = &two
		}
		mustPanic(t, func() { second.Bind(&a.Header) }, "rouse: OwnedTasks.Bind: the task is on a list already (state IDLE refs=0)")
		if one.Len() != 2 || two.Len() != 0 {
			t.Fatalf("same list %v: %d and %d on the lists", same, one.Len(), two.Len())
		}
		seen := 0
		for range one.All() {
			if seen++; seen > 2 {
				t.Fatalf("same list %v: the list is a ring", same)
			}
		}
		if !one.Remove(&a.Header) || one.Len() != 1 || seen != 2 {
			t.Errorf("same list %v: %d left, %d seen", same, one.Len(), seen)
		}
	}
}

// A spawned task that its Options bound is on a list as any other.
func TestBindSpawned(t *testing.T) {
	var l loop
	var one, two OwnedTasks
	j := SpawnWith[output](&l, l.ready(1), Options{Owned: &one})
	h := l.last.Header()
	mustPanic(t, func() { two.Bind(h) }, "rouse: OwnedTasks.Bind: ", "on a list already", "NOTIFIED|JOIN_INTEREST")
	l.run()
	j.TryJoin()
	if one.Len() != 0 || two.Len() != 0 || l.released != 1 {
		t.Errorf("%d and %d on the lists, %+v", one.Len(), two.Len(), l.counts)
	}
}

// Who removed a task may bind it again, and so may who makes a new task in the
// memory of one that has left its list.
func TestBindAgain(t *testing.T) {
	var l loop
	var one, two OwnedTasks
	a := l.newActor(actors, pending)
	if !one.Bind(&a.Header) || !one.Remove(&a.Header) || !two.Bind(&a.Header) || !two.Remove(&a.Header) || !two.Bind(&a.Header) {
		t.Fatal("not bound, or not removed")
	}
	if one.Len() != 0 || two.Len() != 1 {
		t.Errorf("%d and %d on the lists", one.Len(), two.Len())
	}
	two.CloseAndShutdownAll()
	actors.Init(a)
	if !one.Bind(&a.Header) || one.Len() != 1 {
		t.Error("the next task in this memory was not bound")
	}
}

// idlers spawns n tasks on the list and leaves them idle; each keeps a waker
// in the slice it returns, and f is their destructor.
func idlers(l *loop, owned *OwnedTasks, n int, f func(i int)) (joins []JoinHandle[output], wakers []Waker) {
	joins, wakers = make([]JoinHandle[output], n), make([]Waker, n)
	for i := range joins {
		fut := l.never(&wakers[i])
		fut.drop = func() { f(i) }
		joins[i] = SpawnWith[output](l, fut, Options{Owned: owned})
	}
	l.run()
	return
}

func wantAllEnded(t *testing.T, l *loop, owned *OwnedTasks, joins []JoinHandle[output], wakers []Waker, causes ...Cause) {
	t.Helper()
	for i := range joins {
		_, err := join(t, &joins[i])
		ok := false
		for _, c := range causes {
			ok = ok || err != nil && err.Cause == c
		}
		if !ok {
			t.Errorf("task %d ended by %v", i, err)
		}
		if !wakers[i].IsZero() {
			wakers[i].Drop()
		}
	}
	if l.futures != len(joins) || l.released != len(joins) || owned.Len() != 0 {
		t.Errorf("%+v, %d on the list", l.counts, owned.Len())
	}
}

// Destructors, during a close, wake the other tasks of the list, abort them,
// and give up their wakers.
func TestDestructorWakesDuringClose(t *testing.T) {
	var l loop
	var owned OwnedTasks
	var joins []JoinHandle[output]
	var wakers []Waker
	const n = 60
	joins, wakers = idlers(&l, &owned, n, func(i int) {
		next := (i + 7) % n
		switch i % 3 {
		case 0:
			wakers[next].WakeByRef()
		case 1:
			joins[next].Abort()
		case 2:
			wakers[next].Drop()
		}
	})
	owned.CloseAndShutdownAll()
	l.run()
	wantAllEnded(t, &l, &owned, joins, wakers, CauseShutdown, CauseAborted, CauseOrphaned)
}

// What a destructor spawns during a close resolves at once, as shut down.
func TestDestructorSpawnsDuringClose(t *testing.T) {
	var l loop
	var owned OwnedTasks
	spawned := 0
	joins, wakers := idlers(&l, &owned, 10, func(int) {
		j := SpawnWith[output](&l, l.ready(1), Options{Owned: &owned})
		if res, ready := j.TryJoin(); ready && errors.Is(res.Err, ErrShutdown) {
			spawned++
		}
	})
	owned.CloseAndShutdownAll()
	if spawned != 10 {
		t.Errorf("%d resolved", spawned)
	}
	l.futures -= spawned
	wantAllEnded(t, &l, &owned, joins, wakers, CauseShutdown)
}

// Destructors that panic, or end the goroutine, stop nothing.
func TestDestructorUnwindsDuringClose(t *testing.T) {
	for how, f := range unwinds {
		for _, joined := range []bool{true, false} {
			t.Run(fmt.Sprint(how, ", joined ", joined), func(t *testing.T) {
				var l loop
				var owned OwnedTasks
				joins, wakers := idlers(&l, &owned, 50, func(i int) {
					if i%5 == 0 {
						f()
					}
				})
				if !joined {
					for i := range joins {
						joins[i].Detach()
					}
				}
				e := ends(owned.CloseAndShutdownAll)
				err, _ := e.value.(error)
				if e.exit != (how == "exit") || errors.Is(err, ErrPanicked) != (how == "panic" && !joined) {
					t.Errorf("ended by %v", e)
				}
				if joined {
					wantAllEnded(t, &l, &owned, joins, wakers, CauseShutdown, CausePanicked, CauseExited)
					return
				}
				for i := range wakers {
					wakers[i].Drop()
				}
				if l.futures != 50 || l.released != 50 || owned.Len() != 0 {
					t.Errorf("%+v, %d on the list", l.counts, owned.Len())
				}
			})
		}
	}
}

// A destructor closes the list that is being closed.
func TestDestructorClosesDuringClose(t *testing.T) {
	var l loop
	var owned OwnedTasks
	joins, wakers := idlers(&l, &owned, 20, func(i int) {
		if i == 3 {
			owned.CloseAndShutdownAll()
		}
	})
	owned.CloseAndShutdownAll()
	wantAllEnded(t, &l, &owned, joins, wakers, CauseShutdown)
}

// All that destructors panic with comes out of the call that closed the list.
func TestTwoDestructorsPanicDuringClose(t *testing.T) {
	var l loop
	var owned OwnedTasks
	var wakers [2]Waker
	for i, v := range []string{"first", "second"} {
		p := l.never(&wakers[i])
		p.drop = panics(v)
		j := SpawnWith[output](&l, p, Options{Owned: &owned})
		j.Detach()
	}
	l.run()
	mustPanic(t, owned.CloseAndShutdownAll, "first", "second")
	for i := range wakers {
		wakers[i].Drop()
	}
	if l.futures != 2 || l.released != 2 {
		t.Errorf("%+v", l.counts)
	}
}

// What no list may own is not bound, and stays as it was.
func TestBindRefuses(t *testing.T) {
	var o, other OwnedTasks
	for name, c := range map[string]struct {
		set  func(a *actor)
		says string
	}{
		"unowned":  {func(a *actor) { actors.InitNotified(a) }, "the task has no owner"},
		"complete": {func(a *actor) { a.Close() }, "the task has ended"},
		"listed":   {func(a *actor) { other.Bind(&a.Header) }, "the task is on a list already"},
	} {
		var l loop
		a := l.newActor(actors, pending)
		c.set(a)
		word, on := a.Snapshot(), other.Len()
		mustPanic(t, func() { o.Bind(&a.Header) }, "rouse: OwnedTasks.Bind: "+c.says, "(state "+word.String()+")")
		if a.Snapshot() != word || o.Len() != 0 || other.Len() != on {
			t.Errorf("%s: %v → %v, %d and %d on the lists", name, word, a.Snapshot(), o.Len(), other.Len())
		}
	}
}

// A task that a list owns is not its embedder's to give up.
func TestDisownOfABoundTask(t *testing.T) {
	var l loop
	var o OwnedTasks
	a := l.newActor(actors, pending)
	o.Bind(&a.Header)
	mustPanic(t, a.Disown, "rouse: Header.Disown: the task is on the list of an OwnedTasks", "(state IDLE refs=0)")
	l.want(t, counts{}, "IDLE refs=0")
	if !o.Remove(&a.Header) {
		t.Error("it is not on its list any more")
	}
	a.Disown()
	l.run()
	l.want(t, counts{scheduled: 1, futures: 1, released: 1}, "COMPLETE|CANCELLED(orphaned)|UNOWNED refs=0")
}

// A task that All has yielded is the one that it was, and stays it though it has
// ended and its memory is a Pool's.
func TestYieldedTasksAreNotRecycled(t *testing.T) {
	var l loop
	var owned OwnedTasks
	var p Pool[output, probe]
	seen := map[*Header]bool{}
	for i := range 100 {
		j := p.SpawnWith(&l, l.ready(i), Options{Owned: &owned})
		for r := range owned.All() {
			if seen[r.h] {
				t.Fatal("a task in the memory of one that was yielded")
			}
			seen[r.h] = true
			if !r.Snapshot().Pinned() || r.ID() != j.ID() {
				t.Fatalf("yielded %v, task %d of %d", r.Snapshot(), r.ID(), j.ID())
			}
			owned.Describe(r.Header(), "seen", 0)
		}
		l.run()
		j.Detach()
	}
	if len(seen) != 100 {
		t.Errorf("%d tasks of 100", len(seen))
	}
	// To look by Dump and Counters keeps no memory from being recycled.
	recycled := false
	for i := 0; i < 100 && !recycled; i++ {
		j := p.SpawnWith(&l, l.ready(i), Options{Owned: &owned})
		h := &j.c.Header
		recycled = seen[h]
		seen[h] = true
		if owned.Counters().Live != 1 || len(owned.Dump()) != 1 {
			t.Error("not on the list")
		}
		l.run()
		j.Detach()
	}
	if !recycled {
		t.Error("what was looked at is not recycled")
	}
}

// A monitor walks the list and uses what it finds, while the tasks end and a Pool
// recycles their memory. The race detector looks on.
func TestMonitorBesideAPool(t *testing.T) {
	for name, use := range map[string]func(o *OwnedTasks, r RawTask){
		"looks":     func(o *OwnedTasks, r RawTask) { r.Snapshot(); r.ID(); o.Dump(); o.Len(); o.Counters() },
		"describes": func(o *OwnedTasks, r RawTask) { o.Describe(r.Header(), "seen", 0) },
		"aborts":    func(_ *OwnedTasks, r RawTask) { r.Header().Abort() },
		"prints":    func(_ *OwnedTasks, r RawTask) { _ = r.Header().String() },
		"evicts": func(o *OwnedTasks, r RawTask) {
			if o.Remove(r.Header()) {
				r.Shutdown()
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			var q RunQueue
			var owned OwnedTasks
			var p Pool[int, FutureFunc[int]]
			var over atomic.Bool
			done := make(chan int)
			go func() {
				n := 0
				for !over.Load() || n == 0 {
					for r := range owned.All() {
						use(&owned, r)
						n++
					}
					runtime.Gosched()
				}
				done <- n
			}()
			for range 300 {
				var js [8]JoinHandle[int]
				for i := range js {
					js[i] = p.SpawnWith(&q, Ready(i), Options{Owned: &owned})
				}
				runtime.Gosched()
				for q.RunOne() {
				}
				for i := range js {
					if res, ready := js[i].TryJoin(); !ready || res.Err == nil && res.Value != i {
						t.Fatal(res, ready)
					}
				}
			}
			over.Store(true)
			for n := 0; n == 0; { // at least one was used
				select {
				case n = <-done:
				default:
					j := p.SpawnWith(&q, Ready(0), Options{Owned: &owned})
					runtime.Gosched()
					for q.RunOne() {
					}
					j.Detach()
				}
			}
			if owned.Len() != 0 {
				t.Errorf("%d are left", owned.Len())
			}
		})
	}
}
