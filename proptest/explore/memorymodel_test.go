package explore

import (
	"fmt"
	"strings"
	"testing"
)

// TestMemoryModel has one thread write plain data and operate on a word, and another operate on
// the word afterwards and read the data. Which pairs of operations order the two is what the
// package documentation says of each.
func TestMemoryModel(t *testing.T) {
	const was = 5
	type operation struct {
		name                string
		do                  func(w *Uint64)
		publishes, observes bool
	}
	operations := []operation{
		{"Load", func(w *Uint64) { w.Load() }, false, true},
		{"Store", func(w *Uint64) { w.Store(was) }, true, false},
		{"Add", func(w *Uint64) { w.Add(0) }, true, true},
		{"Sub", func(w *Uint64) { w.Sub(0) }, true, true},
		{"Swap", func(w *Uint64) { w.Swap(was) }, true, true},
		{"CAS", func(w *Uint64) { w.CompareAndSwap(was, was) }, true, true},
		{"CAS that fails", func(w *Uint64) { w.CompareAndSwap(1, 2) }, false, true},
		{"Or", func(w *Uint64) { w.Or(0) }, true, true},
		{"And", func(w *Uint64) { w.And(^uint64(0)) }, true, true},
	}
	for _, first := range operations {
		for _, second := range operations {
			t.Run(first.name+", "+second.name, func(t *testing.T) {
				ordered(t, first.publishes && second.observes, func(then func()) (write, read func()) {
					w := new(Uint64)
					w.Store(was)
					return func() { first.do(w) }, func() { then(); second.do(w) }
				})
			})
		}
	}
	t.Run("Unlock, Lock", func(t *testing.T) {
		ordered(t, true, func(then func()) (write, read func()) {
			mu := new(Mutex)
			lock := func() { mu.Lock(); mu.Unlock() }
			return lock, func() { then(); lock() }
		})
	})
	t.Run("Put, Get", func(t *testing.T) {
		ordered(t, true, func(then func()) (write, read func()) {
			p := new(Pool)
			return func() { p.Put(1) }, func() { then(); p.Get() }
		})
	})
}

// ordered checks whether what write does, behind a write of plain data, comes before what read
// does, ahead of a read of it. then waits, and orders nothing, until the writer is done.
func ordered(t *testing.T, want bool, operations func(then func()) (write, read func())) {
	t.Helper()
	r := Run(Config{}, func(x *Exec) {
		data, done := new(Var[int]), new(Ghost[bool])
		write, read := operations(func() { x.Await("the writer", done.Get) })
		x.Go("writer", func() {
			data.Set(1)
			write()
			done.Set(true)
		})
		x.Go("reader", func() {
			read()
			data.Get()
		})
	})
	if want && (r.Failure != nil || !r.Exhausted) {
		t.Errorf("want no race: %v", r)
	}
	if !want && (r.Failure == nil || r.Failure.Race == nil) {
		t.Errorf("want a race: %v", r)
	}
}

// recorder is the test that a check is called in.
type recorder struct {
	testing.TB
	errors, logs []string
}

func (r *recorder) Helper()         {}
func (r *recorder) Name() string    { return "the test" }
func (r *recorder) Log(args ...any) { r.logs = append(r.logs, fmt.Sprint(args...)) }
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

// Check fails its test with the schedule, CheckFails if there is no failure in time.
func TestChecks(t *testing.T) {
	lost := func(x *Exec) {
		var w Uint64
		for _, name := range []string{"a", "b"} {
			x.Go(name, func() { w.Store(w.Load() + 1) })
		}
		x.Final(func() { x.Assert(w.Load() == 2, "an update is lost") })
	}
	fine := func(x *Exec) { x.Go("a", func() {}) }
	var r recorder
	if f := Check(&r, Config{}, lost).Failure; f == nil || len(r.errors) != 1 {
		t.Fatalf("%v, %q", f, r.errors)
	} else {
		for _, part := range []string{"the test after ", "an update is lost", f.Table, "replay token: " + f.Token} {
			if !strings.Contains(r.errors[0], part) {
				t.Errorf("the failure does not say %q:\n%s", part, r.errors[0])
			}
		}
		again, err := Replay(f.Token, Config{}, lost)
		if err != nil || again.Failure == nil || again.Failure.Table != f.Table || again.Schedules != 1 {
			t.Errorf("replayed: %v, %v", again, err)
		}
	}
	r = recorder{}
	if Check(&r, Config{}, fine); len(r.errors) != 0 || len(r.logs) != 1 {
		t.Errorf("a scenario that passes: %q, %q", r.errors, r.logs)
	}
	r = recorder{}
	if CheckFails(&r, Config{}, 100, lost); len(r.errors) != 0 {
		t.Errorf("a scenario that fails: %q", r.errors)
	}
	if CheckFails(&r, Config{}, 100, fine); len(r.errors) != 1 || !strings.Contains(r.errors[0], "no failure in 1 schedules") {
		t.Errorf("a scenario that does not fail: %q", r.errors)
	}
	r = recorder{}
	if CheckFails(&r, Config{NoCache: true, NoReduction: true}, 1, lost); len(r.errors) != 1 {
		t.Errorf("one that does not fail in the first schedule: %q", r.errors)
	}
}

// Two goroutines that explore at once wait for each other, and find what they find alone.
func TestOneExplorationAtATime(t *testing.T) {
	alone := Run(Config{}, independent(4))
	got := make(chan Report)
	for range 4 {
		go func() { got <- Run(Config{}, independent(4)) }()
	}
	for range 4 {
		if r := <-got; !r.Exhausted || r.States != alone.States || r.Steps != alone.Steps {
			t.Errorf("%v, alone %v", r, alone)
		}
	}
}

func TestCurrent(t *testing.T) {
	if x := Current(); x != nil {
		t.Errorf("outside: %v", x)
	}
	Check(t, Config{}, func(x *Exec) {
		x.Assert(Current() == x, "in the setup")
		x.Go("a", func() { x.Assert(Current() == x, "in a thread") })
	})
	Count(func() {
		if x := Current(); x != nil {
			t.Errorf("in Count: %v", x)
		}
	})
}

// Without a limit of its own a schedule ends after 10,000 steps.
func TestDefaultMaxSteps(t *testing.T) {
	r := Run(Config{}, func(x *Exec) {
		var w Uint64
		x.Go("spins", func() {
			for w.Load() == 0 {
			}
		})
	})
	if r.Failure == nil || !strings.Contains(r.Failure.Message, "not at rest after 10000 steps") {
		t.Error(r)
	}
}
