package executor

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest"
)

var background = context.Background()

// ended is a context that has ended.
var ended = func() context.Context {
	ctx, cancel := context.WithCancel(background)
	cancel()
	return ctx
}()

// within is how long what must come may take, on a loaded machine.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(background, time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// fresh returns an executor, which must end by itself when the test is over.
func fresh(t testing.TB, workers int) *Executor {
	e := New(workers)
	t.Cleanup(func() {
		if err := e.Shutdown(within(t)); err != nil && !errors.Is(err, ErrShutdown) {
			t.Error(err)
		}
	})
	return e
}

// join returns the outcome of a task.
func join[T any](t testing.TB, j *rouse.JoinHandle[T]) (T, error) {
	t.Helper()
	ctx := within(t)
	v, err := j.Join(ctx)
	if ctx.Err() != nil {
		t.Fatal("a task does not end")
	}
	return v, err
}

// run runs f on e, and returns its output.
func run[T any](t testing.TB, e *Executor, f rouse.Future[T]) T {
	t.Helper()
	j := Spawn(e, f)
	v, err := join(t, &j)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// steps is a future that yields n times.
func steps(n int) rouse.Future[int] {
	polls := 0
	return rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
		if polls++; polls <= n {
			cx.Waker().WakeByRef()
			return 0, false
		}
		return polls, true
	})
}

func workers(t *testing.T, f func(t *testing.T, n int)) {
	for _, n := range []int{1, 2, 8} {
		t.Run(map[int]string{1: "1 worker", 2: "2 workers", 8: "8 workers"}[n], func(t *testing.T) { f(t, n) })
	}
}

// TestScheduler checks the contract of rouse.Scheduler.
func TestScheduler(t *testing.T) {
	workers(t, func(t *testing.T, n int) {
		proptest.TestScheduler(t, func() proptest.SchedulerUnderTest {
			e := New(n)
			t.Cleanup(func() { e.Shutdown(ended) }) // the suite closes only those that it uses
			e.Panicked = func(any) {}
			return proptest.SchedulerUnderTest{
				Scheduler:      e,
				Close:          func() { e.Shutdown(ended) },
				FIFO:           n == 1,
				FairYield:      true,
				SurvivesPanics: true,
				SurvivesGoexit: true,
			}
		})
	})
}

func TestManyTasks(t *testing.T) {
	workers(t, func(t *testing.T, n int) {
		proptest.NoLeaks(t)
		e := fresh(t, n)
		handles := make([]rouse.JoinHandle[int], 10_000)
		for i := range handles {
			handles[i] = Spawn(e, steps(i%5))
		}
		for i := range handles {
			if polls, err := join(t, &handles[i]); polls != i%5+1 || err != nil {
				t.Fatalf("task %d: %d polls, %v", i, polls, err)
			}
		}
	})
}

// A task that keeps its worker busy keeps no other task from running.
func TestBusyWorkers(t *testing.T) {
	e := fresh(t, 4)
	var met sync.WaitGroup
	met.Add(4)
	handles := make([]rouse.JoinHandle[struct{}], 4)
	for i := range handles {
		handles[i] = Spawn(e, rouse.FutureFunc[struct{}](func(rouse.Context) (none struct{}, ready bool) {
			met.Done()
			met.Wait() // for three others, which run meanwhile
			return none, true
		}))
	}
	for i := range handles {
		join(t, &handles[i])
	}
}

func TestPanics(t *testing.T) {
	proptest.NoLeaks(t)
	reported := make(chan error, 1)
	e := New(1)
	e.Panicked = func(v any) { reported <- v.(error) }
	joined := Spawn(e, rouse.FutureFunc[int](func(rouse.Context) (int, bool) { panic("joined") }))
	var failure *rouse.JoinError
	if _, err := join(t, &joined); !errors.As(err, &failure) || failure.Value != "joined" {
		t.Errorf("the handle of a task that panicked returns %v", err)
	}
	detached := Spawn(e, rouse.FutureFunc[int](func(rouse.Context) (int, bool) { panic("detached") }))
	detached.Detach()
	if err := <-reported; !errors.As(err, &failure) || failure.Value != "detached" {
		t.Errorf("reported was %v", err)
	}
	exits := Spawn(e, rouse.FutureFunc[int](func(rouse.Context) (int, bool) { runtime.Goexit(); return 0, true }))
	if _, err := join(t, &exits); !errors.Is(err, rouse.ErrExited) {
		t.Errorf("a task that exits ended with %v", err)
	}
	if n := run(t, e, steps(3)); n != 4 {
		t.Errorf("after all that, a task was polled %d times", n)
	}
	if err := e.Shutdown(within(t)); err != nil {
		t.Error(err)
	}
}

func TestShutdownWaits(t *testing.T) {
	workers(t, func(t *testing.T, n int) {
		proptest.NoLeaks(t)
		e := New(n)
		var ran atomic.Int32
		for range 100 {
			j := Spawn(e, rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
				inner := Spawn(e, rouse.FutureFunc[int](func(rouse.Context) (int, bool) { ran.Add(1); return 0, true }))
				inner.Detach()
				return 0, true
			}))
			j.Detach()
		}
		slow := Spawn(e, Sleep(50*time.Millisecond))
		slow.Detach()
		if err := e.Shutdown(within(t)); err != nil {
			t.Error(err)
		}
		if ran.Load() != 100 || e.Stats().Live != 0 {
			t.Errorf("%d of 100 tasks ran before Shutdown returned; %d are left", ran.Load(), e.Stats().Live)
		}
		late := Spawn(e, steps(1))
		if _, err := join(t, &late); !errors.Is(err, rouse.ErrShutdown) {
			t.Errorf("a task that was spawned after Shutdown ended with %v", err)
		}
		if err := e.Shutdown(background); err != ErrShutdown {
			t.Errorf("a second Shutdown returns %v", err)
		}
	})
}

func TestShutdownDeadline(t *testing.T) {
	proptest.NoLeaks(t)
	e := New(2)
	never := Spawn(e, Sleep(time.Hour))
	always := rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) { cx.Waker().WakeByRef(); return 0, false })
	yields := Spawn(e, always)
	unlisted := rouse.Spawn(e, always) // which only the queue can drop
	ctx, cancel := context.WithTimeout(background, 20*time.Millisecond)
	defer cancel()
	if err := e.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Shutdown returned %v", err)
	}
	if _, err := join(t, &never); !errors.Is(err, rouse.ErrShutdown) {
		t.Errorf("a task that sleeps ended with %v", err)
	}
	if _, err := join(t, &yields); !errors.Is(err, rouse.ErrShutdown) && !errors.Is(err, rouse.ErrDropped) {
		t.Errorf("a task that yields ended with %v", err)
	}
	if _, err := join(t, &unlisted); !errors.Is(err, rouse.ErrDropped) {
		t.Errorf("a task that yields, and is on no list, ended with %v", err)
	}
}

// An executor that has nothing to do sleeps, and does not wake up by itself.
func TestIdle(t *testing.T) {
	e := fresh(t, 4)
	run(t, e, steps(10))
	asleep := func() bool {
		return e.searching.Load() == 0 && !e.hasWork()
	}
	for s := e.Stats().Sleeps; ; s = e.Stats().Sleeps {
		time.Sleep(10 * time.Millisecond)
		if asleep() && e.Stats().Sleeps == s {
			break
		}
	}
	before := e.Stats().Sleeps
	time.Sleep(50 * time.Millisecond)
	if n := e.Stats().Sleeps - before; n != 0 {
		t.Errorf("workers that had nothing to do woke up %d times", n)
	}
}
