//go:build rouse_debug

package rouse

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The other tests lose handles on purpose.
var _ = OnLeak(func(Leak) {})

// copied returns a second owner of the same handle, as a copy of the struct makes it.
func copied[T any](p *T) *T {
	c := new(T)
	*c = *p
	return c
}

// These are where handles are born and end in the messages below.

//go:noinline
func bearWaker(r WakerRef) Waker { return r.Clone() }

//go:noinline
func endWaker(use func(*Waker), w *Waker) { use(w) }

//go:noinline
func useNotified(use func(Notified), n Notified) { use(n) }

// mustTell checks that f panics with one line that says what, which task and
// which state, then the parts, in order.
func mustTell(t *testing.T, f func(), line string, parts ...string) {
	t.Helper()
	msg, panicked := panicOf(f)
	if !panicked {
		t.Fatalf("no panic, want %q", line)
	}
	first, rest, _ := strings.Cut(msg, "\n")
	if first != line {
		t.Errorf("message\n%s\nwant\n%s", first, line)
	}
	for _, p := range parts {
		_, after, ok := strings.Cut(rest, p)
		if !ok {
			t.Fatalf("message\n%s\ndoes not say %q, or not in this order: %q", msg, p, parts)
		}
		rest = after
	}
}

// A waker that was copied is used after the original was consumed.
func TestDebugWakerUsedTwice(t *testing.T) {
	const tail = " (task %d, state IDLE refs=1)"
	for name, c := range map[string]struct {
		first, second func(*Waker)
		says          string
	}{
		"dropped twice":         {(*Waker).Drop, (*Waker).Drop, "Waker.Drop: the Waker was consumed before, by Waker.Drop"},
		"dropped, woken":        {(*Waker).Wake, (*Waker).Drop, "Waker.Drop: the Waker was consumed before, by Waker.Wake"},
		"woken, dropped":        {(*Waker).Drop, (*Waker).Wake, "Waker.Wake: the Waker was consumed before, by Waker.Drop"},
		"woken by reference":    {(*Waker).Drop, (*Waker).WakeByRef, "Waker.WakeByRef: the Waker was consumed before, by Waker.Drop"},
		"cloned":                {(*Waker).Drop, func(w *Waker) { w.Clone() }, "Waker.Clone: the Waker was consumed before, by Waker.Drop"},
		"borrowed":              {(*Waker).Drop, func(w *Waker) { w.Borrow() }, "Waker.Borrow: the Waker was consumed before, by Waker.Drop"},
		"taken apart":           {(*Waker).Drop, func(w *Waker) { w.IntoRaw() }, "Waker.IntoRaw: the Waker was consumed before, by Waker.Drop"},
		"after it was taken so": {func(w *Waker) { r := WakerFromRaw(w.IntoRaw()); r.Drop() }, (*Waker).Drop, "Waker.Drop: the Waker was consumed before, by Waker.IntoRaw"},
		"moved and consumed":    {func(w *Waker) { m := w.Move(); m.Drop() }, (*Waker).Drop, "Waker.Drop: the Waker was consumed before, by Waker.Drop"},
	} {
		t.Run(name, func(t *testing.T) {
			var l loop
			a := l.newActor(actors, pending)
			keep := a.WakerRef().Clone()
			w := bearWaker(a.WakerRef())
			second := copied(&w)
			endWaker(c.first, &w)
			l.run()
			mustTell(t, func() { c.second(second) }, "rouse: "+c.says+fmt.Sprintf(tail, a.ID()),
				"born at:", "bearWaker", "debug_test.go:", "ended at:", "endWaker", "debug_test.go:")
			if a.Snapshot().Refs() != 1 {
				t.Errorf("the task was harmed: %v", a.Snapshot())
			}
			keep.Drop()
		})
	}
}

// A waker that was put together again is one of its own.
func TestDebugWakerFromRaw(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	keep := a.WakerRef().Clone()
	w := a.WakerRef().Clone()
	again := WakerFromRaw(w.IntoRaw())
	second := copied(&again)
	endWaker((*Waker).Drop, &again)
	mustTell(t, second.Drop, fmt.Sprintf("rouse: Waker.Drop: the Waker was consumed before, by Waker.Drop (task %d, state IDLE refs=1)", a.ID()), "ended at:", "endWaker", "debug_test.go:")
	if a.Snapshot().Refs() != 1 {
		t.Errorf("the task was harmed: %v", a.Snapshot())
	}
	keep.Drop()
}

// A WakerRef is used after what it was borrowed from has ended.
func TestDebugBorrowUsedLate(t *testing.T) {
	var l loop
	var late WakerRef
	a := l.newActor(actors, func(cx Context) bool { late = cx.Waker(); return false })
	a.Wake()
	l.run()
	says := func(op, what string) string {
		return fmt.Sprintf("rouse: WakerRef.%s: %s (task %d, state IDLE refs=0)", op, what, a.ID())
	}
	after := "a borrowed waker was used after its poll, which ended by the return of its Poll"
	mustTell(t, func() { late.Clone() }, says("Clone", after), "born at:", "loop).run")
	mustTell(t, late.WakeByRef, says("WakeByRef", after), "born at:", "loop).run")

	w := bearWaker(a.WakerRef())
	late = w.Borrow()
	endWaker((*Waker).Drop, &w)
	mustTell(t, late.WakeByRef, says("WakeByRef", "the Waker was consumed before, by Waker.Drop"),
		"born at:", "bearWaker", "ended at:", "endWaker")

	late = a.WakerRef()
	a.Close()
	a.Disown()
	mustTell(t, func() { late.Clone() },
		fmt.Sprintf("rouse: WakerRef.Clone: a borrowed waker was used after its task, which ended by its release (task %d, state COMPLETE|CANCELLED(closed)|UNOWNED refs=0)", a.ID()),
		"born at:", "newActor", "ended at:", "TestDebugBorrowUsedLate")
}

// A Notified is used twice.
func TestDebugNotifiedUsedTwice(t *testing.T) {
	for _, c := range []struct {
		first, second func(Notified)
		says          string
	}{
		{Notified.Run, Notified.Run, "Notified.Run: the Notified was consumed before, by Notified.Run"},
		{Notified.Run, Notified.Drop, "Notified.Drop: the Notified was consumed before, by Notified.Run"},
		{Notified.Drop, Notified.Run, "Notified.Run: the Notified was consumed before, by Notified.Drop"},
		{Notified.Drop, Notified.Drop, "Notified.Drop: the Notified was consumed before, by Notified.Drop"},
	} {
		var l loop
		a := l.newActor(actors, pending)
		a.Wake()
		n, _ := l.q.Pop()
		useNotified(c.first, n)
		mustTell(t, func() { c.second(n) }, "rouse: "+c.says+fmt.Sprintf(" (task %d, state %v)", a.ID(), a.Snapshot()),
			"born at:", "TestDebugNotifiedUsedTwice", "ended at:", "useNotified")
		if !a.Snapshot().Poisoned() {
			t.Errorf("the task is not poisoned: %v", a.Snapshot())
		}
	}
}

// A queue gives out the handle that it was given, not a new one.
func TestDebugNotifiedInAQueue(t *testing.T) {
	var l loop
	var q RunQueue
	a := l.newActor(actors, pending)
	a.Wake()
	n, _ := l.q.Pop()
	q.Push(n)
	popped, _ := q.Pop()
	popped.Run()
	mustTell(t, n.Run, fmt.Sprintf("rouse: Notified.Run: the Notified was consumed before, by Notified.Run (task %d, state IDLE refs=0)", a.ID()))
}

// A JoinHandle that was copied is used after the original was consumed.
func TestDebugJoinHandleUsedTwice(t *testing.T) {
	consumers := map[string]func(j *JoinHandle[output]){
		"JoinHandle.Detach":  (*JoinHandle[output]).Detach,
		"JoinHandle.TryJoin": func(j *JoinHandle[output]) { j.TryJoin() },
		"JoinHandle.Poll":    func(j *JoinHandle[output]) { j.Poll(NewContext((&spy{}).ref())) },
	}
	uses := map[string]func(j *JoinHandle[output]){
		"JoinHandle.Abort":       func(j *JoinHandle[output]) { j.Abort() },
		"JoinHandle.AbortHandle": func(j *JoinHandle[output]) { j.AbortHandle() },
		"JoinHandle.IsFinished":  func(j *JoinHandle[output]) { j.IsFinished() },
		"JoinHandle.ID":          func(j *JoinHandle[output]) { j.ID() },
	}
	for op, use := range consumers {
		uses[op] = use
	}
	for first, consume := range consumers {
		for second, use := range uses {
			var l loop
			j := Spawn[output](&l, l.ready(1))
			again := copied(&j)
			id := j.ID()
			l.run()
			consume(&j)
			mustTell(t, func() { use(again) },
				fmt.Sprintf("rouse: %s: the JoinHandle was consumed before, by %s (task %d, state %v)", second, first, id, l.last.Snapshot()),
				"born at:", "TestDebugJoinHandleUsedTwice", "ended at:", "TestDebugJoinHandleUsedTwice")
		}
	}
	var l loop
	j := Spawn[output](&l, l.ready(1))
	again := copied(&j)
	l.run()
	j.Join(context.Background())
	mustPanic(t, func() { again.Join(context.Background()) }, "the JoinHandle was consumed before")
}

// The memory of a task becomes another task, while a handle of the first exists.
func TestDebugRecycledCell(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	w := bearWaker(a.WakerRef())
	a.state.init(flagComplete) // as a dropped waker that was copied leaves it
	actors.Init(a)
	mustTell(t, w.Wake,
		"rouse: Waker.Wake: the Waker is of a task whose memory was given to another before the Waker was consumed (state IDLE refs=0, of another task in the same memory)",
		"born at:", "bearWaker", "the memory's new task born at:", "TestDebugRecycledCell")

	// An ended handle, of a cell that its pool gave to another task. Which
	// cell that is, is up to the pool.
	var p Pool[output, probe]
	for range 100 {
		j := p.Spawn(&l, l.ready(1))
		first, again := l.last, copied(&j)
		_, _ = l.q.Pop()
		first.Header().queued().Run()
		j.TryJoin()
		k := p.Spawn(&l, l.ready(2))
		reused := l.last == first
		if reused {
			mustTell(t, func() { again.TryJoin() },
				fmt.Sprintf("rouse: JoinHandle.TryJoin: the JoinHandle was consumed before, by JoinHandle.TryJoin (state %v, of another task in the same memory)", first.Snapshot()),
				"born at:", "ended at:")
		}
		l.run()
		k.TryJoin()
		if reused {
			return
		}
	}
	t.Error("no cell was recycled")
}

// A foreign waker has no task to speak of.
func TestDebugForeignWaker(t *testing.T) {
	w := (&spy{}).ref().Clone()
	again := copied(&w)
	w.Drop()
	mustTell(t, again.Wake, "rouse: Waker.Wake: the Waker was consumed before, by Waker.Drop (a foreign waker)", "born at:", "ended at:")
}

// An orphan's error tells where it was spawned and how its last waker went.
func TestDebugOrphanReport(t *testing.T) {
	var l loop
	var w Waker
	j := Spawn[output](&l, l.never(&w))
	l.run()
	endWaker((*Waker).Drop, &w)
	l.run()
	_, err := join(t, &j)
	if err == nil {
		t.Fatal("no error")
	}
	for _, p := range []string{"orphaned", "debug_test.go:", "its last waker ended by Waker.Drop at:", "endWaker"} {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("%v\ndoes not say %q", err, p)
		}
	}
	k := Spawn[output](&l, probe{l: &l, poll: func(Context) (output, bool) { return output{}, false }})
	l.run()
	if _, err = join(t, &k); err == nil || !strings.Contains(err.Error(), "it never had an owned waker") {
		t.Error(err)
	}
}

//go:noinline
func loseWaker(a *actor) { _ = a.WakerRef().Clone() }

//go:noinline
func loseNotified() {
	var l loop
	a := l.newActor(actors, pending)
	a.Wake()
}

//go:noinline
func loseJoinHandle(s Scheduler, l *loop) { Spawn[output](s, l.ready(1)) }

// What the collector finds without an end is reported, with its birth.
func TestDebugLeaksAreReported(t *testing.T) {
	leaks := make(chan Leak, 100)
	OnLeak(func(l Leak) {
		select {
		case leaks <- l:
		default:
		}
	})
	defer OnLeak(func(Leak) {})
	var l loop
	a := l.newActor(actors, pending)
	loseWaker(a)
	loseNotified()
	loseJoinHandle(&l, &l)
	want := map[string]string{"Waker": "loseWaker", "Notified": "loseNotified", "JoinHandle": "loseJoinHandle"}
	deadline := time.After(10 * time.Second)
	for len(want) > 0 {
		runtime.GC()
		select {
		case leak := <-leaks:
			f, ours := want[leak.Kind]
			if !ours || !strings.Contains(leak.Stack, f) {
				break // another test's
			}
			delete(want, leak.Kind)
			if s := leak.String(); leak.Count != 1 || !leak.Collected || !strings.Contains(s, "rouse: 1 "+leak.Kind+" never ended: it was lost without ") {
				t.Errorf("%+v", leak)
			}
		case <-time.After(10 * time.Millisecond):
		case <-deadline:
			t.Fatalf("not reported: %v", want)
		}
	}
	runtime.KeepAlive(a)
}

// leaksOf returns the leaks whose stack names f.
func leaksOf(f string) (all []Leak) {
	for _, l := range Leaks() {
		if strings.Contains(l.Stack, f) {
			all = append(all, l)
		}
	}
	return all
}

//go:noinline
func bearMany(a *actor, n int) (ws []Waker) {
	ws = make([]Waker, n)
	for i := range ws {
		ws[i] = a.WakerRef().Clone()
	}
	return ws
}

// Leaks counts those of one birth place together.
func TestDebugLeaks(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	ws := bearMany(a, 5)
	got := leaksOf("bearMany")
	if len(got) != 1 || got[0].Count != 5 || got[0].Kind != "Waker" || got[0].Collected {
		t.Fatalf("%v", got)
	}
	if s := got[0].String(); !strings.HasPrefix(s, "rouse: 5 Waker alive\nborn at:\n\tgithub.com/rouse-go/rouse.bearMany\n\t\t") {
		t.Error(s)
	}
	for i := range ws {
		ws[i].Drop()
	}
	if got = leaksOf("bearMany"); got != nil {
		t.Error(got)
	}
}

// wakersAlive returns those of leaksOf(f) that are wakers.
func wakersAlive(f string) (all []Leak) {
	for _, l := range leaksOf(f) {
		if l.Kind == "Waker" {
			all = append(all, l)
		}
	}
	return all
}

//go:noinline
func registerWaker(c *WakerCell, r WakerRef) { c.Register(r) }

// A waker that waits in a cell is one of those that are alive, with its birth;
// when it is woken, it has ended.
func TestDebugLeaksInACell(t *testing.T) {
	var l loop
	var cell WakerCell
	a, b := l.newActor(actors, pending), l.newActor(actors, pending)
	for range 3 {
		registerWaker(&cell, a.WakerRef())
	}
	if got := wakersAlive("registerWaker"); len(got) != 1 || got[0].Count != 1 || got[0].Collected {
		t.Errorf("of one waker that waits: %v", got)
	}
	if n := a.Snapshot().Refs(); n != 1 {
		t.Errorf("%d wakers of one", n)
	}
	registerWaker(&cell, b.WakerRef())
	registerWaker(&cell, (&spy{}).ref())
	if got := wakersAlive("registerWaker"); len(got) != 1 || got[0].Count != 1 {
		t.Errorf("of one waker that waits: %v", got)
	}
	cell.Wake()
	registerWaker(&cell, a.WakerRef())
	cell.Close()
	registerWaker(&cell, a.WakerRef())
	if got := wakersAlive("registerWaker"); got != nil {
		t.Errorf("all were woken: %v", got)
	}
	if l.scheduled != 2 || a.Snapshot().Refs() != 0 || b.Snapshot().Refs() != 0 {
		t.Errorf("%+v, %v, %v", l.counts, a.Snapshot(), b.Snapshot())
	}
}

// Whoever takes a waker out of a cell has the handle that was put in: a copy of
// it that is used twice is told where it was born.
func TestDebugTakenFromACell(t *testing.T) {
	var l loop
	var cell WakerCell
	a := l.newActor(actors, pending)
	registerWaker(&cell, a.WakerRef())
	w, _ := cell.Take()
	second := copied(&w)
	endWaker((*Waker).Drop, &w)
	mustTell(t, second.Wake, fmt.Sprintf("rouse: Waker.Wake: the Waker was consumed before, by Waker.Drop (task %d, state IDLE refs=0)", a.ID()),
		"born at:", "registerWaker", "ended at:", "endWaker")
}

//go:noinline
func loseCell(r WakerRef) { registerWaker(new(WakerCell), r) }

// A cell that is lost takes the waker in it along, and that is reported.
func TestDebugLostCellIsReported(t *testing.T) {
	lost := make(chan Leak, 100)
	OnLeak(func(l Leak) {
		if strings.Contains(l.Stack, "loseCell") {
			lost <- l
		}
	})
	defer OnLeak(func(Leak) {})
	var l loop
	a := l.newActor(actors, pending)
	loseCell(a.WakerRef())
	deadline := time.After(10 * time.Second)
	for {
		runtime.GC()
		select {
		case leak := <-lost:
			if leak.Kind != "Waker" || leak.Count != 1 || !leak.Collected {
				t.Errorf("%+v", leak)
			}
			runtime.KeepAlive(a)
			return
		case <-time.After(10 * time.Millisecond):
		case <-deadline:
			t.Fatal("not reported")
		}
	}
}

// heapInUse is what is alive after a collection.
func heapInUse() int64 {
	var m runtime.MemStats
	for range 2 { // the second frees what the first found to be finalized
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Memory that many tasks have lived in, one after the other, remembers the last
// one and no other.
func TestDebugTenantsAreForgotten(t *testing.T) {
	const tenants, most = 20_000, 1 << 20 // each took some 380 bytes
	for name, lives := range map[string]func() (task any, live func()){
		"Header": func() (any, func()) {
			l := new(loop)
			a := &actor{l: l, poll: func(Context) bool { return true }}
			return a, func() { actors.InitNotified(a).Run() }
		},
		"Header with wakers": func() (any, func()) {
			l := new(loop)
			a := &actor{l: l, poll: func(cx Context) bool {
				w := cx.Waker().Clone()
				w.Drop()
				return true
			}}
			return a, func() { actors.InitNotified(a).Run() }
		},
		"cell": func() (any, func()) {
			l := new(loop)
			c := newCell[output](l.ready(1))
			return c, func() {
				c.launch(l, initJoined|flagOrphanable)
				var j JoinHandle[output]
				j.hold(&c.joinCell)
				c.fut = l.ready(1)
				l.run()
				j.TryJoin()
				l.why = l.why[:0]
			}
		},
	} {
		task, live := lives()
		live()
		before := heapInUse()
		for range tenants {
			live()
		}
		if grew := heapInUse() - before; grew > most {
			t.Errorf("%s: %d tenants left %d KB behind", name, tenants, grew>>10)
		}
		runtime.KeepAlive(task)
	}
}

// A struct that is a task, or was one, is assigned to: it is told by whatever
// comes next.
func TestDebugOverwrittenHeader(t *testing.T) {
	const says = ": the Header was overwritten"
	var owned OwnedTasks
	stages := map[string]func(l *loop, a *actor){
		"idle":     func(*loop, *actor) {},
		"queued":   func(_ *loop, a *actor) { a.Wake() },
		"listed":   func(_ *loop, a *actor) { owned.Bind(&a.Header) },
		"ended":    func(_ *loop, a *actor) { a.Close() },
		"released": func(_ *loop, a *actor) { a.Close(); a.Disown() },
	}
	uses := map[string]func(a *actor){
		"Vtable.Init":         func(a *actor) { actors.Init(a) },
		"Vtable.InitNotified": func(a *actor) { actors.InitNotified(a) },
		"Vtable.InitBound":    func(a *actor) { actors.InitBound(a, &owned) },
		"Header.Wake":         func(a *actor) { a.Wake() },
		"Header.Abort":        func(a *actor) { a.Abort() },
		"Header.Close":        func(a *actor) { a.Close() },
		"Header.Disown":       func(a *actor) { a.Disown() },
		"Header.WakerRef":     func(a *actor) { a.WakerRef() },
		"Header.ID":           func(a *actor) { a.ID() },
		"OwnedTasks.Bind":     func(a *actor) { owned.Bind(&a.Header) },
		"OwnedTasks.Remove":   func(a *actor) { owned.Remove(&a.Header) },
		"OwnedTasks.Describe": func(a *actor) { owned.Describe(&a.Header, "", 0) },
	}
	for stage, set := range stages {
		for op, use := range uses {
			owned = OwnedTasks{}
			l := new(loop)
			a := l.newActor(actors, pending)
			set(l, a)
			*a = actor{l: l, poll: pending}
			mustPanic(t, func() { use(a) }, "rouse: "+op+says, "born at:", "newActor")
			if n := a.Snapshot(); n != 0 {
				t.Errorf("%s, %s: state %v", stage, op, n)
			}
		}
	}

	l := new(loop)
	a := l.newActor(actors, pending)
	w := bearWaker(a.WakerRef())
	*a = actor{l: l, poll: pending}
	mustTell(t, w.WakeByRef,
		"rouse: Waker.WakeByRef: the Waker is of a task whose Header was overwritten, by an assignment to the whole struct, before the Waker was consumed (state IDLE refs=0)",
		"born at:", "bearWaker")
	b := l.newActor(actors, pending)
	b.Wake()
	*b = actor{l: l, poll: pending}
	mustPanic(t, func() { l.run() }, "rouse: Notified.Run"+says)

	var inRelease func(a *actor)
	v := actorVtable(func(o *Ops[actor]) { o.Release = func(a *actor) { inRelease(a) } })
	inRelease = func(a *actor) {
		*a = actor{l: l, poll: pending}
		v.Init(a)
	}
	mustPanic(t, v.InitNotified(&actor{l: l, poll: func(Context) bool { return true }}).Run, "rouse: Vtable.Init"+says)
}

var globalActor actor

// What is no such assignment: memory that the collector has given to another
// struct, a variable of a package, the other fields. What is noted of a struct goes
// with it.
func TestDebugHeaderIsIntact(t *testing.T) {
	var l loop
	for range 3 {
		actors.Init(&globalActor)
		globalActor.l, globalActor.poll = &l, pending
		globalActor.Close()
		globalActor.Disown()
	}
	const most = 10_000
	for i := range 50_000 {
		actors.Init(&actor{l: &l, poll: pending})
		if i%most == 0 {
			runtime.GC()
		}
	}
	size := func() int {
		noted.Lock()
		defer noted.Unlock()
		return len(noted.lives)
	}
	for end := time.Now().Add(10 * time.Second); size() > most; runtime.GC() {
		if time.Now().After(end) {
			t.Fatalf("%d Headers are noted", size())
		}
	}
}

// A slice of tasks grows: each copy tells that the task is elsewhere, when it is
// used as a task.
func TestDebugMovedHeader(t *testing.T) {
	var l loop
	var owned OwnedTasks
	var tasks []actor
	for i := range 9 {
		tasks = append(tasks, actor{l: &l, poll: pending})
		actors.Init(&tasks[i])
	}
	for op, use := range map[string]func(a *actor){
		"Header.Wake":       func(a *actor) { a.Wake() },
		"Header.Close":      func(a *actor) { a.Close() },
		"Header.WakerRef":   func(a *actor) { a.WakerRef() },
		"Vtable.Init":       func(a *actor) { actors.Init(a) },
		"OwnedTasks.Bind":   func(a *actor) { owned.Bind(&a.Header) },
		"OwnedTasks.Remove": func(a *actor) { owned.Remove(&a.Header) },
	} {
		mustPanic(t, func() { use(&tasks[0]) }, "rouse: "+op+": the Header is a copy", "born at:", "TestDebugMovedHeader")
	}
	tasks[8].Wake()
	l.run()
	if l.polls != 1 {
		t.Errorf("%d polls of the one that stayed", l.polls)
	}
}

// A JoinHandle, or a copy of it, is used by a second goroutine while the first is
// in Join.
func TestDebugJoinedByTwo(t *testing.T) {
	for op, use := range map[string]func(j *JoinHandle[output]){
		"JoinHandle.Join":    func(j *JoinHandle[output]) { j.Join(context.Background()) },
		"JoinHandle.Poll":    func(j *JoinHandle[output]) { j.Poll(NewContext((&spy{}).ref())) },
		"JoinHandle.TryJoin": func(j *JoinHandle[output]) { j.TryJoin() },
		"JoinHandle.Detach":  func(j *JoinHandle[output]) { j.Detach() },
	} {
		var q RunQueue
		j := Spawn[output](&q, new(loop).ready(1))
		h := &j.c.Header
		second := copied(&j)
		done := make(chan error)
		go func() {
			_, err := j.Join(context.Background())
			done <- err
		}()
		for !h.Snapshot().JoinWaker() {
			runtime.Gosched()
		}
		mustPanic(t, func() { use(second) }, "rouse: "+op+": another goroutine is in Join", "born at:", "TestDebugJoinedByTwo")
		second.IsFinished()
		second.Abort()
		q.RunOne()
		if err := <-done; err != nil && !errors.Is(err, ErrAborted) {
			t.Errorf("%s: the first is told %v", op, err)
		}
	}
	// One whose time is over leaves it to the next.
	var q RunQueue
	j := Spawn[output](&q, new(loop).ready(1))
	over, cancel := context.WithCancel(context.Background())
	cancel()
	j.Join(over)
	q.RunOne()
	if _, err := j.Join(context.Background()); err != nil {
		t.Error(err)
	}
}

// The handle that an aborted future has is lost, and the debug build tells where
// it was born; a Drop that detaches it is the way.
func TestDebugHandleInAnAbortedFuture(t *testing.T) {
	for _, drops := range []bool{true, false} {
		var l loop
		child := new(JoinHandle[output])
		*child = spawnChild(&l)
		h := &child.c.Header
		f := probe{l: &l, poll: func(cx Context) (output, bool) { child.Poll(cx); return output{}, false }}
		f.drop = func() {
			if drops {
				child.Detach()
			}
		}
		j := Spawn[output](&l, f)
		j.Abort()
		l.run()
		if _, err := join(t, &j); !errors.Is(err, ErrAborted) {
			t.Error(err)
		}
		if alive := leaksOf("spawnChild"); drops == (len(alive) != 0) || drops == h.Snapshot().JoinInterest() {
			t.Errorf("detached by Drop %v: %v alive, %v", drops, alive, h.Snapshot())
		}
		if !drops {
			child.Detach()
		}
	}
}

//go:noinline
func spawnChild(l *loop) JoinHandle[output] { return Spawn[output](l, l.ready(1)) }
