package explore

import (
	"runtime"
	"strings"
	"testing"
)

func fails(t *testing.T, want string, body func(x *Exec)) Report {
	t.Helper()
	r := CheckFails(t, Config{MaxSteps: 200}, 1000, body)
	if !strings.Contains(r.Failure.Message, want) {
		t.Errorf("failure %q, want %q", r.Failure.Message, want)
	}
	return r
}

func TestPanicIsAFailure(t *testing.T) {
	r := fails(t, "panic in b: out of order", func(x *Exec) {
		var w Uint64
		x.Go("a", func() { w.Store(1) })
		x.Go("b", func() {
			if w.Load() == 0 {
				panic("out of order")
			}
		})
	})
	if !strings.Contains(r.Failure.Stack, "TestPanicIsAFailure") {
		t.Errorf("the stack does not show the panic:\n%s", r.Failure.Stack)
	}
	Check(t, Config{}, func(x *Exec) {
		var w Uint64
		x.Go("a", func() { w.Store(1) })
		x.Go("b", func() {
			defer func() {
				x.Assert(recover() == "out of order", "not recovered")
			}()
			w.Load()
			panic("out of order")
		})
	})
}

// A Goexit ends its thread after the deferred calls, which are explored like the rest.
func TestGoexit(t *testing.T) {
	r := Check(t, Config{NoCache: true, NoReduction: true}, func(x *Exec) {
		var w Uint64
		var deferred Ghost[int]
		for range 2 {
			x.Go("exits", func() {
				defer func() {
					w.Add(1)
					deferred.Set(deferred.Get() + 1)
				}()
				w.Add(1)
				runtime.Goexit()
			})
		}
		x.Final(func() {
			x.Assert(w.Load() == 4 && deferred.Get() == 2, "the deferred calls ran %d times", deferred.Get())
		})
	})
	if r.Schedules != 6 {
		t.Errorf("%d schedules, want 6", r.Schedules)
	}
	Check(t, Config{}, func(x *Exec) {
		x.Go("exits at once", func() { runtime.Goexit() })
	})
}

// Cutting an execution must not let the code under test get away with recovering, and must run
// its deferred calls without effect on what is explored.
func TestThreadsAreTakenDown(t *testing.T) {
	var begun, ended int
	r := Run(Config{MaxSteps: 100}, func(x *Exec) {
		var w Uint64
		for range 2 {
			x.Go("stubborn", func() {
				begun++
				defer func() { ended++ }()
				for w.Load() < 100 {
					func() {
						defer func() { recover() }()
						defer w.Add(0)
						w.Add(1)
						panic("again")
					}()
				}
			})
		}
		x.Go("stuck", func() { x.Await("never", func() bool { return false }) })
	})
	if r.Failure == nil || !strings.Contains(r.Failure.Message, "not at rest after 100 steps") {
		t.Errorf("%v", r)
	}
	if begun == 0 || begun != ended {
		t.Errorf("%d threads begun, %d ended", begun, ended)
	}
}

func TestDaemon(t *testing.T) {
	serve := func(start func(x *Exec, name string, f func())) func(x *Exec) {
		return func(x *Exec) {
			var requests, served Uint64
			start(x, "server", func() {
				for {
					x.Await("a request", func() bool { return requests.Load() > served.Load() })
					served.Add(1)
				}
			})
			x.Go("client", func() {
				requests.Add(1)
				x.Await("service", func() bool { return served.Load() == 1 })
			})
		}
	}
	Check(t, Config{}, serve((*Exec).Daemon))
	fails(t, `deadlock: server in Await("a request")`, serve((*Exec).Go))
}

// A daemon that waits at the end is taken down, once, whatever it recovers; what it defers is run.
func TestDaemonsAreTakenDown(t *testing.T) {
	never := func() bool { return false }
	for name, wait := range map[string]func(x *Exec){
		"willing": func(x *Exec) { x.Await("never", never) },
		"stubborn": func(x *Exec) {
			defer func() { recover() }()
			x.Await("never", never)
		},
	} {
		var begun, ended, after int
		r := Check(t, Config{}, func(x *Exec) {
			var w Uint64
			x.Daemon("daemon", func() {
				begun++
				defer func() { ended++ }()
				w.Add(1)
				for {
					wait(x)
					w.Add(1)
					after++
				}
			})
			x.Go("other", func() { w.Add(1) })
		})
		if begun != r.Schedules || ended != begun || after != 0 {
			t.Errorf("%s: in %d schedules it began %d times, ended %d, and went on %d", name, r.Schedules, begun, ended, after)
		}
	}
}

// What a thread does before it starts another happens before all that one does; the order the
// other way round takes synchronization.
func TestGoWithinAThread(t *testing.T) {
	scenario := func(back func(data *Var[int])) func(x *Exec) {
		return func(x *Exec) {
			data := new(Var[int])
			var w Uint64
			x.Go("parent", func() {
				data.Set(1)
				x.Go("child", func() {
					x.Assert(data.Get() == 1, "data = %d", data.Get())
					w.Add(1)
				})
				w.Add(1)
				back(data)
			})
			x.Final(func() { x.Assert(w.Load() == 2 && data.Get() == 1, "w = %d", w.Load()) })
		}
	}
	Check(t, Config{}, scenario(func(*Var[int]) {}))
	r := fails(t, "data race", scenario(func(data *Var[int]) { data.Set(2) }))
	if r.Failure.Race.First.Thread != "child" && r.Failure.Race.Second.Thread != "child" {
		t.Errorf("%+v", r.Failure.Race)
	}
}

func TestPause(t *testing.T) {
	spin := func(x *Exec, pause bool) {
		var ready Bool
		x.Go("spins", func() {
			for !ready.Load() {
				if pause {
					Pause()
				}
			}
		})
		x.Go("other", func() { ready.Store(true) })
	}
	Check(t, Config{}, func(x *Exec) { spin(x, true) })
	fails(t, "not at rest", func(x *Exec) { spin(x, false) })
	fails(t, "deadlock: spins in Pause", func(x *Exec) {
		var ready Bool
		x.Go("spins", func() {
			for !ready.Load() {
				Pause()
			}
		})
	})
}

func TestMisuse(t *testing.T) {
	fails(t, "within an exploration", func(x *Exec) { Run(Config{}, func(x *Exec) {}) })
	fails(t, "Await outside a thread", func(x *Exec) { x.Await("x", func() bool { return true }) })
	fails(t, "panic in main: in a check", func(x *Exec) { x.Final(func() { panic("in a check") }) })
	fails(t, "within an exploration", func(x *Exec) {
		x.Go("a", func() { Run(Config{}, func(x *Exec) {}) })
	})
	fails(t, "in the condition of an Await", func(x *Exec) {
		var w Uint64
		x.Go("a", func() { x.Await("x", func() bool { return w.Add(1) > 0 }) })
	})
	fails(t, "Unlock of an unlocked Mutex", func(x *Exec) {
		var mu Mutex
		x.Go("a", func() { mu.Unlock() })
	})
	// All of the above leaves the package usable.
	Check(t, Config{}, func(x *Exec) { x.Go("a", func() {}) })
}
