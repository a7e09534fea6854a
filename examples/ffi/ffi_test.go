package ffi

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/examples/executor"
)

// start returns an executor that the end of the test shuts down. Then nothing of
// what the test made may be left, on either side.
func start(t testing.TB) *executor.Executor {
	e := executor.New(runtime.GOMAXPROCS(0))
	t.Cleanup(func() {
		ctx, stop := context.WithTimeout(context.Background(), time.Minute)
		defer stop()
		if err := e.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		clean(t)
	})
	return e
}

// clean waits until nothing is left: a thread of Rust that has just woken a task
// may have its waker for a moment.
func clean(t testing.TB) {
	t.Helper()
	for range 10_000 {
		if Live() == 0 && Handles() == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d futures are left in Rust, and %d wakers of Go", Live(), Handles())
}

func TestFuture(t *testing.T) {
	e := start(t)
	sum := executor.Spawn[int64](e, Sum(100))
	sleep := executor.Spawn[int64](e, Sleep(3*time.Millisecond))
	if v, err := sum.Join(t.Context()); v != 99*100/2 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
	if v, err := sleep.Join(t.Context()); v != 3000 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
}

// The wakes come from a thread of Rust, to tasks that all wait.
func TestManyFutures(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n = 10_000
	}
	e := start(t)
	joins := make([]rouse.JoinHandle[int64], n)
	for i := range joins {
		joins[i] = executor.Spawn[int64](e, Sleep(time.Duration(100_000+i)*time.Microsecond))
	}
	for i := range joins {
		if v, err := joins[i].Join(t.Context()); v != int64(100_000+i) || err != nil {
			t.Fatalf("future %d: %d, %v", i, v, err)
		}
	}
}

// An abort drops the future in Rust, and with it the waker that it has.
func TestAbort(t *testing.T) {
	e := start(t)
	joins := make([]rouse.JoinHandle[int64], 1000)
	for i := range joins {
		joins[i] = executor.Spawn[int64](e, Never())
	}
	for i := range joins {
		if i%2 == 0 {
			runtime.Gosched() // some have been polled before, some have not
		}
		joins[i].Abort()
	}
	for i := range joins {
		if _, err := joins[i].Join(t.Context()); !errors.Is(err, rouse.ErrAborted) {
			t.Fatalf("future %d: %v", i, err)
		}
	}
	clean(t)
}

// A future that is given up before it was polled is dropped too.
func TestDropUnpolled(t *testing.T) {
	Sleep(time.Hour).Drop()
	clean(t)
}

func TestAwait(t *testing.T) {
	if v := Await(Sleep(2 * time.Millisecond)); v != 2000 {
		t.Error(v)
	}
	if v := Await(Sum(10)); v != 45 {
		t.Error(v)
	}
	clean(t)
}

// A timed future of Go is woken by a goroutine, while Rust's executor waits.
func TestRun(t *testing.T) {
	const n = 1000
	futures := make([]rouse.Future[int64], n)
	want := int64(0)
	for i := range futures {
		f := &counted{left: i % 4, value: int64(i)}
		if i%4 == 3 {
			f.after = time.Millisecond
		}
		futures[i] = f
		want += int64(i)
	}
	if got := Run(futures...); got != want {
		t.Errorf("%d, want %d", got, want)
	}
	for i := range futures {
		if f := futures[i].(*counted); f.drops != 1 {
			t.Fatalf("future %d was dropped %d times", i, f.drops)
		}
	}
}

// counted is pending so many times. It wakes itself at once, or after a time.
type counted struct {
	left  int
	after time.Duration
	value int64
	drops int
}

func (c *counted) Poll(cx rouse.Context) (int64, bool) {
	if c.left == 0 {
		return c.value, true
	}
	c.left--
	if c.after == 0 {
		cx.Waker().WakeByRef()
		return 0, false
	}
	w := cx.Waker().Clone()
	time.AfterFunc(c.after, func() { w.Wake() })
	return 0, false
}

func (c *counted) Drop() { c.drops++ }
