package rouse

import (
	"fmt"
	"strings"
	"testing"
)

// A JoinHandle that is moved is the other variable's, with its outcome.
func TestJoinHandleMove(t *testing.T) {
	var l loop
	j := Spawn(&l, l.ready(3))
	k := j.Move()
	if !j.IsZero() || k.IsZero() || k.ID() != l.last.ID() {
		t.Errorf("%v and %v", &j, &k)
	}
	l.run()
	if v, err := join(t, &k); v.v != 3 || err != nil {
		t.Error(v, err)
	}
	if m := k.Move(); !m.IsZero() {
		t.Error("a consumed handle is something")
	}
}

// A Header that no Vtable has made a task is told so, and is not changed.
func TestUninitialisedHeader(t *testing.T) {
	var owned OwnedTasks
	var l loop
	for name, use := range map[string]func(*Header){
		"Header.Wake": (*Header).Wake, "Header.Disown": (*Header).Disown,
		"Header.Abort":    func(h *Header) { h.Abort() },
		"Header.Close":    func(h *Header) { h.Close() },
		"Header.WakerRef": func(h *Header) { h.WakerRef() },
		"OwnedTasks.Bind": func(h *Header) { owned.Bind(h) },
	} {
		a := &actor{l: &l, poll: pending}
		mustPanic(t, func() { use(&a.Header) }, "rouse: "+name+": the Header is no task yet", "Init")
		actors.Init(a)
		if n := a.Snapshot(); n != 0 {
			t.Errorf("%s left %v", name, n)
		}
		a.Wake()
		l.run()
	}
	if l.polls != 6 || owned.Len() != 0 {
		t.Errorf("%d polls, %d bound", l.polls, owned.Len())
	}
}

// Init of what is a task still says why it cannot be, and changes nothing.
func TestInitOfATask(t *testing.T) {
	var l loop
	var owned OwnedTasks
	var w Waker
	for says, prepare := range map[string]func(a *actor){
		"queued":         func(a *actor) { a.Wake() },
		"a waker of it":  func(a *actor) { w = a.WakerRef().Clone() },
		"on the list":    func(a *actor) { owned.Bind(&a.Header) },
		"misused before": func(a *actor) { a.state.poison() },
		"running":        func(a *actor) { a.state.init(flagRunning) },
		"another Vtable": func(a *actor) { a.vtable = new(vtable) },
	} {
		a := l.newActor(actors, pending)
		prepare(a)
		before := a.Snapshot()
		for _, init := range []func(){
			func() { actors.Init(a) },
			func() { actors.InitNotified(a) },
			func() { actors.InitBound(a, &owned) },
		} {
			mustPanic(t, init, "rouse: Vtable.Init", "a task already", says)
		}
		if n := a.Snapshot(); n != before {
			t.Errorf("%s: %v became %v", says, before, n)
		}
	}
	w.Drop()

	// Once it has ended and nothing refers to it, it may become a task again.
	a := l.newActor(actors, func(Context) bool { return true })
	a.Wake()
	l.run()
	actors.Init(a)
	a.Wake()
	l.run()
	if n := a.Snapshot(); !n.Complete() {
		t.Errorf("state %v", n)
	}
}

// Bind takes a task over from the owner that Init left it with, and no other.
func TestBindOfWhatHasNoOwner(t *testing.T) {
	var l loop
	var owned OwnedTasks
	ended := l.newActor(actors, pending)
	ended.Close()
	unowned := &actor{l: &l, poll: pending}
	n := actors.InitNotified(unowned)
	bound := l.newActor(actors, pending)
	owned.Bind(&bound.Header)
	for says, a := range map[string]*actor{"has ended": ended, "no owner": unowned, "on a list already": bound} {
		mustPanic(t, func() { owned.Bind(&a.Header) }, "rouse: OwnedTasks.Bind: ", says)
	}
	mustPanic(t, bound.Disown, "rouse: Header.Disown: ", "on the list")
	n.Drop()
	if owned.Len() != 1 {
		t.Errorf("%d on the list", owned.Len())
	}
	owned.CloseAndShutdownAll()
}

func TestSpawnOnNil(t *testing.T) {
	mustPanic(t, func() { Spawn(nil, Ready(1)) }, "rouse: Spawn: the Scheduler is nil")
}

// What is popped links to nothing, and a closed queue reports nothing.
func TestQueuesLetGo(t *testing.T) {
	var l loop
	var q RunQueue
	var local LocalQueue
	for range 3 {
		q.Push(actors.InitNotified(&actor{l: &l, poll: pending}))
		local.Push(actors.InitNotified(&actor{l: &l, poll: pending}))
	}
	for range 3 {
		n, _ := q.Pop()
		m, _ := local.Pop()
		if !n.Next().IsZero() || !m.Next().IsZero() {
			t.Error("a popped task links to another")
		}
		n.Drop()
		m.Drop()
	}
	if local.last != nil || local.first != nil || local.Len() != 0 {
		t.Error("an empty queue keeps a task")
	}
	q.Close()
	if q.Push(actors.InitNotified(&actor{l: &l, poll: pending})) {
		t.Error("a closed queue asks for its consumer")
	}
	if l.futures != 7 {
		t.Errorf("%d ended", l.futures)
	}
}

// Printing a task, or a handle, tells what it is and reads nothing but the word.
func TestStringers(t *testing.T) {
	var l loop
	var s State
	var w Waker
	a := l.newActor(actors, pending)
	j := Spawn(&l, l.never(&w))
	l.run()
	for want, v := range map[string]any{
		"IDLE refs=0":               &s,
		"rouse.Header(IDLE refs=0)": &a.Header,
		"rouse.Waker(0x":            &w,
		"rouse.Waker(zero)":         new(Waker),
		"rouse.JoinHandle(task ":    &j,
		"rouse.JoinHandle(zero)":    new(JoinHandle[int]),
		w.String():                  w.Borrow(),
	} {
		if got := fmt.Sprint(v); !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	j.Detach()
	w.Drop()
}
