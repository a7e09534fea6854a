package rouse

import (
	"fmt"
	"reflect"
	"sync"
	"testing"
	"unsafe"
)

// The verbs of a work loop, on the zero State.
func TestVerbs(t *testing.T) {
	var s State
	want := func(state string) {
		t.Helper()
		if got := s.Load().String(); got != state {
			t.Fatalf("state %q, want %q", got, state)
		}
	}
	want("IDLE refs=0")
	if !s.Notify() || s.Notify() {
		t.Error("not notified once")
	}
	want("NOTIFIED refs=0")
	if !s.Begin() {
		t.Error("closed")
	}
	want("RUNNING refs=0")
	if s.Notify() || s.Notify() {
		t.Error("a state that runs was handed out")
	}
	want("RUNNING|NOTIFIED refs=0")
	if !s.End() {
		t.Error("the notification was lost")
	}
	want("NOTIFIED refs=0")
	s.Begin()
	if !s.Yield() {
		t.Error("the notification of a yield was not the caller's")
	}
	want("NOTIFIED refs=0")
	s.Begin()
	if s.End() {
		t.Error("there is no more work")
	}
	want("IDLE refs=0")
}

// Close from each state, and what the runner sees of it.
func TestVerbsClose(t *testing.T) {
	var idle State
	if !idle.Close() || idle.Close() || idle.Notify() {
		t.Error("idle: not closed here, once")
	}
	if got := idle.Load().String(); got != "RUNNING|NOTIFIED|CANCELLED(closed) refs=0" {
		t.Error(got)
	}
	looks := 1
	for !idle.Finish() {
		looks++
	}
	if looks != 2 {
		t.Errorf("idle: a Notify after Close was looked for %d times", looks-1)
	}

	var queued State
	queued.Notify()
	if queued.Close() || queued.Begin() {
		t.Error("notified: the runner does not see it")
	}
	queued.Finish()

	var running State
	running.Notify()
	running.Begin()
	if running.Close() || !running.End() || running.Begin() {
		t.Error("running: the runner does not see it")
	}
	running.Finish()

	var yielding State
	yielding.Notify()
	yielding.Begin()
	yielding.Close()
	yielding.Yield()
	if yielding.Begin() {
		t.Error("yielding: the runner does not see it")
	}
	yielding.Finish()

	// A runner that is done may finish without a Close.
	var done State
	done.Notify()
	done.Begin()
	done.Finish()
	for i, s := range []*State{&idle, &queued, &running, &yielding, &done} {
		if n := s.Load(); !n.Complete() || n.Running() || s.Notify() || s.Close() {
			t.Errorf("state %d is %v", i, n)
		}
	}
}

func TestVerbsMisuse(t *testing.T) {
	fresh := func(verbs ...func(*State)) *State {
		s := new(State)
		for _, v := range verbs {
			v(s)
		}
		return s
	}
	notify := func(s *State) { s.Notify() }
	begin := func(s *State) { s.Begin() }
	finish := func(s *State) { s.Finish() }
	suspend := func(s *State) { s.Suspend() }
	for name, c := range map[string]struct {
		s    *State
		do   func(*State)
		says string
	}{
		"Begin of idle":      {fresh(), begin, "IDLE"},
		"Begin of running":   {fresh(notify, begin), begin, "RUNNING"},
		"Begin of complete":  {fresh(notify, begin, finish), begin, "COMPLETE"},
		"End of idle":        {fresh(), func(s *State) { s.End() }, "IDLE"},
		"End of notified":    {fresh(notify), func(s *State) { s.End() }, "NOTIFIED"},
		"Yield of idle":      {fresh(), func(s *State) { s.Yield() }, "IDLE"},
		"Finish of idle":     {fresh(), finish, "IDLE"},
		"Finish of complete": {fresh(notify, begin, finish), finish, "COMPLETE"},
		"Begin of suspended": {fresh(suspend, notify), begin, "SUSPENDED"},
		"End of suspended":   {fresh(suspend), func(s *State) { s.End() }, "SUSPENDED"},
		"Open of poisoned":   {fresh(notify, begin, finish, (*State).poison), func(s *State) { s.Open() }, "POISONED"},
	} {
		t.Run(name, func(t *testing.T) {
			mustPanic(t, func() { c.do(c.s) }, "rouse: ", "(state ", c.says)
			if !c.s.Load().Poisoned() {
				t.Errorf("state %v", c.s.Load())
			}
		})
	}
}

// What TryNotify reports in each state.
func TestTryNotify(t *testing.T) {
	var s State
	want := func(when string, start, ok bool) {
		t.Helper()
		if a, b := s.TryNotify(); a != start || b != ok {
			t.Errorf("%s: start %v, ok %v", when, a, b)
		}
	}
	want("idle", true, true)
	want("notified", false, true)
	s.Begin()
	want("running", false, true)
	want("running and notified", false, true)
	s.Close()
	want("closed", false, false)
	s.End()
	want("closed and notified", false, false)
	s.Begin()
	want("closed and running", false, false)
	if !s.Finish() {
		t.Error("something was recorded of what was refused")
	}
	want("finished", false, false)
	s.Suspend()
	want("finished and suspended", false, false)
	s.Open()
	want("suspended", false, true)
	want("suspended and notified", false, true)
}

// A State is suspended from each state, and resumed before and after the run.
func TestVerbsSuspend(t *testing.T) {
	var s State
	want := func(what string, got, want bool, state string) {
		t.Helper()
		if n := s.Load().String(); got != want || n != state {
			t.Errorf("%s: reports %v, want %v; state %s, want %s", what, got, want, n, state)
		}
	}
	want("Suspend", s.Suspend(), true, "IDLE|SUSPENDED refs=0")
	want("Suspend", s.Suspend(), true, "IDLE|SUSPENDED refs=0")
	want("Resume", s.Resume(), false, "IDLE refs=0")
	want("Suspend", s.Suspend(), true, "IDLE|SUSPENDED refs=0")
	want("Notify", s.Notify(), false, "NOTIFIED|SUSPENDED refs=0")
	want("Suspend", s.Suspend(), true, "NOTIFIED|SUSPENDED refs=0")
	want("Resume", s.Resume(), true, "NOTIFIED refs=0")
	want("Suspend", s.Suspend(), false, "NOTIFIED|SUSPENDING refs=0")
	want("Resume", s.Resume(), false, "NOTIFIED refs=0")
	want("Suspend", s.Suspend(), false, "NOTIFIED|SUSPENDING refs=0")
	want("Begin", s.Begin(), true, "RUNNING|SUSPENDED refs=0")
	want("Suspend", s.Suspend(), false, "RUNNING|SUSPENDED refs=0")
	want("Resume", s.Resume(), false, "RUNNING refs=0")
	want("Suspend", s.Suspend(), false, "RUNNING|SUSPENDED refs=0")
	want("End", s.End(), false, "IDLE|SUSPENDED refs=0")
	s.Resume()
	s.Notify()
	s.Begin()
	s.Suspend()
	want("Notify", s.Notify(), false, "RUNNING|NOTIFIED|SUSPENDED refs=0")
	want("End", s.End(), false, "NOTIFIED|SUSPENDED refs=0")
	s.Resume()
	s.Begin()
	s.Suspend()
	want("Yield", s.Yield(), false, "NOTIFIED|SUSPENDED refs=0")
	want("Close", s.Close(), true, "RUNNING|CANCELLED(closed) refs=0")
	want("Suspend", s.Suspend(), false, "RUNNING|CANCELLED(closed) refs=0")
	want("Resume", s.Resume(), false, "RUNNING|CANCELLED(closed) refs=0")
	want("Open", s.Open(), false, "RUNNING|CANCELLED(closed) refs=0")
	want("Finish", s.Finish(), true, "COMPLETE|CANCELLED(closed) refs=0")
	want("Open", s.Open(), true, "IDLE refs=0")
	want("Open", s.Open(), false, "IDLE refs=0")
	s.Notify()
	s.Suspend()
	want("Close", s.Close(), false, "NOTIFIED|CANCELLED(closed) refs=0")
	want("Begin", s.Begin(), false, "RUNNING|CANCELLED(closed) refs=0")
	s.Finish()
	want("Suspend", s.Suspend(), true, "COMPLETE|CANCELLED(closed)|SUSPENDED refs=0")
	want("Open", s.Open(), true, "IDLE|SUSPENDED refs=0")
}

// Many notifiers, each with a run or a join; the loops that run are never two
// at once, and the last notifier's work is always seen.
func TestVerbsConcurrently(t *testing.T) {
	const notifiers, each = 4, 3000
	var s State
	var mailbox sync.Mutex // guards posted
	posted, seen := 0, 0   // seen is the runner's alone
	var closing, runners sync.WaitGroup
	loop := func() {
		defer runners.Done()
		for s.Begin() {
			mailbox.Lock()
			n := posted
			mailbox.Unlock()
			seen = n
			if !s.End() {
				return
			}
		}
		seen = -seen // the state was closed: nobody will run after
		for !s.Finish() {
		}
	}
	for range notifiers {
		closing.Add(1)
		go func() {
			defer closing.Done()
			for range each {
				mailbox.Lock()
				posted++
				mailbox.Unlock()
				if s.Notify() {
					runners.Add(1)
					go loop()
				}
			}
		}()
	}
	closing.Wait()
	runners.Wait()
	if seen != notifiers*each {
		t.Errorf("the runner saw %d of %d", seen, notifiers*each)
	}
	if s.Close() {
		s.Finish()
	}
	if n := s.Load(); !n.Complete() {
		t.Errorf("state %v", n)
	}
}

// awkward puts a T where a 32-bit machine would not align it by itself.
type awkward[T any] struct {
	_ uint32
	v T
	_ uint32
}

type nested[T any] struct {
	_ [3]uint32
	a awkward[awkward[T]]
}

func aligned[T any](t *testing.T) {
	t.Helper()
	name := reflect.TypeFor[T]().String()
	if names := misaligned(reflect.TypeFor[T](), 0, name); names != nil {
		t.Errorf("not aligned: %v", names)
	}
	var zero T
	if a := unsafe.Alignof(zero); a != 8 {
		t.Errorf("%s: alignment %d", name, a)
	}
	on := new(nested[T])
	in := make([]awkward[T], 3)
	local := struct {
		_ byte
		v T
	}{}
	for i, p := range []unsafe.Pointer{
		unsafe.Pointer(&on.a.v.v), unsafe.Pointer(&in[1].v), unsafe.Pointer(&in[2].v), unsafe.Pointer(&local.v),
	} {
		if uintptr(p)%8 != 0 {
			t.Errorf("%s: place %d is at %p", name, i, p)
		}
	}
}

// misaligned names the words in a T that are not 8-aligned if it is.
func misaligned(t reflect.Type, at uintptr, path string) (names []string) {
	switch {
	case t == reflect.TypeFor[word]() && at%8 != 0:
		return []string{path}
	case t.Kind() == reflect.Array && t.Len() > 0:
		for i := range min(2, t.Len()) {
			names = append(names, misaligned(t.Elem(), at+uintptr(i)*t.Elem().Size(), path+"[i]")...)
		}
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			names = append(names, misaligned(f.Type, at+f.Offset, path+"."+f.Name)...)
		}
	}
	return names
}

// TestAlignment: a 64-bit atomic operation faults on 32-bit machines where its
// operand is not 8-aligned.
func TestAlignment(t *testing.T) {
	aligned[State](t)
	aligned[Header](t)
	aligned[OwnedTasks](t)
	aligned[joinCell[byte]](t)
	aligned[taskCell[uint16, FutureFunc[uint16]]](t)
	if uintptr(unsafe.Pointer(&lastID))%8 != 0 {
		t.Error("lastID is not aligned")
	}
}

// TestAwkwardUse runs the operations where they would fault.
func TestAwkwardUse(t *testing.T) {
	var o awkward[OwnedTasks]
	var s nested[State]
	var h nested[Header]
	s.a.v.v.Notify()
	h.a.v.v.init(&vtable{}, 0)
	if h.a.v.v.ID() == 0 || !o.v.Bind(&h.a.v.v) || o.v.IsClosed() || !o.v.Remove(&h.a.v.v) {
		t.Error("bind and remove fail")
	}
	o.v.CloseAndShutdownAll()
}

// String tells what there is to tell, and may be called at any time.
func TestStrings(t *testing.T) {
	var l loop
	var keep Waker
	a, u := l.newActor(actors, pending), l.newActor(uncountedActors, pending)
	w, v := a.WakerRef().Clone(), u.WakerRef().Clone()
	j := Spawn[output](&l, l.never(&keep))
	var state State
	state.Notify()
	for got, want := range map[string]string{
		fmt.Sprint(&state):                    "NOTIFIED refs=0",
		fmt.Sprint(&a.Header):                 "rouse.Header(IDLE refs=1)",
		fmt.Sprint(&w):                        fmt.Sprintf("rouse.Waker(%p)", a),
		fmt.Sprint(w.Borrow(), 0):             fmt.Sprintf("rouse.Waker(%p) 0", a),
		fmt.Sprint(&v):                        fmt.Sprintf("rouse.Waker(%p)", u),
		fmt.Sprint(u.WakerRef(), 0):           fmt.Sprintf("rouse.Waker(%p) 0", u),
		fmt.Sprint(new(Waker)):                "rouse.Waker(zero)",
		fmt.Sprint(WakerRef{}, 0):             "rouse.Waker(zero) 0",
		fmt.Sprint(&j):                        fmt.Sprintf("rouse.JoinHandle(task %d, NOTIFIED|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=0)", j.ID()),
		fmt.Sprint(new(JoinHandle[struct{}])): "rouse.JoinHandle(zero)",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// While others wake: for the race detector.
func TestStringsWhileWoken(t *testing.T) {
	var state State
	c := newCrew(2)
	defer c.close()
	var keep Waker
	j := Spawn[int](c, FutureFunc[int](func(cx Context) (int, bool) { keep.CloneFrom(cx.Waker()); return 0, false }))
	a := new(actor)
	v := actorVtable(func(o *Ops[actor]) {
		o.Poll = func(*actor, Context) bool { return false }
		o.Schedule = func(_ *actor, n Notified, why Reason) { c.Schedule(n, why) }
		o.Yield = nil
	})
	v.Init(a)
	w := a.WakerRef().Clone()
	var all sync.WaitGroup
	for _, f := range []func(){
		func() { state.Notify() }, func() { a.Wake() }, func() { w.WakeByRef() },
		func() { _ = state.String() }, func() { _ = a.Header.String() }, func() { _ = w.String() },
		func() { _ = w.Borrow().String() }, func() { _ = j.String() },
	} {
		all.Add(1)
		go func() {
			defer all.Done()
			for range 1000 {
				f()
			}
		}()
	}
	all.Wait()
	w.Drop()
}

func TestPiecesAligned(t *testing.T) {
	aligned[Parker](t)
	aligned[Waiter](t)
	aligned[WaitQueue](t)
	aligned[Semaphore](t)
	aligned[StealQueue](t)
	aligned[SharedQueue](t)
}
