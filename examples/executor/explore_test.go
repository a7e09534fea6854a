//go:build rouse_explore

package executor

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// explored is what the tests of this file have run.
var explored struct{ scenarios, schedules, states, failed int }

func TestMain(m *testing.M) {
	code := m.Run()
	if testing.Verbose() {
		fmt.Printf("proof\texecutor-scenarios\t%d\t%d\n", explored.scenarios, explored.failed)
		fmt.Printf("proof\texecutor-schedules\t%d\t0\n", explored.schedules)
		fmt.Printf("proof\texecutor-states\t%d\t0\n", explored.states)
	}
	os.Exit(code)
}

// check runs a scenario through all interleavings.
func check(t *testing.T, scenario func(x *explore.Exec)) {
	t.Helper()
	search(t, explore.Config{RetryLoops: true}, scenario)
}

// search runs a scenario. Only one with a bound need not be exhausted.
func search(t *testing.T, c explore.Config, scenario func(x *explore.Exec)) {
	t.Helper()
	alone(t)
	c.Format = func(v uint64) string { return rouse.Snapshot(v).String() }
	r := explore.Check(t, c, func(x *explore.Exec) {
		rouse.Restart()
		scenario(x)
	})
	explored.scenarios++
	explored.schedules += r.Schedules
	explored.states += r.States
	if r.Failure != nil {
		explored.failed++
	} else if !r.Exhausted && c.Preemptions == 0 {
		explored.failed++
		t.Errorf("%v", r)
	}
}

// alone waits until the workers of other tests have ended: an exploration has the
// instrumented types to itself.
func alone(t *testing.T) {
	stacks := make([]byte, 1<<20)
	for ctx := within(t); bytes.Contains(stacks[:runtime.Stack(stacks, true)], []byte("(*worker).main")); {
		if ctx.Err() != nil {
			t.Fatal("a worker of another test does not end: that test must shut its executor down")
		}
		time.Sleep(time.Millisecond)
	}
}

// newExecutor returns an executor with workers that are threads of the scenario.
func newExecutor(x *explore.Exec, workers int) *Executor {
	e := &Executor{Panicked: func(v any) { x.Failf("%v", v) }}
	x.Name(e, "executor")
	e.running.Store(uint64(workers))
	for i := range workers {
		w := &worker{exec: e, number: i}
		w.mark = marks.InitNotified(w)
		e.workers = append(e.workers, w)
		x.Name(w, "worker%d", i+1)
		w.parker.WakerRef().WakeByRef() // the search knows its waker then by who was first to use it
		w.parker.ParkTimeout(0)
	}
	for _, w := range e.workers {
		x.Daemon("worker", w.run)
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

// What is spawned from outside while the worker runs a task again and again, since
// no other is due, is run.
func TestExploreYield(t *testing.T) {
	check(t, func(x *explore.Exec) {
		e := newExecutor(x, 1)
		runs, yields := new(explore.Ghost[int]), new(explore.Ghost[int])
		rouse.SpawnDetached[struct{}](e, future(func(cx rouse.Context) (none struct{}, ready bool) {
			yields.Update(func(n int) int { return n + 1 })
			if ready = yields.Get() > 2; !ready {
				cx.Waker().WakeByRef()
			}
			return none, ready
		}))
		x.Go("spawner", func() { rouse.SpawnDetached[struct{}](e, counting(runs)) })
		x.Final(func() {
			x.Assert(runs.Get() == 1 && yields.Get() == 3, "runs: %d and %d", runs.Get(), yields.Get())
		})
	})
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
		name  string
		a, b  func(p *pair, cx rouse.Context) bool
		runs  int  // of both; 0 is any number
		large bool // it takes half a minute
	}{
		{"both are due", nil, nil, 2, false},
		{"each waits for the other, and blocks its worker",
			func(p *pair, _ rouse.Context) bool { await(p.x, p.b); return true },
			func(p *pair, _ rouse.Context) bool { await(p.x, p.a); return true }, 2, false},
		{"one wakes the other",
			func(p *pair, _ rouse.Context) bool { p.shot.Send(7); return true },
			func(p *pair, cx rouse.Context) bool { r, ready := p.shot.Poll(cx); return ready && r.Value == 7 }, 0, true},
		{"both yield",
			func(p *pair, cx rouse.Context) bool { cx.Waker().WakeByRef(); return p.a.Get() == 2 },
			func(p *pair, cx rouse.Context) bool { cx.Waker().WakeByRef(); return p.b.Get() == 2 }, 4, true},
		{"one yields while the other blocks its worker",
			func(p *pair, cx rouse.Context) bool { cx.Waker().WakeByRef(); return p.a.Get() == 2 },
			func(p *pair, cx rouse.Context) bool {
				p.x.Await("a", func() bool { return p.a.Get() == 2 })
				return true
			}, 3, false},
	} {
		if c.large && testing.Short() {
			continue
		}
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

// Two tasks are spawned from outside, and each waits for the other: two workers
// have to run them, whatever these are doing at the time. There are too many
// interleavings of three threads; these are those of few preemptions.
func TestExploreSpawnTwo(t *testing.T) {
	search(t, explore.Config{RetryLoops: true, Preemptions: 2}, func(x *explore.Exec) {
		e := newExecutor(x, 2)
		var runs [2]explore.Ghost[int]
		x.Go("spawner", func() {
			for i := range runs {
				rouse.SpawnDetached[struct{}](e, future(func(rouse.Context) (none struct{}, ready bool) {
					runs[i].Set(1)
					x.Await("the other task", func() bool { return runs[1-i].Get() > 0 })
					return none, true
				}))
			}
		})
		x.Final(func() {
			x.Assert(runs[0].Get() == 1 && runs[1].Get() == 1, "runs: %d and %d", runs[0].Get(), runs[1].Get())
		})
	})
}

// Shutdown ends when the tasks and the workers have, and every task is told how it
// ended.
func TestExploreShutdown(t *testing.T) {
	check(t, func(x *explore.Exec) { // it waits
		e := newExecutor(x, 1)
		runs := new(explore.Ghost[int])
		j := Spawn(e, future(func(cx rouse.Context) (none struct{}, ready bool) {
			runs.Set(runs.Get() + 1)
			cx.Waker().WakeByRef()
			return none, runs.Get() == 2
		}))
		j.Detach()
		x.Go("shutdown", func() {
			err := e.Shutdown(background)
			x.Assert(err == nil && runs.Get() == 2, "Shutdown returned %v after %d runs", err, runs.Get())
		})
		x.Final(func() { x.Assert(e.running.Load() == 0, "a worker has not ended") })
	})
	check(t, func(x *explore.Exec) { // its time is over before it begins
		e := newExecutor(x, 1)
		j := Spawn(e, counting(new(explore.Ghost[int])))
		x.Go("shutdown", func() {
			e.Shutdown(ended)
			x.Await("the end of the task", j.IsFinished)
			j.Detach()
		})
		x.Final(func() { x.Assert(e.running.Load() == 0, "a worker has not ended") })
	})
}

// block polls f until it is ready.
func block[T any](f rouse.Future[T]) T {
	v, _ := rouse.BlockOn(background, f)
	return v
}

// poll polls f once, and drops it.
func poll[T any](f rouse.Future[T]) (v T, ready bool) {
	w := rouse.NoopWaker()
	v, ready = f.Poll(rouse.NewContext(w.Borrow()))
	drop(&f)
	return v, ready
}

func TestExploreOneshot(t *testing.T) {
	for _, sender := range []func(x *explore.Exec, o *Oneshot[int]) (sent bool){
		func(x *explore.Exec, o *Oneshot[int]) bool { return o.Send(7) },
		func(x *explore.Exec, o *Oneshot[int]) bool { o.Close(); return false },
	} {
		for _, receiver := range []func(o *Oneshot[int]) (r Received[int], ready bool){
			func(o *Oneshot[int]) (Received[int], bool) { return block[Received[int]](o), true },
			func(o *Oneshot[int]) (Received[int], bool) { return poll[Received[int]](o) }, // gives up
		} {
			check(t, func(x *explore.Exec) {
				o := new(Oneshot[int])
				x.Name(o, "oneshot")
				sent, got, ready := new(explore.Ghost[bool]), new(explore.Ghost[bool]), new(explore.Ghost[bool])
				x.Go("sender", func() { sent.Set(sender(x, o)) })
				x.Go("receiver", func() {
					r, ok := receiver(o)
					x.Assert(!r.OK || r.Value == 7, "received %v", r)
					got.Set(r.OK)
					ready.Set(ok)
				})
				x.Final(func() {
					x.Assert(!got.Get() || sent.Get(), "something was received, and the sender was told that nothing was")
					x.Assert(!ready.Get() || got.Get() == sent.Get(), "sent: %v, received: %v", sent.Get(), got.Get())
				})
			})
		}
	}
}

// A Channel has senders and receivers, some of whom give up, and is closed. What
// was sent is received or left, once.
func TestExploreChannel(t *testing.T) {
	send := func(c *Channel[int]) (int, int) {
		if block(c.SendFuture(1)) {
			return 1, 0
		}
		return 0, 0
	}
	trySend := func(c *Channel[int]) (int, int) {
		if sent, ready := poll(c.SendFuture(1)); sent && ready {
			return 1, 0
		}
		return 0, 0
	}
	recv := func(c *Channel[int]) (int, int) { return 0, block(c.RecvFuture()).Value }
	tryRecv := func(c *Channel[int]) (int, int) { r, _ := poll(c.RecvFuture()); return 0, r.Value }
	closes := func(c *Channel[int]) (int, int) { c.Close(); return 0, 0 }
	type act = func(c *Channel[int]) (sent, received int)
	for name, acts := range map[string][]act{
		"send, receive":                   {send, recv},
		"send twice, receive twice":       {func(c *Channel[int]) (int, int) { send(c); send(c); return 2, 0 }, func(c *Channel[int]) (int, int) { recv(c); recv(c); return 0, 2 }},
		"two send, one receives":          {send, trySend, recv},
		"one sends twice, two receive":    {func(c *Channel[int]) (int, int) { send(c); send(c); return 2, 0 }, recv, tryRecv},
		"send, receive, close":            {send, recv, closes},
		"send, give up receiving, close":  {send, tryRecv, closes},
		"give up sending, receive, close": {trySend, recv, closes},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, func(x *explore.Exec) {
				c := NewChannel[int](1)
				x.Name(c, "channel")
				sent, received := new(explore.Ghost[int]), new(explore.Ghost[int])
				for _, a := range acts {
					x.Go("thread", func() {
						s, r := a(c)
						sent.Update(func(n int) int { return n + s })
						received.Update(func(n int) int { return n + r })
					})
				}
				x.Final(func() {
					x.Assert(sent.Get() == received.Get()+int(c.ring.tail-c.ring.head), "%d sent, %d received, %d left", sent.Get(), received.Get(), c.ring.tail-c.ring.head)
				})
			})
		})
	}
}

// One task of a group fails. The other is cancelled, or has ended.
func TestExploreGroup(t *testing.T) {
	broken := fmt.Errorf("broken")
	check(t, func(x *explore.Exec) {
		e := newExecutor(x, 1)
		g := NewGroup(e)
		x.Name(g, "group")
		g.Go(new(Oneshot[error]).asMember())
		g.Go(failing(broken))
		x.Go("user", func() {
			err := block(g.Wait())
			x.Assert(err == broken, "the group ended with %v", err)
		})
	})
}

// asMember is a future that waits for ever.
func (o *Oneshot[T]) asMember() rouse.Future[error] { return &mapped[Received[T]]{o} }
