package rouse

import (
	"errors"
	"runtime"
	"testing"
)

// chainLength is what the promise is made for; a debug build remembers each
// task's birth and takes a tenth of it.
var chainLength = func() int {
	switch {
	case runtime.GOARCH == "wasm": // whose host bounds the depth of calls
		return 200
	case debugging:
		return 10_000
	}
	return 100_000
}()

// A link is a task that is pending; its destructor wakes the next, or drops
// its last waker. A scheduler that refuses one refuses the next inside that
// destructor, and the stack grows; a queue that closes refuses them in turn.
type link struct {
	l     *loop
	w     Waker
	next  *link
	drops bool
	end   func(l *link)
}

func (k *link) Poll(cx Context) (int, bool) {
	k.w.CloneFrom(cx.Waker())
	return 0, false
}

func (k *link) Drop() {
	k.l.futures++
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

// A closed scheduler refuses a chain of tasks, each inside the former's end.
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
	left := chainLength
	var fut probe
	fut = l.ready(0)
	fut.drop = func() {
		if left--; left > 0 {
			SpawnDetached[output](&l, fut)
		}
	}
	SpawnDetached[output](&l, fut)
	l.want(t, counts{scheduled: chainLength, futures: chainLength, released: chainLength}, detachedDone)
}

// Panics within a chain are the tasks' own ends, and stop nothing.
func TestRefusedChainThatPanics(t *testing.T) {
	var l loop
	first, joins := chain(&l, min(chainLength, 1000), false, func(*link) { panic("drop") })
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
}

// A Goexit ends the goroutine, and with it the destructors that it is inside of;
// all tasks have ended.
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
	if exited != len(joins)-every+1 || l.futures != 100 || l.released != 100 {
		t.Errorf("%d exited, %+v", exited, l.counts)
	}
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

// A queue that closes refuses a chain in a flat loop: those that the destructors
// wake are pushed, and wait for their turn.
func TestQueueClosesFlat(t *testing.T) {
	var run RunQueue
	var local LocalQueue
	for name, q := range map[string]interface {
		Scheduler
		RunOne() bool
		Close()
	}{"RunQueue": &run, "LocalQueue": &local} {
		var l loop
		deep, shallow := 0, 0
		var first *link
		joins := make([]JoinHandle[int], chainLength)
		for i := range joins {
			first = &link{l: &l, next: first, end: func(*link) {
				var pc [64]uintptr
				if deep = max(deep, runtime.Callers(0, pc[:])); shallow == 0 {
					shallow = deep
				}
			}}
			joins[i] = Spawn(q, first)
		}
		for q.RunOne() {
		}
		first.w.Wake()
		q.Close()
		if deep != shallow {
			t.Errorf("%s: the stack grew from %d frames to %d", name, shallow, deep)
		}
		for i := range joins {
			_, err := join(t, &joins[i])
			wantCause(t, err, CauseDropped, nil)
		}
		// From now on it refuses what is pushed.
		late := Spawn(q, Ready(1))
		_, err := join(t, &late)
		wantCause(t, err, CauseDropped, nil)
		if q.Close(); q.RunOne() || l.futures != chainLength {
			t.Errorf("%s: a closed queue ran something; %d futures destroyed", name, l.futures)
		}
	}
}

// A panic of a destructor, or a Goexit, leaves nothing in a queue that closes.
func TestQueueCloseUnwinds(t *testing.T) {
	for how, f := range unwinds {
		var l loop
		var run RunQueue
		var local LocalQueue
		for _, q := range []interface {
			Scheduler
			Close()
		}{&run, &local} {
			for range 3 {
				fut := l.ready(1)
				fut.drop = f
				SpawnDetached(q, fut)
			}
			if e := ends(q.Close); e.exit != (how == "exit") || e.value == nil != e.exit {
				t.Errorf("%s: ended by %v", how, e)
			}
		}
		if l.futures != 6 {
			t.Errorf("%s: %d futures destroyed", how, l.futures)
		}
	}
}

// A scheduler that pushes to a closed LocalQueue is told, and the task has ended.
func TestPushToAClosedLocalQueue(t *testing.T) {
	var q LocalQueue
	q.Close()
	var l loop
	mustPanic(t, func() { SpawnDetached(ScheduleFunc(func(n Notified, _ Reason) { q.Push(n) }), l.ready(1)) }, "LocalQueue.Push", "closed")
	if l.futures != 1 || q.Len() != 0 {
		t.Errorf("%d futures destroyed, %d in the queue", l.futures, q.Len())
	}
}
