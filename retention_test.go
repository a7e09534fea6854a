package rouse

import (
	"context"
	"runtime"
	"testing"
	"unsafe"
	"weak"
)

// What is over keeps nothing of what it was made of, and links to nothing.

// A task with destructors keeps neither its future nor its output, though one of
// them unwinds.
func TestDestroyedPartsAreZero(t *testing.T) {
	for how, f := range map[string]func(){"return": func() {}, "panic": unwinds["panic"], "exit": unwinds["exit"]} {
		for _, where := range []string{"future", "output"} {
			var l loop
			fut := probe{l: &l, poll: func(Context) (output, bool) { return output{l: &l, v: 1}, true }}
			out := output{l: &l, v: 1}
			if where == "future" {
				fut.drop = f
			} else {
				out.drop = f
			}
			fut.poll = func(Context) (output, bool) { return out, true }
			j := Spawn[output](&l, fut)
			c := (*taskCell[output, probe])(unsafe.Pointer(j.c))
			j.AbortHandle()
			j.Detach()
			ends(func() { l.run() })
			if c.fut.l != nil || c.fut.poll != nil || c.out.l != nil || c.out.v != 0 || !c.state.Load().Dead() {
				t.Errorf("%s in the %s: %+v, %+v, state %v", how, where, c.fut, c.out, c.state.Load())
			}
		}
	}
}

// The next tenant of a cell knows nothing of an error of the last.
func TestPoolForgetsTheError(t *testing.T) {
	var p Pool[int, FutureFunc[int]]
	var l loop
	for range 50 {
		j := p.Spawn(&l, Ready(1))
		j.Abort()
		l.run()
		if _, err := join(t, &j); err == nil || err.Cause != CauseAborted {
			t.Fatalf("ended by %v", err)
		}
		j = p.Spawn(&l, Ready(1))
		l.run()
		if v, err := join(t, &j); v != 1 || err != nil {
			t.Fatalf("ended with %v, %v", v, err)
		}
	}
}

// The tenants of a cell whose scheduler keeps orphans are kept, one as the other.
func TestPoolOfAKeeper(t *testing.T) {
	var p Pool[output, probe]
	var k keeper
	for i := range 50 {
		j := p.Spawn(&k, pollsThat(&k.loop, func() {}))
		k.run()
		if n := k.last.Snapshot(); len(k.told) != i+1 || !n.Idle() {
			t.Fatalf("tenant %d: told %d times, state %v", i, len(k.told), n)
		}
		j.Abort()
		k.run()
		_, err := join(t, &j)
		wantCause(t, err, CauseAborted, nil)
	}
}

// A task that has left its list links to none of the list, and is told apart from
// the first of it.
func TestListLinksAreCleared(t *testing.T) {
	var l loop
	var owned OwnedTasks
	tasks := make([]*actor, 200)
	for i := range tasks {
		tasks[i] = l.newActor(actors, pending)
		owned.Bind(&tasks[i].Header)
	}
	for i := range tasks { // the youngest have links to older ones
		a := tasks[len(tasks)-1-i]
		if !owned.Remove(&a.Header) || a.prev != nil || a.succ != nil {
			t.Fatalf("removed, and linked: %v", a.prev != nil || a.succ != nil)
		}
	}
	for _, a := range tasks {
		owned.Bind(&a.Header)
	}
	owned.CloseAndShutdownAll()
	for _, a := range tasks {
		if a.prev != nil || a.succ != nil {
			t.Fatal("shut down, and linked")
		}
	}
	for i := range owned.shards {
		if s := &owned.shards[i]; s.first != nil || s.last != nil {
			t.Error("an empty list keeps a task")
		}
	}
}

// What a closed queue drops links to nothing, not even while its destructor runs.
func TestDroppedTasksAreNotLinked(t *testing.T) {
	var d depot
	var worker StealQueue
	var shared SharedQueue
	shared.Close()
	for range stealRing + 1 {
		n := d.next()
		d.all[len(d.all)-1].cancel = func(p *parcel) {
			if p.next != nil {
				t.Errorf("%d is linked when it is dropped", p.number)
			}
		}
		worker.Push(n, &shared)
	}
	for q, close := range map[string]func(push func(Scheduler)){
		"RunQueue":   func(push func(Scheduler)) { q := new(RunQueue); push(q); q.Close() },
		"LocalQueue": func(push func(Scheduler)) { q := new(LocalQueue); push(q); q.Close() },
	} {
		close(func(s Scheduler) {
			for range 5 {
				var l loop
				a := &actor{l: &l}
				a.cancel = func(Cause) {
					if !a.queued().Next().IsZero() {
						t.Errorf("%s: linked when it is dropped", q)
					}
				}
				s.Schedule(actors.InitNotified(a), Spawned)
			}
		})
	}
}

// A waker that a future kept beyond BlockOn keeps neither the future nor its
// output.
func TestBlockOnKeepsNothing(t *testing.T) {
	type blob [1 << 16]byte
	var kept Waker
	fut, out := new(blob), new(blob)
	weakFut, weakOut := weak.Make(fut), weak.Make(out)
	k := &keepsWaker[*blob]{laden: laden[*blob]{kept: fut, v: out}, w: &kept}
	weakK := weak.Make(k)
	v, err := BlockOn[*blob](context.Background(), k)
	if v == nil || err != nil {
		t.Fatal(v, err)
	}
	fut, out, k, v = nil, nil, nil, nil
	runtime.GC()
	if weakFut.Value() != nil || weakOut.Value() != nil || weakK.Value() != nil {
		t.Errorf("kept: %v, %v, %v", weakFut.Value() != nil, weakOut.Value() != nil, weakK.Value() != nil)
	}
	kept.WakeByRef() // it does nothing, and harms nothing
	kept.Drop()
}

// keepsWaker is a laden future that keeps its waker elsewhere.
type keepsWaker[T any] struct {
	laden[T]
	w *Waker
}

func (k *keepsWaker[T]) Poll(cx Context) (T, bool) {
	k.w.CloneFrom(cx.Waker())
	return k.laden.Poll(cx)
}

// A Waiter that is idle is no queue's, so that it can be used in another.
func TestIdleWaiterBelongsToNoQueue(t *testing.T) {
	var q WaitQueue
	var sema Semaphore
	s := newSitters(1)
	for range 2 {
		s[0].waits(t, &q, toldWait)
		q.NotifyOne()
		s[0].waits(t, &q, toldGo)
		if s[0].Waiter.queue != nil {
			t.Error("idle, and of a WaitQueue")
		}
		s[0].acquires(t, &sema, 1, toldWait)
		s[0].Drop()
		sema.has(t, 0)
		s[0].acquires(t, &sema, 1, toldWait)
		sema.Release(1)
		s[0].acquires(t, &sema, 1, toldGo)
		if s[0].Waiter.sema != nil {
			t.Error("idle, and of a Semaphore")
		}
		s[0].waits(t, &q, toldWait)
		s[0].Drop()
	}
	s[0].woken = 0
	q.atEase(t, queueEmpty, s)
	sema.atEase(t, 0, s)
}

func TestAbortHandleKeepsTheMemoryAlone(t *testing.T) {
	var p Pool[int, FutureFunc[int]]
	spawn := map[string]func(l *loop) JoinHandle[int]{
		"spawned":     func(l *loop) JoinHandle[int] { return Spawn[int](l, Ready(1)) },
		"from a pool": func(l *loop) JoinHandle[int] { return p.Spawn(l, Ready(1)) },
		"that panicked": func(l *loop) JoinHandle[int] {
			return Spawn[int](l, FutureFunc[int](func(Context) (int, bool) { panic(l) }))
		},
	}
	for name, spawn := range spawn {
		var l loop
		j := spawn(&l)
		a := j.AbortHandle()
		l.run()
		join(t, &j)
		c := cellOf(a.h)
		if sched := (*[2]unsafe.Pointer)(unsafe.Pointer(&c.sched))[1]; sched != nil || c.err != nil || !c.state.Load().Dead() {
			t.Errorf("a task %s keeps the scheduler %p and %v, state %v", name, sched, c.err, c.state.Load())
		}
		if a.Abort() || !a.IsFinished() {
			t.Errorf("a task %s has ended, and was aborted", name)
		}
	}
	if c := p.cells.get(); c != nil {
		t.Error("a cell that a handle points to was recycled")
	}
}
