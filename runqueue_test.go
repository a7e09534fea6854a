package rouse

import (
	"runtime"
	"sync"
	"testing"
	"unsafe"
)

// numbered are tasks whose polls note their number.
func numbered(l *loop, n int, ran *[]int) []*actor {
	tasks := make([]*actor, n)
	for i := range tasks {
		tasks[i] = l.newActor(actors, func(Context) bool { *ran = append(*ran, i); return false })
	}
	return tasks
}

// notified returns the Notified of an idle actor.
func notified(a *actor) Notified {
	if !a.state.Notify() {
		panic("not idle")
	}
	return a.grant()
}

func TestRunQueueIsFirstInFirstOut(t *testing.T) {
	var l loop
	var q RunQueue
	var ran []int
	tasks := numbered(&l, 10, &ran)
	for _, a := range tasks[:4] {
		q.Push(notified(a))
	}
	pop := func(n int) {
		for range n {
			m, ok := q.Pop()
			if !ok {
				t.Fatal("empty")
			}
			m.Run()
		}
	}
	pop(2)
	for _, a := range tasks[4:] {
		q.Push(notified(a))
	}
	pop(8)
	for i, v := range ran {
		if i != v {
			t.Fatalf("ran in the order %v", ran)
		}
	}
	if _, ok := q.Pop(); ok {
		t.Error("not empty")
	}
	// Requeued at once: the same task again and again.
	for range 3 {
		q.Push(notified(tasks[0]))
		pop(1)
	}
	if len(ran) != 13 {
		t.Errorf("%d runs", len(ran))
	}
}

// Push reports true if the consumer has found the queue empty since the last
// time, and only then.
func TestRunQueueEdges(t *testing.T) {
	var l loop
	var q RunQueue
	var ran []int
	tasks := numbered(&l, 8, &ran)
	push := func(i int, want bool) {
		t.Helper()
		if got := q.Push(notified(tasks[i])); got != want {
			t.Errorf("push %d: %v", i, got)
		}
	}
	pop := func(want bool) {
		t.Helper()
		n, ok := q.Pop()
		if ok != want {
			t.Errorf("pop: %v", ok)
		} else if ok {
			n.Run()
		}
	}
	push(0, true) // nobody has looked yet
	push(1, false)
	pop(true)
	push(2, false)
	pop(true)
	pop(true)
	push(3, false) // it was drained, but not found empty
	pop(true)
	pop(false)
	push(4, true)
	push(5, false)
	pop(true)
	pop(true)
	pop(false)
	pop(false)
	push(6, true)
	pop(true)
	pop(false)
}

func TestLocalQueue(t *testing.T) {
	var l loop
	var q LocalQueue
	var ran []int
	tasks := numbered(&l, 5, &ran)
	if _, ok := q.Pop(); ok || q.Len() != 0 {
		t.Error("not empty")
	}
	for round := range 3 {
		for i, a := range tasks {
			q.Push(notified(a))
			if q.Len() != i+1 {
				t.Errorf("length %d after %d", q.Len(), i+1)
			}
		}
		for i := range tasks {
			n, ok := q.Pop()
			if !ok || q.Len() != len(tasks)-1-i {
				t.Fatalf("length %d", q.Len())
			}
			n.Run()
		}
		if _, ok := q.Pop(); ok {
			t.Error("not empty")
		}
		for i, v := range ran[round*len(tasks):] {
			if i != v {
				t.Fatalf("ran in the order %v", ran)
			}
		}
	}
}

// Many producers, one consumer: nothing is lost or doubled, each producer's
// are in order, and a consumer that sleeps until Push reports true never
// sleeps for ever.
func TestRunQueueProducers(t *testing.T) {
	const producers, each = 4, 5000
	var q RunQueue
	type item struct {
		Header
		producer, n int
		done        bool
	}
	v := NewVtable(Ops[item]{
		Poll:     func(*item, Context) bool { return true },
		Cancel:   func(*item, Cause) {},
		Schedule: func(*item, Notified, Reason) {},
	})
	bell := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for p := range producers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range each {
				it := &item{producer: p, n: n}
				if q.Push(v.InitNotified(it)) {
					bell <- struct{}{}
				}
				if n%64 == 0 {
					runtime.Gosched()
				}
			}
		}()
	}
	var next [producers]int
	for got := 0; got < producers*each; {
		n, ok := q.Pop()
		if !ok {
			<-bell
			continue
		}
		it := (*item)(unsafe.Pointer(n.h))
		if it.n != next[it.producer] || it.done {
			t.Fatalf("item %d of producer %d, want %d", it.n, it.producer, next[it.producer])
		}
		it.done = true
		next[it.producer]++
		got++
		n.Run()
	}
	wg.Wait()
	if _, ok := q.Pop(); ok {
		t.Error("more came out than went in")
	}
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

// What NonEmpty panics with goes to who woke, and the task stays queued.
func TestNonEmptyPanics(t *testing.T) {
	var l loop
	var q RunQueue
	var w Waker
	j := SpawnWith[output](&q, l.keeping(&w, 2), Options{})
	if !q.RunOne() || q.RunOne() { // finds it empty
		t.Fatal("not one task")
	}
	q.NonEmpty = func() { panic("the bell is broken") }
	for i, want := range []any{"the bell is broken", nil} { // the second finds the task queued
		func() {
			defer func() {
				if v := recover(); v != want {
					t.Errorf("wake %d raised %v", i, v)
				}
			}()
			w.WakeByRef()
		}()
	}
	if !q.RunOne() || q.RunOne() || l.polls != 2 {
		t.Errorf("%d polls", l.polls)
	}
	w.Drop()
	if v, err := join(t, &j); err != nil || v.v != 2 || l.futures != 1 {
		t.Errorf("%v, %v, %+v", v, err, l.counts)
	}
}

// The same where the task yields, and the consumer found the queue empty during
// the poll.
func TestNonEmptyPanicsInYield(t *testing.T) {
	var l loop
	var q RunQueue
	f := probe{l: &l, poll: func(cx Context) (output, bool) {
		if l.polls > 1 {
			return output{l: &l, v: l.polls}, true
		}
		if q.RunOne() { // finds it empty
			t.Error("not one task")
		}
		q.NonEmpty = func() { panic("the bell is broken") }
		cx.Waker().WakeByRef()
		return output{}, false
	}}
	j := Spawn[output](&q, f)
	mustPanic(t, func() { q.RunOne() }, "the bell is broken")
	if !q.RunOne() || q.RunOne() {
		t.Error("the task was not in the queue")
	}
	if v, err := join(t, &j); err != nil || v.v != 2 || l.futures != 1 {
		t.Errorf("%v, %v, %+v", v, err, l.counts)
	}
}

// What comes to a queue while it is closed is pushed, and dropped after what is
// being dropped, not within it.
func TestQueueTakesWhileItCloses(t *testing.T) {
	for name, q := range map[string]interface {
		Scheduler
		Close()
	}{"RunQueue": new(RunQueue), "LocalQueue": new(LocalQueue)} {
		var l loop
		first := l.ready(1)
		first.drop = func() {
			SpawnDetached[output](q, l.ready(2))
			if l.futures != 1 {
				t.Errorf("%s: the second ended within the first", name)
			}
		}
		SpawnDetached[output](q, first)
		q.Close()
		if l.futures != 2 {
			t.Errorf("%s: %d of 2 have ended", name, l.futures)
		}
	}
}
