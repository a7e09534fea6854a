//go:build rouse_explore

package executor

import (
	"testing"
	"time"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// check runs a scenario through all interleavings.
func check(t *testing.T, scenario func(x *explore.Exec)) {
	t.Helper()
	c := explore.Config{
		Format:     func(v uint64) string { return rouse.Snapshot(v).String() },
		RetryLoops: true,
		MaxTime:    time.Minute * 4,
	}
	r := explore.Check(t, c, func(x *explore.Exec) {
		rouse.Restart()
		scenario(x)
	})
	if r.Failure == nil && !r.Exhausted {
		t.Errorf("%v", r)
	}
}

// newExecutor returns an executor with workers that are threads of the scenario.
func newExecutor(x *explore.Exec, workers int) *Executor {
	e := New(workers)
	e.Panicked = func(v any) { x.Failf("%v", v) }
	x.Name(e, "executor")
	for _, w := range e.workers {
		x.Name(w, "worker%d", w.number+1)
		w.parker.WakerRef().WakeByRef() // the search knows its waker then by who was first to use it
		w.parker.ParkTimeout(0)
	}
	return e
}

type future = rouse.FutureFunc[struct{}]

// counting is a future that counts its runs.
func counting(runs *explore.Ghost[int]) future {
	return func(rouse.Context) (none struct{}, ready bool) {
		runs.Update(func(n int) int { return n + 1 })
		return none, true
	}
}

// What is spawned from outside while the worker goes to sleep is run.
func TestExploreSpawn(t *testing.T) {
	for tasks := range 3 {
		check(t, func(x *explore.Exec) {
			e := newExecutor(x, 1)
			runs := new(explore.Ghost[int])
			x.Go("spawner", func() {
				for range tasks {
					rouse.SpawnDetached[struct{}](e, counting(runs))
				}
			})
			x.Final(func() { x.Assert(runs.Get() == tasks, "%d of %d tasks were run", runs.Get(), tasks) })
		})
	}
}

// Two workers and two tasks.
func TestExploreTasks(t *testing.T) {
	type pair struct {
		x    *explore.Exec
		e    *Executor
		a, b *explore.Ghost[int] // runs
		shot *Oneshot[int]
	}
	await := func(x *explore.Exec, runs *explore.Ghost[int]) {
		x.Await("the other task", func() bool { return runs.Get() > 0 })
	}
	for _, c := range []struct {
		name string
		a, b func(p *pair, cx rouse.Context) bool
		runs int // of both
	}{
		{"both are due", nil, nil, 2},
		{"each waits for the other, and blocks its worker",
			func(p *pair, _ rouse.Context) bool { await(p.x, p.b); return true },
			func(p *pair, _ rouse.Context) bool { await(p.x, p.a); return true }, 2},
		{"one wakes the other",
			func(p *pair, _ rouse.Context) bool { p.shot.Send(7); return true },
			func(p *pair, cx rouse.Context) bool { r, ready := p.shot.Poll(cx); return ready && r.Value == 7 }, 0},
		{"both yield",
			func(p *pair, cx rouse.Context) bool { cx.Waker().WakeByRef(); return p.a.Get() == 2 },
			func(p *pair, cx rouse.Context) bool { cx.Waker().WakeByRef(); return p.b.Get() == 2 }, 4},
		{"one yields while the other blocks its worker",
			func(p *pair, cx rouse.Context) bool { cx.Waker().WakeByRef(); return p.a.Get() == 2 },
			func(p *pair, cx rouse.Context) bool {
				p.x.Await("a", func() bool { return p.a.Get() == 2 })
				return true
			}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			check(t, func(x *explore.Exec) {
				p := &pair{x: x, a: new(explore.Ghost[int]), b: new(explore.Ghost[int]), shot: new(Oneshot[int])}
				x.Name(p.shot, "oneshot")
				ended := new(explore.Ghost[int])
				task := func(runs *explore.Ghost[int], poll func(*pair, rouse.Context) bool) future {
					return func(cx rouse.Context) (none struct{}, ready bool) {
						runs.Update(func(n int) int { return n + 1 })
						if ready = poll == nil || poll(p, cx); ready {
							ended.Update(func(n int) int { return n + 1 })
						}
						return none, ready
					}
				}
				p.e = newExecutor(x, 2)
				rouse.SpawnDetached[struct{}](p.e, task(p.a, c.a))
				rouse.SpawnDetached[struct{}](p.e, task(p.b, c.b))
				x.Final(func() {
					x.Assert(ended.Get() == 2, "%d of 2 tasks have ended", ended.Get())
					x.Assert(c.runs == 0 || p.a.Get()+p.b.Get() == c.runs, "they ran %d and %d times", p.a.Get(), p.b.Get())
				})
			})
		})
	}
	t.Run("one spawns the other and waits for it, and blocks its worker", func(t *testing.T) {
		check(t, func(x *explore.Exec) {
			e := newExecutor(x, 2)
			runs := new(explore.Ghost[int])
			over := new(explore.Ghost[bool])
			rouse.SpawnDetached[struct{}](e, future(func(rouse.Context) (none struct{}, ready bool) {
				rouse.SpawnDetached[struct{}](e, counting(runs))
				await(x, runs)
				over.Set(true)
				return none, true
			}))
			x.Final(func() { x.Assert(over.Get(), "the first task has not ended") })
		})
	})
}
