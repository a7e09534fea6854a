package rouse

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
)

// A leaver waits until a list is empty.
type leaver struct {
	spy
	wait Waiter
}

func (v *leaver) waits(t *testing.T, o *OwnedTasks, empty bool, woken int) {
	t.Helper()
	if got := o.PollEmpty(v.cx(), &v.wait); got != empty || v.wakes != woken {
		t.Errorf("empty %v, woken %d times; want %v, %d", got, v.wakes, empty, woken)
	}
}

// An empty list is empty at once; else all who wait are told by the last task to
// leave, whichever way it leaves.
func TestPollEmpty(t *testing.T) {
	for name, leave := range map[string]func(l *loop, o *OwnedTasks, a *actor, w *Waker){
		"ready":   func(l *loop, _ *OwnedTasks, _ *actor, w *Waker) { w.WakeByRef(); l.run() },
		"aborted": func(l *loop, _ *OwnedTasks, a *actor, _ *Waker) { a.Abort(); l.run() },
		"refused": func(l *loop, _ *OwnedTasks, _ *actor, w *Waker) { l.closed = true; w.WakeByRef() },
		"removed": func(l *loop, o *OwnedTasks, a *actor, _ *Waker) { o.Remove(&a.Header); a.Abort(); l.run() },
		"shut":    func(_ *loop, o *OwnedTasks, _ *actor, _ *Waker) { o.CloseAndShutdownAll() },
	} {
		t.Run(name, func(t *testing.T) {
			var l loop
			var o OwnedTasks
			var u, v leaver
			u.waits(t, &o, true, 0)
			var as [3]*actor
			var ws [3]Waker
			for i := range as {
				ready := false
				as[i] = l.newActor(actors, func(Context) bool { ready = !ready; return !ready })
				o.Bind(&as[i].Header)
				ws[i] = as[i].WakerRef().Clone()
				ws[i].WakeByRef()
			}
			l.run()
			u.waits(t, &o, false, 0)
			v.waits(t, &o, false, 0)
			for i, a := range as {
				if u.wakes != 0 && o.Len() > 0 {
					t.Fatalf("woken with %d tasks left", o.Len())
				}
				leave(&l, &o, a, &ws[i])
			}
			u.waits(t, &o, true, 1)
			v.waits(t, &o, true, 1)
			u.wait.Drop()
			if u.live()+v.live() != 0 {
				t.Error("wakers are left")
			}
		})
	}
}

// A task that a shutdown has taken off the list, and that owes a run, has still to
// end. So has one that a shutdown finds running.
func TestPollEmptyAfterShutdown(t *testing.T) {
	var l loop
	var o OwnedTasks
	var u leaver
	queued := SpawnWith[output](&l, l.ready(1), Options{Owned: &o})
	runs := l.newActor(actors, func(Context) bool {
		u.waits(t, &o, false, 0)
		o.CloseAndShutdownAll()
		u.waits(t, &o, false, 0)
		return false
	})
	o.Bind(&runs.Header)
	n, _ := l.q.Pop()
	runs.Wake()
	l.run()
	u.waits(t, &o, false, 0)
	if o.Len() != 0 {
		t.Errorf("%d on the list", o.Len())
	}
	n.Run()
	u.waits(t, &o, true, 1)
	u.waits(t, &o, true, 1)
	queued.Detach()
}

// A waker that panics, when the last task ends, is raised by its run, and the task
// has ended as any other; all others who wait were woken.
func TestPollEmptyPanics(t *testing.T) {
	var l loop
	var o OwnedTasks
	var u, v leaver
	u.onWake = func() { panic("a bad waker") }
	p := SpawnWith[output](&l, l.ready(1), Options{Owned: &o})
	u.waits(t, &o, false, 0)
	v.waits(t, &o, false, 0)
	mustPanic(t, func() { l.run() }, "a bad waker")
	v.waits(t, &o, true, 1)
	if got, err := join(t, &p); err != nil || got.v != 1 || l.released != 1 {
		t.Errorf("outcome %v, %v; %d released", got, err, l.released)
	}
}

// WaitEmpty waits, or gives up with its context, and leaves nothing behind.
func TestWaitEmpty(t *testing.T) {
	c := newCrew(2)
	var o OwnedTasks
	ctx := within(t)
	if err := o.WaitEmpty(ctx); err != nil {
		t.Fatal(err)
	}
	var wake Waker
	var polled atomic.Bool
	j := SpawnWith[int](c, FutureFunc[int](func(cx Context) (int, bool) {
		if polled.Load() {
			return 1, true
		}
		wake.CloneFrom(cx.Waker())
		polled.Store(true)
		return 0, false
	}), Options{Owned: &o})
	why := errors.New("no time")
	ended, end := context.WithCancelCause(ctx)
	end(why)
	if err := o.WaitEmpty(ended); err != why {
		t.Errorf("gives up with %v", err)
	}
	if n := o.vacant.state.Load(); n != queueEmpty {
		t.Errorf("somebody waits still: %d", n)
	}
	for !polled.Load() {
		runtime.Gosched()
	}
	told := make(chan error, 2)
	for range 2 {
		go func() { told <- o.WaitEmpty(ctx) }()
	}
	wake.Wake()
	for range 2 {
		if err := <-told; err != nil || o.Len() != 0 {
			t.Errorf("%v, with %d on the list", err, o.Len())
		}
	}
	j.Detach()
	c.close()
}

// TestEmptyIsExact: each task of a chain spawns the next before it ends, each on
// another shard, so the list is not empty before the last one has ended.
func TestEmptyIsExact(t *testing.T) {
	c := newCrew(2)
	defer c.close()
	ctx := within(t)
	for range 20 {
		var o OwnedTasks
		var left atomic.Int64
		left.Store(300)
		var next func(Context) (int, bool)
		spawn := func() { spawnOn(c, next, &o) }
		next = func(Context) (int, bool) {
			if left.Add(-1) > 0 {
				spawn()
			}
			return 0, true
		}
		spawn()
		if err := o.WaitEmpty(ctx); err != nil || left.Load() != 0 {
			t.Fatalf("%v, with %d to come", err, left.Load())
		}
	}
}

func spawnOn(s Scheduler, poll func(Context) (int, bool), o *OwnedTasks) {
	j := SpawnWith[int](s, FutureFunc[int](poll), Options{Owned: o})
	j.Detach()
}
