package explore

import (
	"strings"
	"testing"
)

// Each bug is found, within a stated number of schedules, and its correct twin passes all of them.
func twin(t *testing.T, within int, message string, bad, good func(x *Exec)) {
	t.Helper()
	r := CheckFails(t, Config{}, within, bad)
	if !strings.Contains(r.Failure.Message, message) {
		t.Errorf("found %q, want %q", r.Failure.Message, message)
	}
	if again, err := Replay(r.Failure.Token, Config{}, bad); err != nil || again.Failure == nil {
		t.Errorf("replay of %s: %v, %v", r.Failure.Token, again, err)
	} else if again.Schedules != 1 || again.Failure.Message != r.Failure.Message || again.Failure.Table != r.Failure.Table {
		t.Errorf("replay of %s: %v\nwant %v", r.Failure.Token, again.Failure, r.Failure)
	}
	if r := Check(t, Config{}, good); !r.Exhausted {
		t.Errorf("not exhausted: %v", r)
	}
}

func TestLostUpdate(t *testing.T) {
	scenario := func(inc func(*Uint64)) func(x *Exec) {
		return func(x *Exec) {
			var w Uint64
			x.Go("a", func() { inc(&w) })
			x.Go("b", func() { inc(&w) })
			x.Final(func() {
				n := w.Load()
				x.Assert(n == 2, "counted %d of 2", n)
			})
		}
	}
	twin(t, 2, "counted 1 of 2",
		scenario(func(w *Uint64) { w.Store(w.Load() + 1) }),
		scenario(func(w *Uint64) { w.Add(1) }))
}

// A mailbox whose reader goes idle by a store, without looking for what came meanwhile.
func TestLostWakeup(t *testing.T) {
	const idle, busy = 0, 1
	scenario := func(look bool) func(x *Exec) {
		return func(x *Exec) {
			var status, queued Uint64
			var runs, got Ghost[int]
			schedule := func() {
				if status.CompareAndSwap(idle, busy) {
					runs.Set(runs.Get() + 1)
				}
			}
			for _, name := range []string{"a", "b"} {
				x.Go(name, func() {
					queued.Add(1)
					schedule()
				})
			}
			x.Daemon("reader", func() {
				for {
					x.Await("a run", func() bool { return runs.Get() > 0 })
					runs.Set(runs.Get() - 1)
					got.Set(got.Get() + int(queued.Swap(0)))
					status.Store(idle)
					if look && queued.Load() > 0 {
						schedule()
					}
				}
			})
			x.Final(func() { x.Assert(got.Get() == 2, "%d of 2 messages read", got.Get()) })
		}
	}
	twin(t, 20, "1 of 2 messages read", scenario(false), scenario(true))
}

// A wake that finds the task notified already and only loads: nothing orders the data written
// before it ahead of the run it joins.
func TestLoadOnlyWake(t *testing.T) {
	const notified = 1
	scenario := func(wake func(w *Uint64)) func(x *Exec) {
		return func(x *Exec) {
			var w Uint64
			var data Var[int]
			w.Store(notified)
			x.Go("waker", func() {
				data.Set(1)
				wake(&w)
			})
			x.Go("runner", func() {
				if w.Swap(0) == notified|2 {
					data.Get()
				}
			})
		}
	}
	publish := func(w *Uint64) {
		for {
			s := w.Load()
			if w.CompareAndSwap(s, s|2) {
				return
			}
		}
	}
	Check(t, Config{}, scenario(publish))

	coalesced := func(wake func(w *Uint64)) func(x *Exec) {
		return func(x *Exec) {
			var w, done Uint64
			data := new(Var[int])
			x.Name(data, "data")
			w.Store(notified)
			x.Go("waker", func() {
				data.Set(1)
				wake(&w)
				done.Store(1)
			})
			x.Go("runner", func() {
				// The scenario knows that the wake came first; the code does not.
				x.Await("wake", func() bool { return done.v.Load() == 1 })
				w.Add(^uint64(0))
				data.Get()
			})
		}
	}
	twin(t, 2, "data race on data: read by runner is not ordered after write by waker",
		coalesced(func(w *Uint64) { w.Load() }),
		coalesced(func(w *Uint64) { w.Add(0) }))
	twin(t, 2, "data race on data",
		coalesced(func(w *Uint64) { w.CompareAndSwap(99, 100) }),
		coalesced(func(w *Uint64) { w.CompareAndSwap(notified, notified) }))
	twin(t, 2, "data race on data",
		coalesced(func(w *Uint64) { w.Load() }),
		coalesced(func(w *Uint64) { w.Swap(notified) }))
}

// ABA on an intrusive stack: a node that is popped and pushed back under a slow popper.
func TestABA(t *testing.T) {
	type item struct {
		next Pointer[item]
		in   Ghost[bool]
	}
	scenario := func(reuse bool) func(x *Exec) {
		return func(x *Exec) {
			var top Pointer[item]
			var twice Ghost[bool]
			pop := func() *item {
				for {
					n := top.Load()
					if n == nil {
						return nil
					}
					if top.CompareAndSwap(n, n.next.Load()) {
						if !n.in.Get() {
							twice.Set(true)
						}
						n.in.Set(false)
						return n
					}
				}
			}
			push := func(n *item) {
				for {
					old := top.Load()
					n.next.Store(old)
					n.in.Set(true)
					if top.CompareAndSwap(old, n) {
						return
					}
				}
			}
			push(&item{})
			push(&item{})
			x.Go("slow", func() { pop() })
			x.Go("fast", func() {
				n := pop()
				pop()
				if n != nil {
					if !reuse {
						n = &item{}
					}
					push(n)
				}
			})
			x.Final(func() {
				for pop() != nil {
				}
				x.Assert(!twice.Get(), "a node was popped twice")
			})
		}
	}
	twin(t, 60, "popped twice", scenario(true), scenario(false))
}

func TestDeadlock(t *testing.T) {
	scenario := func(ordered bool) func(x *Exec) {
		return func(x *Exec) {
			var first, second Mutex
			x.Name(&first, "first")
			x.Name(&second, "second")
			both := func(p, q *Mutex) {
				p.Lock()
				q.Lock()
				q.Unlock()
				p.Unlock()
			}
			x.Go("a", func() { both(&first, &second) })
			x.Go("b", func() {
				if ordered {
					both(&first, &second)
				} else {
					both(&second, &first)
				}
			})
		}
	}
	twin(t, 3, "deadlock: a in second.Lock, b in first.Lock", scenario(false), scenario(true))
}

// The reader of data that was stored before a flag needs to see that very store.
func TestStoreDoesNotCarryEarlierReleases(t *testing.T) {
	scenario := func(publish func(w *Uint64)) func(x *Exec) {
		return func(x *Exec) {
			var w Uint64
			var data Var[int]
			x.Name(&data, "data")
			x.Go("a", func() {
				data.Set(1)
				w.Store(1)
			})
			x.Go("b", func() { publish(&w) })
			x.Go("c", func() {
				if x.Await("2", func() bool { return w.Load() >= 1 }); w.Load() == 2 && w.Load() == 2 {
					data.Get()
				}
			})
		}
	}
	// A store of 2 over the 1 orders nothing of a's. A read-modify-write would.
	r := CheckFails(t, Config{}, 20, scenario(func(w *Uint64) { w.Store(2) }))
	if r.Failure.Race == nil {
		t.Errorf("want a race, found %v", r.Failure)
	}
	Check(t, Config{}, scenario(func(w *Uint64) {
		for !w.CompareAndSwap(1, 2) {
			Pause()
		}
	}))
}
