package rouse

import "testing"

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
