package rouse

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestNewVtableChecks(t *testing.T) {
	type notFirst struct {
		n int
		Header
	}
	type pointer struct{ *Header }
	type named struct{ h Header }
	type empty struct{}
	ops := func() Ops[named] {
		return Ops[named]{
			Poll:     func(*named, Context) bool { return true },
			Cancel:   func(*named, Cause) {},
			Schedule: func(*named, Notified, Reason) {},
		}
	}
	mustPanic(t, func() { NewVtable(Ops[notFirst]{}) }, "NewVtable", "rouse.notFirst", "not a rouse.Header")
	mustPanic(t, func() { NewVtable(Ops[pointer]{}) }, "NewVtable", "rouse.pointer", "not a rouse.Header")
	mustPanic(t, func() { NewVtable(Ops[empty]{}) }, "NewVtable", "rouse.empty", "not a rouse.Header")
	mustPanic(t, func() { NewVtable(Ops[int]{}) }, "NewVtable", "int", "not a rouse.Header")
	for _, miss := range []func(o *Ops[named]){
		func(o *Ops[named]) { o.Poll = nil },
		func(o *Ops[named]) { o.Cancel = nil },
		func(o *Ops[named]) { o.Schedule = nil },
	} {
		o := ops()
		miss(&o)
		mustPanic(t, func() { NewVtable(o) }, "rouse.named", "are required")
	}
	if NewVtable(ops()) == nil {
		t.Error("a field that is not embedded is as good")
	}
}

// The least that a Vtable may have: what is optional may be missing.
func TestMinimalVtable(t *testing.T) {
	type small struct {
		Header
		q     *LocalQueue
		ended Cause
	}
	v := NewVtable(Ops[small]{
		Poll:     func(s *small, cx Context) bool { panic("poll") },
		Cancel:   func(s *small, c Cause) { s.ended = c },
		Schedule: func(s *small, n Notified, _ Reason) { s.q.Push(n) },
	})
	s := &small{q: new(LocalQueue)}
	v.Init(s)
	s.Wake()
	n, _ := s.q.Pop()
	mustPanic(t, n.Run, "panicked: poll")
	if s.ended != CausePanicked {
		t.Errorf("cancelled by %v", s.ended)
	}
	s.Disown()
	if n := s.Snapshot(); !n.Dead() {
		t.Errorf("state %v", n)
	}
}

// Tasks that the collector owns: their wakers are not counted, forgetting one
// is harmless, and nothing is released or found to be an orphan.
func TestUncountedActors(t *testing.T) {
	var l loop
	a := l.newActor(uncountedActors, func(cx Context) bool {
		w := cx.Waker().Clone()
		_ = w.Clone() // forgotten
		w.Drop()
		return l.polls == 3
	})
	l.want(t, counts{}, "IDLE refs=1")
	w := a.WakerRef().Clone()
	l.want(t, counts{}, "IDLE refs=1")
	w.WakeByRef()
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1}, "IDLE refs=1")
	second := w.Clone()
	w.Wake()
	l.run()
	l.want(t, counts{scheduled: 2, polls: 2}, "IDLE refs=1")
	second.Drop()
	if a.Disown(); l.released != 0 {
		t.Error("released")
	}
	a.Wake()
	l.run()
	late := a.WakerRef().Clone()
	late.Wake()
	l.want(t, counts{scheduled: 3, polls: 3}, "COMPLETE|UNOWNED refs=1")
}

// TestUncountedHooks: with a destructor; see TestPlainHooks.
func TestUncountedHooks(t *testing.T) {
	s := hooked{listed: true}
	j := SpawnWith[output](&s, s.ready(1), Options{Listed: true, Uncounted: true})
	s.run()
	if _, err := join(t, &j); err != nil || len(s.terminated) != 1 || s.listed || s.futures != 1 {
		t.Errorf("%v, %d times terminated, on its list: %v, %d futures destroyed", err, len(s.terminated), s.listed, s.futures)
	}
}

func TestUncountedTasks(t *testing.T) {
	var l loop
	var w Waker
	fut := l.keeping(&w, 3)
	j := SpawnWith[output](&l, fut, Options{Uncounted: true})
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1}, "IDLE|JOIN_INTEREST|UNOWNED refs=1")
	forgotten := w.Clone()
	w.Drop()
	forgotten.WakeByRef()
	l.run()
	l.want(t, counts{scheduled: 2, polls: 2}, "IDLE|JOIN_INTEREST|UNOWNED refs=1")
	if !w.WillWake(forgotten.Borrow()) {
		t.Error("two wakers of one task differ")
	}
	forgotten.Wake()
	l.run()
	if v, err := join(t, &j); err != nil || v.v != 3 {
		t.Error(v, err)
	}
	l.want(t, counts{scheduled: 3, polls: 3, futures: 1}, "COMPLETE|UNOWNED refs=1")

	// Close, abort and shutdown work as for others.
	var owned OwnedTasks
	j = SpawnWith[output](&l, l.never(&w), Options{Uncounted: true, Owned: &owned})
	l.run()
	owned.CloseAndShutdownAll()
	_, err := join(t, &j)
	wantCause(t, err, CauseShutdown, nil)
	j = SpawnWith[output](&l, l.ready(1), Options{Uncounted: true, Owned: &owned})
	_, err = join(t, &j)
	wantCause(t, err, CauseShutdown, nil)
}

func TestNewVtableOfANestedHeader(t *testing.T) {
	type base struct {
		Header
		n int
	}
	type middle struct{ b base }
	type conn struct {
		middle
		polled bool
	}
	var q LocalQueue
	v := NewVtable(Ops[conn]{
		Poll:     func(c *conn, _ Context) bool { c.polled = c.b.n == 7; return true },
		Cancel:   func(*conn, Cause) {},
		Schedule: func(_ *conn, n Notified, why Reason) { q.Schedule(n, why) },
	})
	c := &conn{middle: middle{base{n: 7}}}
	v.Init(c)
	c.b.Wake()
	if !q.RunOne() || !c.polled || !c.b.Snapshot().Complete() {
		t.Errorf("polled: %v, %v", c.polled, c.b.Snapshot())
	}
}

// TestUntypedOps: one is converted to the other by its address.
func TestUntypedOps(t *testing.T) {
	typed, untyped := reflect.TypeFor[Ops[actor]](), reflect.TypeFor[untypedOps]()
	if typed.NumField() != untyped.NumField() || typed.Size() != untyped.Size() {
		t.Fatalf("%d fields and %d", typed.NumField(), untyped.NumField())
	}
	for i := range typed.NumField() {
		f, g := typed.Field(i), untyped.Field(i)
		of := strings.Replace(f.Type.String(), "*rouse.actor", "*rouse.Header", 1)
		if !strings.EqualFold(f.Name, g.Name) || f.Offset != g.Offset || of != g.Type.String() {
			t.Errorf("%s %v at %d, and %s %v at %d", f.Name, f.Type, f.Offset, g.Name, g.Type, g.Offset)
		}
	}
}

// A witness writes down what its operations are called with.
type witness struct {
	Header
	q      LocalQueue
	polls  int
	called []string
	bounds [2]uint64 // of what is not the Header
}

func (w *witness) says(format string, args ...any) {
	if w.bounds != [2]uint64{17, 71} {
		panic("called with another pointer")
	}
	w.called = append(w.called, fmt.Sprintf(format, args...))
}

func (w *witness) poll(cx Context) bool {
	w.polls++
	w.says("Poll %v", cx.Waker().WillWake(w.WakerRef()))
	switch w.polls {
	case 1:
		cx.Waker().WakeByRef()
	case 3:
		panic("poll")
	}
	return false
}

func (w *witness) cancel(c Cause) { w.says("Cancel %v", c) }
func (w *witness) schedule(n Notified, why Reason) {
	w.says("Schedule %v, %v", n.Task().Header() == &w.Header, why)
	w.q.Push(n)
}
func (w *witness) yield(n Notified) {
	w.says("Yield %v", n.Task().Header() == &w.Header)
	w.q.Push(n)
}
func (w *witness) release() { w.says("Release") }
func (w *witness) panicked(err *JoinError) bool {
	w.says("Panicked %v, %v", err.Cause, err.Value)
	return true
}
func (w *witness) orphaned(err *JoinError) { w.says("Orphaned %v", err.Cause) }

// TestVtableCallsTheUsersFunctions: each operation reaches the function that the
// user gave, be it a method or a closure, with the right *T and arguments,
// though the table calls it as a function of a *Header.
func TestVtableCallsTheUsersFunctions(t *testing.T) {
	methods := Ops[witness]{
		Poll: (*witness).poll, Cancel: (*witness).cancel, Schedule: (*witness).schedule, Yield: (*witness).yield,
		Release: (*witness).release, Panicked: (*witness).panicked, OrphanCheck: true, Orphaned: (*witness).orphaned,
	}
	through := 0
	closures := Ops[witness]{
		Poll:        func(w *witness, cx Context) bool { through++; return w.poll(cx) },
		Cancel:      func(w *witness, c Cause) { through++; w.cancel(c) },
		Schedule:    func(w *witness, n Notified, why Reason) { through++; w.schedule(n, why) },
		Yield:       func(w *witness, n Notified) { through++; w.yield(n) },
		Release:     func(w *witness) { through++; w.release() },
		Panicked:    func(w *witness, err *JoinError) bool { through++; return w.panicked(err) },
		OrphanCheck: true,
		Orphaned:    func(w *witness, err *JoinError) { through++; w.orphaned(err) },
	}
	want := []string{
		"Poll true", "Yield true", "Poll true", "Orphaned orphaned", "Schedule true, woken",
		"Poll true", "Cancel panicked", "Panicked panicked, poll", "Release",
	}
	for name, o := range map[string]Ops[witness]{"methods": methods, "closures": closures} {
		w := &witness{bounds: [2]uint64{17, 71}}
		NewVtable(o).InitNotified(w).Run()
		for w.q.RunOne() {
		}
		if !slices.Equal(w.called, want) {
			t.Errorf("%s: called %q, want %q", name, w.called, want)
		}
	}
	if through != len(want) {
		t.Errorf("%d calls went through the closures, want %d", through, len(want))
	}

	// The ninth, and what a poll and a hook answer.
	o := methods
	o.Uncounted = true
	o.Poll = func(*witness, Context) bool { return true }
	w := &witness{bounds: [2]uint64{17, 71}}
	NewVtable(o).InitNotified(w).Run()
	if n := w.Snapshot(); n.Refs() != 1 || !n.Complete() || w.called != nil {
		t.Errorf("%v, called %q", n, w.called)
	}
	o.Poll = func(*witness, Context) bool { panic("poll") }
	o.Panicked = func(*witness, *JoinError) bool { return false }
	mustPanic(t, NewVtable(o).InitNotified(&witness{bounds: [2]uint64{17, 71}}).Run, "panicked: poll")
}

// A task that the collector owns is closed at each stage as any other.
func TestCloseOfUncountedActors(t *testing.T) {
	closed := "COMPLETE|CANCELLED(closed) refs=1"
	for name, c := range map[string]struct {
		set    func(l *loop, a *actor)
		called bool // by Close
		polls  int
	}{
		"idle":    {func(*loop, *actor) {}, true, 0},
		"woken":   {func(_ *loop, a *actor) { a.Wake() }, false, 0},
		"polled":  {func(l *loop, a *actor) { a.Wake(); l.run() }, true, 1},
		"running": {nil, false, 1},
	} {
		var l loop
		a := l.newActor(uncountedActors, pending)
		if c.set != nil {
			c.set(&l, a)
			if a.Close() != c.called || c.called == (len(a.causes) == 0) {
				t.Errorf("%s: Close has called %v", name, a.causes)
			}
		} else {
			a.poll = func(Context) bool {
				if a.Close() || len(a.causes) != 0 {
					t.Errorf("%s: Close has called %v", name, a.causes)
				}
				return false
			}
			a.Wake()
		}
		l.run()
		if len(a.causes) != 1 || a.causes[0] != CauseClosed || a.Snapshot().String() != closed || l.polls != c.polls || a.Close() {
			t.Errorf("%s: cancelled by %v, %d polls, %v", name, a.causes, l.polls, a.Snapshot())
		}
	}
}

// TestTablesAreTyped checks that a table makes tasks of its own type alone: what
// would give it another does not compile.
func TestTablesAreTyped(t *testing.T) {
	table := reflect.TypeFor[*Vtable[actor]]()
	for _, name := range []string{"Init", "InitNotified", "InitBound"} {
		m, ok := table.MethodByName(name)
		if !ok || m.Type.In(1) != reflect.TypeFor[*actor]() {
			t.Errorf("%s: %v", name, m.Type)
		}
	}
	header := reflect.TypeFor[*Header]()
	for m := range header.NumMethod() {
		for in := range header.Method(m).Type.NumIn() {
			if typ := header.Method(m).Type.In(in); in > 0 && typ.Kind() == reflect.Pointer {
				t.Errorf("Header.%s takes a %v", header.Method(m).Name, typ)
			}
		}
	}
}
