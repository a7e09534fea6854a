package executor

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest"
)

// A watched future is ready at its nth poll, and counts how often it is dropped.
type watched struct {
	polls, need int
	drops       atomic.Int32
}

func (w *watched) Poll(cx rouse.Context) (int, bool) {
	if w.polls++; w.polls < w.need {
		cx.Waker().WakeByRef()
		return 0, false
	}
	return w.need, true
}

func (w *watched) Drop() { w.drops.Add(1) }

func TestYield(t *testing.T) {
	e := fresh(t, 1)
	var order []string
	task := func(name string) rouse.Future[struct{}] {
		var yields [2]rouse.Future[struct{}]
		for i := range yields {
			yields[i] = Yield()
		}
		i := 0
		return rouse.FutureFunc[struct{}](func(cx rouse.Context) (none struct{}, ready bool) {
			for ; i < len(yields); i++ {
				if _, ready := yields[i].Poll(cx); !ready {
					order = append(order, name)
					return none, false
				}
			}
			return none, true
		})
	}
	spawner := rouse.FutureFunc[struct{}](func(rouse.Context) (none struct{}, ready bool) {
		for _, name := range []string{"a", "b"} {
			j := Spawn(e, task(name))
			j.Detach()
		}
		return none, true
	})
	run(t, e, rouse.Future[struct{}](spawner))
	if err := e.Shutdown(within(t)); err != nil {
		t.Error(err)
	}
	if want := []string{"a", "b", "a", "b"}; !slices.Equal(order, want) {
		t.Errorf("two tasks that yield ran in the order %q", order)
	}
}

func TestRace(t *testing.T) {
	e := fresh(t, 2)
	fs := []*watched{{need: 5}, {need: 2}, {need: 9}}
	if v := run(t, e, Race[int](fs[0], fs[1], fs[2])); v != 2 {
		t.Errorf("the future that needs %d polls won", v)
	}
	for _, f := range fs {
		if n := f.drops.Load(); n != 1 {
			t.Errorf("the future that needs %d polls was dropped %d times", f.need, n)
		}
	}
	// One that is given up drops all.
	a, b := &watched{need: 1 << 30}, &watched{need: 1 << 30}
	j := Spawn(e, Race[int](a, b))
	j.Abort()
	if _, err := join(t, &j); !errors.Is(err, rouse.ErrAborted) || a.drops.Load() != 1 || b.drops.Load() != 1 {
		t.Errorf("a race that was aborted ended with %v; dropped %d and %d times", err, a.drops.Load(), b.drops.Load())
	}
}

func TestJoinAll(t *testing.T) {
	e := fresh(t, 2)
	fs := []*watched{{need: 5}, {need: 2}, {need: 9}}
	if v := run(t, e, JoinAll[int](fs[0], fs[1], fs[2])); !slices.Equal(v, []int{5, 2, 9}) {
		t.Errorf("the outputs are %v", v)
	}
	for _, f := range fs {
		if n := f.drops.Load(); n != 1 {
			t.Errorf("the future that needs %d polls was dropped %d times", f.need, n)
		}
	}
	a, b := Spawn(e, steps(1)), Spawn(e, steps(2))
	if v := run(t, e, JoinAll[rouse.Result[int]](&a, &b)); v[0].Value != 2 || v[1].Value != 3 {
		t.Errorf("the outcomes of two tasks are %v", v)
	}
	if v := run(t, e, JoinAll[int]()); len(v) != 0 {
		t.Errorf("the outputs of no futures are %v", v)
	}
}

func TestSleepAndTimeout(t *testing.T) {
	proptest.NoLeaks(t)
	e := fresh(t, 2)
	before := time.Now()
	run[struct{}](t, e, Sleep(20*time.Millisecond))
	if d := time.Since(before); d < 20*time.Millisecond {
		t.Errorf("a sleep of 20ms took %v", d)
	}
	run[struct{}](t, e, Sleep(-1))
	f := &watched{need: 3}
	if res := run(t, e, Timeout[int](time.Hour, f)); res.Value != 3 || res.Err != nil || f.drops.Load() != 1 {
		t.Errorf("a future that is in time gives %v, and was dropped %d times", res, f.drops.Load())
	}
	late := &watched{need: 1 << 30}
	if res := run(t, e, Timeout[int](time.Millisecond, late)); res.Err != context.DeadlineExceeded || late.drops.Load() != 1 {
		t.Errorf("a future that is late gives %v, and was dropped %d times", res, late.drops.Load())
	}
	j := Spawn(e, Timeout[struct{}](time.Hour, Sleep(2*time.Hour)))
	j.Abort()
	join(t, &j)
	if _, err := rouse.BlockOn(within(t), Sleep(time.Millisecond)); err != nil {
		t.Errorf("a sleep outside of tasks: %v", err)
	}
}

func TestValue(t *testing.T) {
	e := fresh(t, 4)
	name := rouse.FutureFunc[string](func(cx rouse.Context) (string, bool) {
		name, ok := Value[string](cx)
		if _, isInt := Value[int](cx); ok && isInt {
			t.Error("one value has two types")
		}
		return name, true
	})
	handles := make([]rouse.JoinHandle[string], 100)
	for i := range handles {
		turn := Yield()
		handles[i] = SpawnWith(e, rouse.FutureFunc[string](func(cx rouse.Context) (string, bool) {
			if _, ready := turn.Poll(cx); !ready {
				return "", false
			}
			return name.Poll(cx) // one that is inside another
		}), rouse.Options{Value: fmt.Sprint("task ", i)})
	}
	for i := range handles {
		if got, err := join(t, &handles[i]); got != fmt.Sprint("task ", i) || err != nil {
			t.Errorf("task %d found the value %q; %v", i, got, err)
		}
	}
	if got := run[string](t, e, name); got != "" {
		t.Errorf("a task without a value found %q", got)
	}
	if got, err := rouse.BlockOn(background, name); got != "" || err != nil {
		t.Errorf("what is no task found the value %q; %v", got, err)
	}
}

func TestGroup(t *testing.T) {
	proptest.NoLeaks(t)
	workers(t, func(t *testing.T, n int) {
		e := fresh(t, n)
		g := NewGroup(e)
		if err := run(t, e, g.Wait()); err != nil {
			t.Errorf("a group without tasks ended with %v", err)
		}
		var ran atomic.Int32
		for i := range 100 {
			count := steps(i % 7)
			g.Go(rouse.FutureFunc[error](func(cx rouse.Context) (error, bool) {
				_, ready := count.Poll(cx)
				if ready {
					ran.Add(1)
				}
				return nil, ready
			}))
		}
		if err := run(t, e, g.Wait()); err != nil || ran.Load() != 100 {
			t.Errorf("%d of 100 tasks ran; %v", ran.Load(), err)
		}
	})
}

// failing is a future that ends with err.
func failing(err error) rouse.Future[error] {
	return rouse.FutureFunc[error](func(rouse.Context) (error, bool) { return err, true })
}

// forever is a future that waits to be cancelled.
func forever() rouse.Future[error] {
	sleep := Sleep(time.Hour)
	return &mapped[struct{}]{sleep}
}

// mapped makes a future one of a group.
type mapped[T any] struct{ f rouse.Future[T] }

func (m *mapped[T]) Poll(cx rouse.Context) (error, bool) {
	_, ready := m.f.Poll(cx)
	return nil, ready
}

func (m *mapped[T]) Drop() { drop(&m.f) }

func TestGroupFails(t *testing.T) {
	proptest.NoLeaks(t)
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		fail func(*Group)
		want error
	}{
		"error": {func(g *Group) { g.Go(failing(broken)) }, broken},
		"panic": {func(g *Group) { g.Go(rouse.FutureFunc[error](func(rouse.Context) (error, bool) { panic("p") })) }, rouse.ErrPanicked},
		"exit": {func(g *Group) {
			g.Go(rouse.FutureFunc[error](func(rouse.Context) (error, bool) { runtime.Goexit(); return nil, true }))
		}, rouse.ErrPanicked},
		"cancel": {func(g *Group) { g.Cancel() }, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			e := New(2)
			e.Panicked = func(any) {}
			g := NewGroup(e)
			for range 10 {
				g.Go(forever())
			}
			c.fail(g)
			g.Go(forever()) // too late
			if err := run(t, e, g.Wait()); !errors.Is(err, c.want) {
				t.Errorf("the group ended with %v", err)
			}
			if err := e.Shutdown(within(t)); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("shutdown", func(t *testing.T) {
		e := New(2)
		g := NewGroup(e)
		for range 10 {
			g.Go(forever())
		}
		e.Shutdown(ended)
		if err, _ := rouse.BlockOn(within(t), g.Wait()); err != context.Canceled {
			t.Errorf("the group ended with %v", err)
		}
	})
}
