package rouse

import (
	"reflect"
	"runtime"
	"testing"
)

// Init makes an idle task of the caller's own: it is released after Disown,
// and after the last waker.
func TestActorLifeCycle(t *testing.T) {
	var l loop
	var w Waker
	polls := 0
	a := l.newActor(actors, func(cx Context) bool {
		polls++
		w.CloneFrom(cx.Waker())
		return polls == 3
	})
	l.want(t, counts{}, "IDLE refs=0")
	a.Wake()
	l.want(t, counts{scheduled: 1}, "NOTIFIED refs=0")
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1}, "IDLE refs=1")
	w.WakeByRef()
	a.Wake()
	l.run()
	l.want(t, counts{scheduled: 2, polls: 2}, "IDLE refs=1")
	w.Wake()
	l.run()
	l.want(t, counts{scheduled: 3, polls: 3}, "COMPLETE refs=1")
	a.Wake()
	a.Disown()
	l.want(t, counts{scheduled: 3, polls: 3}, "COMPLETE|UNOWNED refs=1")
	w.Drop()
	l.want(t, counts{scheduled: 3, polls: 3, released: 1}, "COMPLETE|UNOWNED refs=0")
	if l.why[0] != Woken || l.why[2] != Woken || len(a.causes) != 0 {
		t.Errorf("%v, cancelled by %v", l.why, a.causes)
	}
}

// InitNotified makes a task that nobody owns, and that owes its first run.
func TestActorInitNotified(t *testing.T) {
	var l loop
	a := &actor{l: &l, poll: func(cx Context) bool {
		if l.polls == 1 {
			cx.Waker().WakeByRef()
		}
		return l.polls == 2
	}}
	n := actors.InitNotified(a)
	l.last = n.Task()
	l.want(t, counts{}, "NOTIFIED|UNOWNED refs=0")
	n.Run()
	l.want(t, counts{polls: 1, yields: 1}, "NOTIFIED|UNOWNED refs=0")
	l.run()
	l.want(t, counts{polls: 2, yields: 1, released: 1}, "COMPLETE|UNOWNED refs=0")
	if n.Task().Header() != &a.Header || n.Task().ID() != a.ID() || n.IsZero() {
		t.Error("another task")
	}
}

// Disown at each stage. A pending task that nobody can wake any more is
// scheduled for its end.
func TestDisown(t *testing.T) {
	stages := []struct {
		name string
		run  func(l *loop, a *actor, w *Waker)
		want counts
		last string
	}{
		{"idle", func(*loop, *actor, *Waker) {}, counts{scheduled: 1, futures: 1, released: 1}, "COMPLETE|CANCELLED(orphaned)|UNOWNED refs=0"},
		{"idle, a waker left", func(_ *loop, a *actor, w *Waker) { *w = a.WakerRef().Clone() }, counts{}, "IDLE|UNOWNED refs=1"},
		{"notified", func(_ *loop, a *actor, _ *Waker) { a.Wake() }, counts{scheduled: 1, polls: 1, released: 1}, "COMPLETE|UNOWNED refs=0"},
		{"complete", func(l *loop, a *actor, _ *Waker) { a.Wake(); l.run() }, counts{scheduled: 1, polls: 1, released: 1}, "COMPLETE|UNOWNED refs=0"},
		{"closed", func(_ *loop, a *actor, _ *Waker) { a.Close() }, counts{futures: 1, released: 1}, "COMPLETE|CANCELLED(closed)|UNOWNED refs=0"},
	}
	for _, s := range stages {
		t.Run(s.name, func(t *testing.T) {
			var l loop
			var w Waker
			a := l.newActor(actors, func(Context) bool { return true })
			s.run(&l, a, &w)
			a.Disown()
			l.run()
			l.want(t, s.want, s.last)
			if !w.IsZero() {
				w.Wake()
				l.run()
				if l.released != 1 {
					t.Errorf("%+v", l.counts)
				}
			}
		})
	}
}

// A task disowns itself while it runs.
func TestDisownDuringPoll(t *testing.T) {
	for _, ready := range []bool{true, false} {
		var l loop
		var a *actor
		a = l.newActor(actors, func(Context) bool { a.Disown(); return ready })
		a.Wake()
		l.run()
		if l.released != 1 || l.polls != 1 || l.futures != btoi(!ready) {
			t.Errorf("ready %v: %+v, %v", ready, l.counts, a.Snapshot())
		}
	}
}

// Close at each stage: here and now if the task is idle, else at its next run.
func TestClose(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	if !a.Close() || a.Close() {
		t.Error("not closed here, once")
	}
	l.want(t, counts{futures: 1}, "COMPLETE|CANCELLED(closed) refs=0")

	l = loop{}
	a = l.newActor(actors, pending)
	a.Wake()
	if a.Close() || l.futures != 0 {
		t.Error("closed here, though its Notified is queued")
	}
	l.run()
	l.want(t, counts{scheduled: 1, futures: 1}, "COMPLETE|CANCELLED(closed) refs=0")

	for _, ready := range []bool{true, false} {
		l = loop{}
		a = l.newActor(actors, func(Context) bool {
			if a.Close() || l.futures != 0 {
				t.Error("closed while it runs")
			}
			return ready
		})
		a.Wake()
		l.run()
		if l.polls != 1 || l.futures != btoi(!ready) || a.Close() || !a.Snapshot().Complete() {
			t.Errorf("ready %v: %+v, %v", ready, l.counts, a.Snapshot())
		}
		if !ready && a.causes[0] != CauseClosed {
			t.Errorf("cancelled by %v", a.causes)
		}
	}
}

func TestAbortThenClose(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	a.Abort()
	if a.Close() {
		t.Error("closed here, though it was aborted before")
	}
	l.run()
	l.want(t, counts{scheduled: 1, futures: 1}, "COMPLETE|CANCELLED(aborted) refs=0")
	if len(a.causes) != 1 || a.causes[0] != CauseAborted {
		t.Errorf("cancelled by %v", a.causes)
	}
}

// After its Close a task's memory can be a task again.
func TestInitAgain(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	ids := map[ID]bool{}
	for i := range 3 {
		actors.Init(a)
		if ids[a.ID()] {
			t.Error("an ID was dealt twice")
		}
		ids[a.ID()] = true
		a.Wake()
		l.run()
		a.Close()
		if a.Disown(); l.released != i+1 || l.futures != i+1 || l.polls != i+1 {
			t.Errorf("%+v", l.counts)
		}
	}
}

// A waker of a task compares equal to every other of it, owned or borrowed.
func TestWillWakeOfActors(t *testing.T) {
	for _, v := range []*Vtable[actor]{actors, orphanActors, uncountedActors} {
		var l loop
		a, b := l.newActor(v, pending), l.newActor(v, pending)
		w, other := a.WakerRef().Clone(), b.WakerRef().Clone()
		second := w.Clone()
		for _, r := range []WakerRef{a.WakerRef(), w.Borrow(), second.Borrow()} {
			if !w.WillWake(r) || !r.WillWake(w.Borrow()) || other.WillWake(r) || r.WillWake(WakerRef{}) {
				t.Error("wakers of one task differ, or of two are equal")
			}
			if task, ok := r.Task(); !ok || task.Header() != &a.Header {
				t.Error("another task")
			}
		}
		w.Drop()
		second.Drop()
		other.Drop()
	}
}

// Yield is Schedule, where there is none.
func TestNoYield(t *testing.T) {
	var l loop
	v := actorVtable(func(o *Ops[actor]) { o.Yield = nil })
	a := l.newActor(v, func(cx Context) bool { cx.Waker().WakeByRef(); return l.polls == 2 })
	a.Wake()
	l.run()
	l.want(t, counts{scheduled: 2, polls: 2}, "COMPLETE|NOTIFIED refs=0")
	if l.why[1] != Yielded {
		t.Errorf("submitted as %v", l.why[1])
	}
}

// The orphan policy is for tasks that nobody owns from their first run on: an
// owner wakes without a waker.
func TestOrphanCheckSparesOwnedActors(t *testing.T) {
	var l loop
	a := l.newActor(orphanActors, pending)
	w := a.WakerRef().Clone()
	w.Drop()
	a.Wake()
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1}, "IDLE refs=0")
}

// The link of a task is its holder's, to make a list of.
func TestLinks(t *testing.T) {
	var l loop
	var a, b actor
	a.l, b.l = &l, &l
	n, m := actors.InitNotified(&a), actors.InitNotified(&b)
	if next := n.Next(); !next.IsZero() {
		t.Errorf("a new task is linked to %v", next)
	}
	n.SetNext(m)
	if next := n.Next(); next.IsZero() || next.Task() != m.Task() {
		t.Errorf("linked to %v, want %v", next, m)
	}
	n.SetNext(Notified{})
	if next := n.Next(); !next.IsZero() {
		t.Errorf("unlinked, and linked to %v", next)
	}
	n.Drop()
	m.Drop()
}

// A task that is made again is on no list, and has no link.
func TestInitForgets(t *testing.T) {
	var l loop
	var one, two OwnedTasks
	a := &actor{l: &l, poll: pending}
	n, _ := actors.InitBound(a, &one)
	m := actors.InitNotified(new(actor))
	n.SetNext(m)
	n.Run()
	one.CloseAndShutdownAll()
	n = actors.InitNotified(a)
	if next := n.Next(); !next.IsZero() {
		t.Errorf("linked to %v", next)
	}
	if two.Remove(&a.Header) {
		t.Error("removed from a list that it was not on")
	}
	n.Drop()
}

// A Header that no Vtable has made a task says so, and stays as it was.
func TestHeaderNeverInitialised(t *testing.T) {
	var h Header
	var o OwnedTasks
	for op, use := range map[string]func(){
		"Header.Wake":  h.Wake,
		"Header.Abort": func() { h.Abort() },
		"Header.Close": func() { h.Close() },

		"Header.AbortHandle": func() { h.AbortHandle() },
		"Header.Disown":      h.Disown,
		"Header.WakerRef":    func() { h.WakerRef() },
		"OwnedTasks.Bind":    func() { o.Bind(&h) },
	} {
		mustPanic(t, use, "rouse: "+op+": the Header is no task yet")
		if !reflect.DeepEqual(&h, new(Header)) || o.Len() != 0 {
			t.Errorf("%s: the Header was changed, or is on a list", op)
		}
	}
}

// A task that something refers to cannot become another, and is not harmed.
func TestInitRefuses(t *testing.T) {
	inits := map[string]func(v *Vtable[actor], a *actor){
		"Init":         func(v *Vtable[actor], a *actor) { v.Init(a) },
		"InitNotified": func(v *Vtable[actor], a *actor) { v.InitNotified(a) },
		"InitBound":    func(v *Vtable[actor], a *actor) { v.InitBound(a, new(OwnedTasks)) },
	}
	var w Waker
	var o OwnedTasks
	stages := map[string]struct {
		with *Vtable[actor]
		set  func(l *loop, a *actor)
		says string
	}{
		"queued":             {actors, func(_ *loop, a *actor) { a.Wake() }, "it is queued"},
		"woken by a waker":   {actors, func(_ *loop, a *actor) { w := a.WakerRef().Clone(); w.Wake() }, "it is queued"},
		"with a waker":       {actors, func(_ *loop, a *actor) { w = a.WakerRef().Clone() }, "a waker of it exists"},
		"ended, with one":    {actors, func(_ *loop, a *actor) { w = a.WakerRef().Clone(); a.Close() }, "a waker of it exists"},
		"listed":             {actors, func(_ *loop, a *actor) { o.Bind(&a.Header) }, "it is on the list of an OwnedTasks"},
		"of another Vtable":  {orphanActors, func(*loop, *actor) {}, "it was made a task by another Vtable"},
		"of another, ended":  {orphanActors, func(_ *loop, a *actor) { a.Close() }, "it was made a task by another Vtable"},
		"poisoned":           {actors, func(_ *loop, a *actor) { a.state.poison() }, "it was misused before"},
		"poisoned and ended": {actors, func(_ *loop, a *actor) { a.Close(); a.state.poison() }, "it was misused before"},
	}
	refused := func(t *testing.T, v *Vtable[actor], a *actor, says string) {
		t.Helper()
		for op, init := range inits {
			word, id, vtable, shard, link := a.Snapshot(), a.ID(), a.vtable, a.shard, a.next
			mustPanic(t, func() { init(v, a) }, "rouse: Vtable."+op+": ", says, "(state "+word.String()+")")
			if a.Snapshot() != word || a.ID() != id || a.vtable != vtable || a.shard != shard || a.next != link {
				t.Errorf("%s changed the task: %v → %v", op, word, a.Snapshot())
			}
		}
	}
	for name, s := range stages {
		t.Run(name, func(t *testing.T) {
			var l loop
			a := l.newActor(actors, pending)
			s.set(&l, a)
			refused(t, s.with, a, s.says)
			if !w.IsZero() {
				w.Drop()
			}
		})
	}
	t.Run("running", func(t *testing.T) {
		var l loop
		var a *actor
		a = l.newActor(actors, func(Context) bool { refused(t, actors, a, "it is running"); return true })
		a.Wake()
		l.run()
		l.want(t, counts{scheduled: 1, polls: 1}, "COMPLETE refs=0")
		o.CloseAndShutdownAll()
		actors.Init(a) // as any task that has ended
		l.want(t, counts{scheduled: 1, polls: 1}, "IDLE refs=0")
	})
}

// Release is the first moment at which a task can be made again.
func TestInitInRelease(t *testing.T) {
	var l loop
	var again func(a *actor)
	v := actorVtable(func(o *Ops[actor]) { o.Release = func(a *actor) { l.release(); again(a) } })
	again = func(a *actor) {
		if l.released < 3 {
			l.q.Push(v.InitNotified(a))
		}
	}
	a := &actor{l: &l, poll: func(Context) bool { return true }}
	l.last = RawTask{&a.Header}
	v.InitNotified(a).Run()
	if runs := l.run(); runs != 2 {
		t.Errorf("%d runs", runs)
	}
	l.want(t, counts{polls: 3, released: 3}, "COMPLETE|UNOWNED refs=0")
}

// A chained task holds the last waker of the next, and gives it up when it is
// released.
type chained struct {
	Header
	next Waker
	deep *int // releases that are under way
	most *int
}

var chainedTasks = NewVtable(Ops[chained]{
	Poll:   func(*chained, Context) bool { return true },
	Cancel: func(*chained, Cause) {},
	//wakervet:allow notifiedlost these tasks are closed, and never scheduled
	Schedule: func(*chained, Notified, Reason) {},
	Release: func(c *chained) {
		*c.deep++
		if *c.deep > *c.most {
			*c.most = *c.deep
			if *c.most%(chainLength/4) == 0 {
				noteStack()
			}
		}
		c.next.Drop()
		*c.deep--
	},
})

var chainStack uint64

//go:noinline
func noteStack() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	chainStack = max(chainStack, m.StackInuse)
}

// The releases of a chain nest, as Ops.Release says, each on so much of the stack
// at most.
func TestChainOfReleases(t *testing.T) {
	const perRelease = 1 << 10
	n := chainLength
	deep, most := 0, 0
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	chainStack = 0
	done := make(chan struct{})
	go func() { // whose stack is new
		defer close(done)
		var last Waker
		for range n {
			c := &chained{next: last.Move(), deep: &deep, most: &most}
			chainedTasks.Init(c)
			last = c.WakerRef().Clone()
			c.Close()
			c.Disown()
		}
		last.Drop()
	}()
	<-done
	if most != n || deep != 0 {
		t.Errorf("%d of %d were released, %d are not done", most, n, deep)
	}
	// A stack grows by doubling: it is twice what is used, or less.
	if used := chainStack - min(chainStack, before.StackInuse); used > uint64(2*n*perRelease) {
		t.Errorf("%d releases took %d KB of stack", n, used>>10)
	}
	t.Logf("%d releases, %d bytes of stack each at most", n, (chainStack-min(chainStack, before.StackInuse))/uint64(n))
}

// The flat way that Ops.Release names: wakers to give up are noted, and dropped
// where no release is under way.
func TestChainOfReleasesFlat(t *testing.T) {
	var later []Waker
	deep, most, released := 0, 0, 0
	v := NewVtable(Ops[chained]{
		Poll:   func(*chained, Context) bool { return true },
		Cancel: func(*chained, Cause) {},
		//wakervet:allow notifiedlost these tasks are closed, and never scheduled
		Schedule: func(*chained, Notified, Reason) {},
		Release: func(c *chained) {
			deep++
			most = max(most, deep)
			released++
			later = append(later, c.next.Move())
			deep--
		},
	})
	var last Waker
	for range chainLength {
		c := &chained{next: last.Move()}
		v.Init(c)
		last = c.WakerRef().Clone()
		c.Close()
		c.Disown()
	}
	for later = append(later, last.Move()); len(later) > 0; {
		w := later[0].Move()
		later = later[1:]
		w.Drop()
	}
	if released != chainLength || most != 1 {
		t.Errorf("%d released, %d deep", released, most)
	}
}

// A task that was woken while it ended has no run that is owed: it may be
// initialised again.
func TestInitAfterALateWake(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	a.state.init(flagComplete | flagNotified)
	actors.Init(a)
	if n := a.Snapshot(); n != 0 {
		t.Errorf("state %v", n)
	}
}

func TestWakeDuringCancel(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	a.cancel = func(Cause) { a.Wake() }
	if !a.Close() {
		t.Error("it is not idle")
	}
	l.want(t, counts{futures: 1}, "COMPLETE|NOTIFIED|CANCELLED(closed) refs=0")
	mustBe := a.Snapshot()
	if a.Wake(); a.Snapshot() != mustBe {
		t.Errorf("a wake after the end changes the word to %v", a.Snapshot())
	}
}
