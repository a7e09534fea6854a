//go:build rouse_trace

package rouse

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// recorded runs f and returns the events of its tasks.
func recorded(f func()) []TraceEvent {
	var r events
	SetTracer(&r)
	defer SetTracer(nil)
	f()
	return r.all
}

// What is traced of a task is its own: nothing is left of the former tenant of
// its memory.
func TestTraceOfRecycledMemory(t *testing.T) {
	var l loop
	a := l.newActor(actors, func(cx Context) bool { cx.Waker().WakeByRef(); return false })
	a.Wake()
	for range 3 {
		n, _ := l.q.Pop()
		n.Run()
	}
	a.Abort()
	l.run()
	if a.polls.Load() != 3 || a.wakes.Load() != 4 {
		t.Fatalf("polled %d times, woken %d times", a.polls.Load(), a.wakes.Load())
	}
	a.due = time.Now().Add(-time.Hour) // of a run that never came
	n := actors.InitNotified(a)
	if a.polls.Load()|a.wakes.Load()|a.lastPoll.Load()|a.lastEnd.Load() != 0 || a.born.Load() == 0 {
		t.Errorf("new: %+v", &a.traced)
	}
	a.poll = func(Context) bool { return true }
	for _, e := range recorded(n.Run) {
		if e.Latency != 0 {
			t.Errorf("%+v: no run was submitted", e)
		}
	}

	// An idle one that was never polled is idle since its birth.
	b := l.newActor(actors, pending)
	b.born.Store(5)
	var i TaskInfo
	if b.describe(&i); i.IdleSince.UnixNano() != 5 || !i.LastPoll.IsZero() {
		t.Errorf("%+v", i)
	}
}

// The latency of a run is the time since it was submitted.
func TestTraceLatency(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	a.Wake()
	a.due = a.due.Add(-time.Hour)
	got := false
	for _, e := range recorded(func() { l.run() }) {
		if e.Op == tracePollStart {
			got = e.Latency >= time.Hour && e.Latency < 2*time.Hour
		}
	}
	if !got {
		t.Error("a run that was due for an hour was not late")
	}
}

// The events of a waker that ends its task are of that task, not of the next one
// in its memory.
func TestTraceOfAWakerThatReleases(t *testing.T) {
	for op, c := range map[string]struct {
		end     func(w *Waker)
		outcome string
	}{
		traceWake: {(*Waker).Wake, outcomeComplete},
		traceDrop: {(*Waker).Drop, outcomeNone},
	} {
		var l loop
		var again *actor
		v := actorVtable(func(o *Ops[actor]) { o.Release = func(a *actor) { again = a } })
		a := &actor{l: &l, poll: func(Context) bool { return true }}
		n := v.InitNotified(a)
		w := a.WakerRef().Clone()
		n.Run()
		id := a.ID()
		// The memory is another task's as soon as the word is dead: the event's ID
		// and totals were copied before. An id that is gone shows it.
		var total uint64
		before := unboundOf(op)
		all := recorded(func() {
			c.end(&w)
			total = unboundOf(op) - before
		})
		if again != a || len(all) != 2 || all[0].Op != op || all[0].Task != id || all[0].Outcome != c.outcome ||
			all[1].Op != traceRelease || all[1].Task != id || total != 1 {
			t.Errorf("%s: %+v, counted %d times", op, all, total)
		}
	}
}

// unboundOf returns how many operations of tasks without a list were counted.
func unboundOf(op string) uint64 {
	c, _ := Unbound()
	switch op {
	case traceWake:
		return c.WakesAfterComplete
	case traceDrop:
		return c.Drops
	}
	return 0
}

// A traced operation copies what its event says before it changes the word: then
// the memory may be another task's.
func TestTraceCopiesBefore(t *testing.T) {
	var l loop
	a, b := l.newActor(actors, pending), l.newActor(actors, pending)
	id, other := a.ID(), b.ID()
	var r events
	SetTracer(&r)
	defer SetTracer(nil)
	tracedWake(&a.state, traceWake, func(s *State) action {
		a.id.Store(uint64(other)) // the next tenant's
		return actNone
	})
	a.id.Store(uint64(id))
	if len(r.all) != 1 || r.all[0].Task != id {
		t.Errorf("%+v, want task %d", r.all, id)
	}
}

// The wake's event precedes the submission.
func TestTraceOrderOfAWake(t *testing.T) {
	var l loop
	var r events
	v := actorVtable(func(o *Ops[actor]) {
		o.Schedule = func(a *actor, n Notified, why Reason) {
			if len(r.all) == 0 || r.all[len(r.all)-1].Outcome != outcomeSubmitted {
				t.Errorf("submitted before it was told: %+v", r.all)
			}
			a.l.Schedule(n, why)
		}
	})
	for _, wake := range []func(a *actor){
		func(a *actor) { a.Wake() },
		func(a *actor) { w := a.WakerRef().Clone(); w.Wake() },
	} {
		a := l.newActor(v, pending)
		r.all = nil
		SetTracer(&r)
		wake(a)
		SetTracer(nil)
		l.run()
	}
}

// An orphan that is kept was orphaned all the same, by the drop of its last waker.
func TestTraceOfAKeptOrphanByADrop(t *testing.T) {
	var k keeper
	var w Waker
	j := Spawn[output](&k, k.never(&w))
	k.run()
	all := recorded(w.Drop)
	if len(all) != 2 || all[0].Op != traceDrop || all[0].Outcome != outcomeOrphaned || all[1].Op != traceOrphan {
		t.Errorf("%+v", all)
	}
	j.Abort()
	k.run()
	j.Detach()
}

// The name and the site are traced together, of tasks on the list only.
func TestTraceOfNames(t *testing.T) {
	var l loop
	var owned OwnedTasks
	a := l.newActor(actors, pending)
	if all := recorded(func() { owned.Describe(&a.Header, "x", 0) }); len(all) != 0 {
		t.Errorf("of a task that is on no list: %+v", all)
	}
	owned.Bind(&a.Header)
	all := recorded(func() { owned.Describe(&a.Header, "x", 0) })
	if len(all) != 1 || all[0].Op != traceName || all[0].Task != a.ID() || all[0].Name != "x" || !strings.Contains(all[0].Site, "trace_recycled_test.go:") {
		t.Errorf("%+v", all)
	}
	owned.Remove(&a.Header)
	if all := recorded(func() { owned.Describe(&a.Header, "y", 0) }); len(all) != 0 {
		t.Errorf("of a task that has left the list: %+v", all)
	}
}

// Without a Tracer nothing is told, and the totals of tasks without a list are
// counted all the same.
func TestTraceStops(t *testing.T) {
	var l loop
	var r events
	SetTracer(&r)
	SetTracer(nil)
	before, _ := Unbound()
	a := l.newActor(actors, pending)
	a.Wake()
	l.run()
	after, on := Unbound()
	if len(r.all) != 0 || !on {
		t.Errorf("told of %+v", r.all)
	}
	if after.Polls != before.Polls+1 || after.WakesSubmitted != before.WakesSubmitted+1 {
		t.Errorf("%+v, then %+v", before, after)
	}
	if i := slices.IndexFunc(r.all, func(e TraceEvent) bool { return e.Task == a.ID() }); i >= 0 {
		t.Error("told of a task after it was stopped")
	}
}

// A new task has its own ID from its first event on.
func TestTraceOfASecondSpawn(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	former := a.ID()
	a.Close()
	all := recorded(func() { actors.Init(a) })
	if len(all) != 1 || all[0].Op != traceSpawn || all[0].Task == former || all[0].Task != a.ID() {
		t.Errorf("%+v, after task %d; this is %d", all, former, a.ID())
	}
}

// The release is told before Ops.Release, which may make the memory another task.
func TestTraceOrderOfARelease(t *testing.T) {
	var l loop
	var r events
	told := false
	v := actorVtable(func(o *Ops[actor]) {
		o.Release = func(*actor) { told = len(r.all) > 0 && r.all[len(r.all)-1].Op == traceRelease }
	})
	n := v.InitNotified(&actor{l: &l, poll: func(Context) bool { return true }})
	SetTracer(&r)
	n.Run()
	SetTracer(nil)
	if !told {
		t.Errorf("Release was called before %+v", r.all)
	}
}

// A run is due before the scheduler has it, which may run the task at once.
func TestTraceIsDueWhenSubmitted(t *testing.T) {
	var l loop
	due := 0
	v := actorVtable(func(o *Ops[actor]) {
		o.Schedule = func(a *actor, n Notified, why Reason) { due += btoi(!a.due.IsZero()); a.l.Schedule(n, why) }
		o.Yield = func(a *actor, n Notified) { due += btoi(!a.due.IsZero()); a.l.Yield(n) }
	})
	a := l.newActor(v, nil)
	a.poll = func(cx Context) bool {
		if !a.due.IsZero() {
			t.Error("due while it runs")
		}
		if l.polls == 1 {
			cx.Waker().WakeByRef()
		}
		return false
	}
	a.Wake()
	l.run()
	a.Abort()
	if due != 3 {
		t.Errorf("due at %d of 3 submissions", due)
	}
	if a.wakes.Load() != 2 {
		t.Errorf("%d wakes led to a run, and an abort", a.wakes.Load())
	}
	l.run()
	var i TaskInfo
	i.State = a.Snapshot()
	if a.describe(&i); !i.IdleSince.IsZero() {
		t.Errorf("it has ended, and is idle since %v", i.IdleSince)
	}
}

// Every wake of a task that runs is told as such, and counted where the task is.
func TestTraceOfWakesWhileRunning(t *testing.T) {
	var l loop
	var owned OwnedTasks
	a := &actor{l: &l}
	a.poll = func(cx Context) bool {
		for range 3 {
			cx.Waker().WakeByRef()
		}
		return true
	}
	n, _ := actors.InitBound(a, &owned)
	w := a.WakerRef().Clone()
	running := 0
	for _, e := range recorded(n.Run) {
		if e.Op == traceWakeByRef {
			running += btoi(e.Outcome == outcomeRunning)
		}
	}
	w.WakeByRef()
	w.Drop()
	c := owned.Counters()
	if running != 3 || c.WakesWhileRunning != 3 || c.WakesAfterComplete != 1 || c.WakesCoalesced != 0 || c.Completed != 1 || c.Released != 1 || c.Drops != 1 {
		t.Errorf("%d told; %+v", running, c)
	}
}

// A watcher is a Tracer that looks at the list when it is told of a task on it.
type watcher struct{ owned *OwnedTasks }

func (w *watcher) Trace(TraceEvent) { w.owned.Len() }

// No event is told under a lock.
func TestTraceHoldsNoLock(t *testing.T) {
	var l loop
	var owned OwnedTasks
	SetTracer(&watcher{&owned})
	defer SetTracer(nil)
	var ws [3]Waker
	for i := range ws {
		j := SpawnWith[output](&l, l.never(&ws[i]), Options{Owned: &owned, Name: "reader"})
		j.Detach()
	}
	l.run()
	for r := range owned.All() {
		owned.Describe(r.Header(), "writer", 0)
		r.Header().WakerRef().SetLabel("a job")
		break
	}
	ws[0].Drop()
	l.run()
	owned.CloseAndShutdownAll()
	j := SpawnWith[output](&l, l.ready(1), Options{Owned: &owned, Name: "late"})
	j.Detach()
	ws[1].Drop()
	ws[2].Wake()
}

// An orphan is told before its last run is submitted, and so is one that is kept.
func TestTraceOrderOfAnOrphan(t *testing.T) {
	for _, kept := range []bool{false, true} {
		var l loop
		var r events
		told := 0
		o := actorOps
		o.OrphanCheck = true
		if kept {
			o.Orphaned = func(*actor, *JoinError) {}
		}
		o.Schedule = func(a *actor, n Notified, why Reason) {
			told += btoi(len(r.all) > 0 && r.all[len(r.all)-1].Op == traceOrphan)
			a.l.Schedule(n, why)
		}
		v := NewVtable(o)
		var owned OwnedTasks
		a := &actor{l: &l, poll: pending}
		n, _ := v.InitBound(a, &owned)
		w := a.WakerRef().Clone()
		n.Run()
		SetTracer(&r)
		w.Drop()
		SetTracer(nil)
		if told != 1 || l.scheduled != 1 {
			t.Errorf("kept %v: submitted %d times, %d after %+v", kept, l.scheduled, told, r.all)
		}
		l.run()
		owned.CloseAndShutdownAll()
	}
}
