//go:build rouse_debug

package rouse

import (
	"strings"
	"testing"
)

// What the debug build knows of a task is its own: nothing is left of the former
// tenant of its memory.
func TestDebugRecycledMemoryForgets(t *testing.T) {
	var l loop
	a := l.newActor(orphanActors, nil)
	orphan := func(poll func(cx Context) bool) (err *JoinError) {
		a.poll = poll
		n := orphanActors.InitNotified(a)
		n.Run()
		return newJoinError(&a.Header, CauseOrphaned, nil)
	}
	var w Waker
	first := orphan(func(cx Context) bool { w = cx.Waker().Clone(); endWaker((*Waker).Drop, &w); return false })
	l.run()
	if !strings.Contains(first.LastWaker, "endWaker") {
		t.Fatalf("the first tenant: %q", first.LastWaker)
	}
	second := orphan(pending)
	l.run()
	if second.LastWaker != "it never had an owned waker" {
		t.Errorf("the second tenant: %q", second.LastWaker)
	}
}

// A task that is born idle owes no run, whoever ran in its memory before.
func TestDebugNoNotifiedOfTheFormerTenant(t *testing.T) {
	var l loop
	a := &actor{l: &l, poll: func(Context) bool { return true }}
	n := actors.InitNotified(a)
	n.Run()
	actors.Init(a)
	if h := a.current.Load(); h != nil {
		t.Errorf("the new task has the Notified of the old: %v", h.record.kind)
	}
}

// Of a task that ends otherwise the last waker is not told.
func TestDebugLastWakerIsForOrphans(t *testing.T) {
	var l loop
	j := Spawn[output](&l, l.ready(1))
	j.Abort()
	l.run()
	_, err := join(t, &j)
	wantCause(t, err, CauseAborted, nil)
	if err.LastWaker != "" {
		t.Errorf("%q", err.LastWaker)
	}
}

// A moved handle carries its birth.
func TestDebugMoveKeepsTheToken(t *testing.T) {
	var l loop
	j := Spawn[output](&l, l.ready(1))
	m := j.Move()
	again := copied(&m)
	l.run()
	join(t, &m)
	mustPanic(t, func() { again.TryJoin() }, "the JoinHandle was consumed before, by JoinHandle.TryJoin", "born at:", "TestDebugMoveKeepsTheToken")
}

// InitBound makes a Notified of its own.
func TestDebugNotifiedOfInitBound(t *testing.T) {
	var l loop
	var owned OwnedTasks
	a := &actor{l: &l, poll: func(Context) bool { return true }}
	n, _ := actors.InitBound(a, &owned)
	n.Run()
	mustPanic(t, n.Run, "rouse: Notified.Run: the Notified was consumed before, by Notified.Run", "born at:", "TestDebugNotifiedOfInitBound")
}

// A waker that was borrowed from a task ended when its memory became another,
// though the task was not released.
func TestDebugBorrowOfTheFormerTenant(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	late := a.WakerRef()
	a.Close()
	initSecond(a)
	for op, use := range map[string]func(){"Clone": func() { late.Clone() }, "WakeByRef": late.WakeByRef} {
		mustTell(t, use, "rouse: WakerRef."+op+": a borrowed waker was used after its task, which ended by Init (state IDLE refs=0, of another task in the same memory)",
			"born at:", "newActor", "ended at:", "initSecond")
	}
}

// What is used late is told, and does no harm to the new task: a Notified does not
// poison it.
func TestDebugStaleHandlesHarmNobody(t *testing.T) {
	const says = " is of a task whose memory was given to another before the "
	var l loop
	a, n := l.due()
	w := bearWaker(a.WakerRef())
	a.state.init(flagComplete) // as what was copied and used leaves it
	initSecond(a)
	for op, use := range map[string]func(){
		"Notified.Run":    n.Run,
		"Notified.Drop":   n.Drop,
		"RunQueue.Push":   func() { new(RunQueue).Push(n) },
		"Waker.Wake":      copied(&w).Wake,
		"Waker.WakeByRef": copied(&w).WakeByRef,
		"Waker.Drop":      copied(&w).Drop,
		"Waker.Clone":     func() { copied(&w).Clone() },
		"Waker.IntoRaw":   func() { copied(&w).IntoRaw() },
		"Waker.Borrow":    func() { copied(&w).Borrow() },
	} {
		mustPanic(t, use, "rouse: "+op+": the ", says, "(state IDLE refs=0, of another task in the same memory)",
			"born at:", "the memory's new task born at:", "initSecond")
	}
	if n := a.Snapshot(); n != 0 {
		t.Errorf("the new task: %v", n)
	}
}

//go:noinline
func initFirst(a *actor) { actors.InitNotified(a).Drop() }

//go:noinline
func initSecond(a *actor) { actors.Init(a) }

// What is told of a Header that was overwritten is the birth, and the end, of the
// last task in it.
func TestDebugOverwrittenTellsTheLastTask(t *testing.T) {
	var l loop
	a := &actor{l: &l, poll: pending}
	initFirst(a)
	*a = actor{l: &l, poll: pending}
	msg, _ := panicOf(a.Wake)
	if born, ended, ok := strings.Cut(msg, "ended, by its release, at:\n"); !ok || !strings.Contains(born, "initFirst") || !strings.Contains(ended, "initFirst") {
		t.Errorf("of one that was released: %s", msg)
	}

	b := &actor{l: &l, poll: pending}
	initFirst(b)
	initSecond(b)
	*b = actor{l: &l, poll: pending}
	msg, _ = panicOf(b.Wake)
	if !strings.Contains(msg, "initSecond") || strings.Contains(msg, "initFirst") || strings.Contains(msg, "ended") {
		t.Errorf("of one that came second: %s", msg)
	}
}

// The last waker may have ended by waking, and in whatever other way.
func TestDebugLastWakerOfAWake(t *testing.T) {
	for op, end := range map[string]func(*Waker){
		"Waker.Wake":    (*Waker).Wake,
		"Waker.Drop":    (*Waker).Drop,
		"Waker.IntoRaw": func(w *Waker) { r := w.IntoRaw(); second := Waker{p: r.Data}; second.Drop() },
	} {
		var l loop
		var w Waker
		first := true
		j := Spawn[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
			if first {
				w = cx.Waker().Clone()
			}
			first = false
			return output{}, false
		}})
		l.run()
		endWaker(end, &w)
		l.run()
		_, err := join(t, &j)
		wantCause(t, err, CauseOrphaned, nil)
		if !strings.HasPrefix(err.LastWaker, "its last waker ended by "+op+" at:\n") || !strings.Contains(err.LastWaker, "endWaker") ||
			!strings.HasSuffix(err.Error(), "\n"+err.LastWaker) {
			t.Errorf("%s: %q", op, err.LastWaker)
		}
	}
}

// Two goroutines come to Join at the same moment, and neither sees the other
// before.
func TestDebugJoinsMeet(t *testing.T) {
	var l loop
	j := Spawn[output](&l, l.ready(1))
	done := j.token.joins()
	mustPanic(t, func() { j.token.joins() }, "rouse: JoinHandle.Join: another goroutine is in Join")
	done()
	j.token.joins()()
	l.run()
	j.TryJoin()
}

// A stack has the frames of the kit that user code called, and that called user
// code; but not those in which the handle was made.
func TestDebugStackIsWhole(t *testing.T) {
	var l loop
	var q RunQueue
	var w Waker
	SpawnDetached[output](&q, probe{l: &l, poll: func(cx Context) (output, bool) {
		w = bearWaker(cx.Waker())
		return output{}, false
	}})
	q.RunOne()
	s := w.token.record.born.String()
	last := 0
	for _, f := range []string{"bearWaker", "probe.Poll", "Notified.Run", "RunQueue).RunOne", "TestDebugStackIsWhole"} {
		at := strings.Index(s[last:], f)
		if at < 0 {
			t.Fatalf("%s\nhas no %s, or not in this place", s, f)
		}
		last += at
	}
	if strings.Index(s, "rouse.bearWaker") > strings.Index(s, "\n") {
		t.Errorf("%s\ndoes not begin with who made the handle", s)
	}
	w.Drop()
	q.Close()
}

// A Skip that is higher than the stack leaves no site.
func TestDebugSkipIsTooHigh(t *testing.T) {
	var l loop
	j := SpawnWith[output](&l, l.ready(1), Options{Skip: 1000})
	j.Abort()
	l.run()
	_, err := join(t, &j)
	wantCause(t, err, CauseAborted, nil)
	if err.Site != "" {
		t.Errorf("spawned at %q", err.Site)
	}
}

// A task that was described without a site is told by where it was spawned.
func TestDebugSiteOfADescribedTask(t *testing.T) {
	var l loop
	var owned OwnedTasks
	site := here()
	j := SpawnWith[output](&l, l.ready(1), Options{Owned: &owned})
	owned.Describe(l.last.Header(), "reader", 1000)
	j.Abort()
	l.run()
	_, err := join(t, &j)
	wantCause(t, err, CauseAborted, nil)
	if err.Name != "reader" || err.Site != site {
		t.Errorf("%q, spawned at %q, want %q", err.Name, err.Site, site)
	}
}
