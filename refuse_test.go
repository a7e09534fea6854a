package rouse

import (
	"errors"
	"runtime"
	"testing"
)

// chainLength is what the promise is made for; a debug build remembers each
// task's birth and takes a tenth of it.
var chainLength = map[bool]int{false: 100_000, true: 10_000}[debugging]

// A link is a task that is pending; its destructor wakes the next, or drops
// its last waker, and looks how deep the stack is.
type link struct {
	l     *loop
	w     Waker
	next  *link
	drops bool
	end   func(l *link)
	depth int
}

func (k *link) Poll(cx Context) (int, bool) {
	k.w.CloneFrom(cx.Waker())
	return 0, false
}

func (k *link) Drop() {
	k.l.futures++
	var pc [512]uintptr
	k.depth = runtime.Callers(0, pc[:])
	if k.next != nil {
		k.next.go1()
	}
	if k.end != nil {
		k.end(k)
	}
}

func (k *link) go1() {
	if k.drops {
		k.w.Drop()
	} else {
		k.w.Wake()
	}
}

// chain returns the first of n pending tasks and their handles.
func chain(l *loop, n int, drops bool, end func(*link)) (first *link, joins []JoinHandle[int]) {
	joins = make([]JoinHandle[int], n)
	for i := range joins {
		first = &link{l: l, next: first, drops: drops, end: end}
		joins[i] = Spawn[int](l, first)
	}
	l.run()
	return first, joins
}

func checkChain(t *testing.T, first *link, joins []JoinHandle[int], cause Cause) {
	t.Helper()
	shallow, deep := first.depth, 0
	for k := first; k != nil; k = k.next {
		deep = max(deep, k.depth)
	}
	if deep > shallow+16 {
		t.Errorf("the stack grew from %d frames to %d", shallow, deep)
	}
	for i := range joins {
		res, ready := joins[i].TryJoin()
		var err *JoinError
		if !ready || !errors.As(res.Err, &err) || err.Cause != cause {
			t.Fatalf("task %d of %d: ready %v, %v", i, len(joins), ready, res.Err)
		}
	}
	l := first.l
	if l.futures != len(joins) || l.released != len(joins) {
		t.Errorf("%+v", l.counts)
	}
}

// A closed scheduler refuses a chain of tasks on a flat stack.
func TestRefusedChainOfWakes(t *testing.T) {
	var l loop
	first, joins := chain(&l, chainLength, false, nil)
	l.close()
	first.w.Wake()
	checkChain(t, first, joins, CauseDropped)
}

func TestRefusedChainOfLastWakers(t *testing.T) {
	var l loop
	first, joins := chain(&l, chainLength, true, nil)
	l.close()
	first.w.Drop()
	checkChain(t, first, joins, CauseOrphaned)
}

// The first of the chain ends on a stack of the kit's own, not in a Drop of
// its scheduler's.
func TestShutdownStartsARefusedChain(t *testing.T) {
	var l loop
	var owned OwnedTasks
	first, joins := chain(&l, chainLength, false, nil)
	head := &link{l: &l, next: first}
	j := SpawnWith[int](&l, head, Options{Owned: &owned})
	l.run()
	l.close()
	owned.CloseAndShutdownAll()
	_, err := join(t, &j)
	wantCause(t, err, CauseShutdown, nil)
	l.futures--
	head.w.Drop()
	l.released--
	checkChain(t, first, joins, CauseDropped)
}

// Destructors that spawn on the closed scheduler.
func TestRefusedChainOfSpawns(t *testing.T) {
	l := loop{closed: true}
	left, deep, shallow := chainLength, 0, 0
	var fut probe
	fut = l.ready(0)
	fut.drop = func() {
		var pc [512]uintptr
		deep = max(deep, runtime.Callers(0, pc[:]))
		if shallow == 0 {
			shallow = deep
		}
		if left--; left > 0 {
			SpawnDetached[output](&l, fut)
		}
	}
	SpawnDetached[output](&l, fut)
	if deep > shallow+16 {
		t.Errorf("the stack grew from %d frames to %d", shallow, deep)
	}
	l.want(t, counts{scheduled: chainLength, futures: chainLength, released: chainLength}, detachedDone)
}

// Panics within a chain are the tasks' own ends, and stop nothing.
func TestRefusedChainThatPanics(t *testing.T) {
	var l loop
	first, joins := chain(&l, 1000, false, func(*link) { panic("drop") })
	l.close()
	if e := ends(func() { first.w.Wake() }); e != (ended{}) {
		t.Errorf("ended by %v", e)
	}
	checkChain(t, first, joins, CausePanicked)
}

// Of detached tasks they come out where the chain began, when it is over.
func TestRefusedChainOfDetachedTasksThatPanics(t *testing.T) {
	var l loop
	first, joins := chain(&l, 100, false, func(*link) { panic(errors.New("drop")) })
	for i := range joins {
		joins[i].Detach()
	}
	l.close()
	e := ends(func() { first.w.Wake() })
	if err, _ := e.value.(error); !errors.Is(err, ErrPanicked) {
		t.Errorf("ended by %v", e)
	}
	if l.futures != 100 || l.released != 100 {
		t.Errorf("%+v", l.counts)
	}
	// The list is idle again.
	checkRefusal(t)
}

// A Goexit ends the goroutine after the chain, not before.
func TestRefusedChainThatExits(t *testing.T) {
	var l loop
	const every = 10
	i := 0
	first, joins := chain(&l, 100, false, func(k *link) {
		if i++; i%every == 0 {
			runtime.Goexit()
		}
	})
	l.close()
	if e := ends(func() { first.w.Wake() }); !e.exit {
		t.Errorf("ended by %v", e)
	}
	exited := 0
	for i := range joins {
		_, err := join(t, &joins[i])
		if err.Cause == CauseExited {
			exited++
		}
	}
	if exited != len(joins)/every || l.futures != 100 || l.released != 100 {
		t.Errorf("%d exited, %+v", exited, l.counts)
	}
	checkRefusal(t)
}

// checkRefusal checks that a refused task ends on the spot: no list of refused
// tasks was left with nobody to drain it.
func checkRefusal(t *testing.T) {
	t.Helper()
	l := loop{closed: true}
	j := Spawn[output](&l, l.ready(1))
	_, err := join(t, &j)
	wantCause(t, err, CauseDropped, nil)
}

// A refused task's joiner is refused in turn: completion wakes it.
func TestRefusedJoiner(t *testing.T) {
	var l loop
	var w Waker
	inner := Spawn[output](&l, l.never(&w))
	outer := Spawn[Result[output]](&l, &inner)
	l.run()
	l.close()
	w.Wake()
	_, err := join(t, &outer)
	wantCause(t, err, CauseDropped, nil)
}

// Two kinds of tasks refuse each other by turns.
func TestRefusedChainOfTwoKinds(t *testing.T) {
	var l loop
	deep, shallow, left := 0, 0, 10_000
	var next func(Cause)
	fresh := func(v *Vtable) {
		a := &actor{l: &l, poll: pending, cancel: next}
		l.Schedule(a.InitNotified(v), Spawned)
	}
	next = func(Cause) {
		var pc [512]uintptr
		deep = max(deep, runtime.Callers(0, pc[:]))
		if left--; left == 10_000-3 {
			shallow = deep
		}
		if left > 0 {
			fresh([...]*Vtable{actors, orphanActors}[left%2])
		}
	}
	l.closed = true
	fresh(actors)
	if deep > shallow+16 {
		t.Errorf("the stack grew from %d frames to %d", shallow, deep)
	}
	if l.futures != 10_000 || l.released != 10_000 {
		t.Errorf("%+v", l.counts)
	}
}

// Destructors that spawn on the closed scheduler, and then panic: the stack is
// as flat as where they return.
func TestRefusedTasksThatPanicOnAFlatStack(t *testing.T) {
	l := loop{closed: true}
	const length = 50
	left, deep, shallow := length, 0, 0
	var fut probe
	fut = l.ready(0)
	fut.drop = func() {
		var pc [1024]uintptr
		deep = max(deep, runtime.Callers(0, pc[:]))
		if shallow == 0 {
			shallow = deep
		}
		if left--; left > 0 {
			SpawnDetached[output](&l, fut)
		}
		panic("drop")
	}
	if e := ends(func() { SpawnDetached[output](&l, fut) }); e.value == nil {
		t.Errorf("ended by %v", e)
	}
	if deep > shallow+16 {
		t.Errorf("the stack grew from %d frames to %d", shallow, deep)
	}
	l.want(t, counts{scheduled: length, futures: length, released: length}, detachedDone)
}
