package explore

import (
	"testing"
	"unsafe"
)

// Do keeps the result of an operation and forgets what it saw.
func TestDo(t *testing.T) {
	scenario := func(do func(x *Exec, f func())) func(x *Exec) {
		return func(x *Exec) {
			var w Uint64
			for _, name := range []string{"a", "b", "c"} {
				x.Go(name, func() {
					for range 2 {
						do(x, func() {
							for v := w.Load(); !w.CompareAndSwap(v, v+1); v = w.Load() {
							}
						})
					}
				})
			}
			x.Final(func() { x.Assert(w.Load() == 6, "w = %d", w.Load()) })
		}
	}
	all := Check(t, Config{}, scenario(func(x *Exec, f func()) { f() }))
	merged := Check(t, Config{}, scenario((*Exec).Do))
	if merged.States*4 > all.States {
		t.Errorf("%d states with Do, %d without", merged.States, all.States)
	}

	// A result that differs is a state that differs.
	r := Run(Config{}, func(x *Exec) {
		var w Uint64
		for range 2 {
			x.Go("adds", func() {
				first := Do(x, func() bool { return w.Add(1) == 1 })
				w.Add(0)
				if !first {
					x.Failf("second")
				}
			})
		}
	})
	if r.Failure == nil {
		t.Errorf("the second is not found: %v", r)
	}
}

// Threads that go round for ever have finitely many states if At says where they are, and the
// search ends although there is no end to any schedule.
func TestAt(t *testing.T) {
	r := Check(t, Config{}, func(x *Exec) {
		var w Uint64
		var other [2]Uint64
		for i, name := range []string{"even", "odd"} {
			x.Daemon(name, func() {
				for {
					x.At("top")
					x.Await("turn", func() bool { return w.Load() == uint64(i) })
					other[i].Add(1)
					other[i].Store(0)
					w.Store(1 - uint64(i))
				}
			})
		}
	})
	if !r.Exhausted || r.States > 20 || r.Complete != 0 {
		t.Errorf("%v, %d complete", r, r.Complete)
	}
	// A failure that takes going round is found, though there are cycles.
	r = Run(Config{}, func(x *Exec) {
		var w, b Uint64
		x.Daemon("counts", func() {
			for {
				x.At("top")
				w.Add(1)
				w.CompareAndSwap(4, 0)
			}
		})
		x.Go("looks", func() {
			if w.Load() == 3 {
				b.Store(1)
			}
		})
		x.Go("looks later", func() {
			x.Assert(!(b.Load() == 1 && w.Load() == 2), "found")
		})
	})
	if r.Failure == nil {
		t.Errorf("not found: %v", r)
	}
	t.Log(r)
}

// State outside instrumented objects counts if Key reports it.
func TestKey(t *testing.T) {
	scenario := func(report bool) func(x *Exec) {
		return func(x *Exec) {
			var w Uint64
			var order string
			for _, name := range []string{"a", "b"} {
				x.Go(name, func() {
					w.Or(1)
					order += name
					w.Load()
				})
			}
			if report {
				x.Key(func() uint64 { return hashString(order) })
			}
			x.Final(func() { x.Assert(order == "ab", "order %s", order) })
		}
	}
	if r := Run(Config{NoReduction: true}, scenario(true)); r.Failure == nil {
		t.Errorf("not found: %v", r)
	}
	fails(t, "order ba", scenario(true))
}

func TestObserve(t *testing.T) {
	// The threads learn who came first from a variable that the search does not see.
	r := Run(Config{}, func(x *Exec) {
		var w Uint64
		n := 0
		x.Key(func() uint64 { return uint64(n) })
		for range 2 {
			x.Go("t", func() {
				w.Load()
				n++
				mine := n
				x.Observe(uint64(mine))
				w.Load()
				x.Assert(mine == 1, "second")
			})
		}
	})
	if r.Failure == nil {
		t.Errorf("not found: %v", r)
	}
}

func TestRetire(t *testing.T) {
	type cell struct {
		refs Uint64
		data Var[int]
	}
	scenario := func(use func(c *cell)) func(x *Exec) {
		return func(x *Exec) {
			c := new(cell)
			x.Name(c, "cell")
			c.refs.Store(2)
			for _, name := range []string{"a", "b"} {
				x.Go(name, func() {
					if c.refs.Sub(1) == 0 {
						x.Retire(c)
					} else {
						use(c)
					}
				})
			}
		}
	}
	Check(t, Config{}, scenario(func(c *cell) {}))
	fails(t, "uses cell.refs after", scenario(func(c *cell) { c.refs.Load() }))
	fails(t, "data race on cell.data: write by", scenario(func(c *cell) { c.data.Get() }))
	fails(t, "retired already", func(x *Exec) {
		c := new(cell)
		x.Go("a", func() { x.Retire(c); x.Retire(c) })
	})
	Check(t, Config{}, func(x *Exec) {
		c := new(cell)
		x.Go("a", func() {
			x.Retire(c)
			x.Reuse(c)
			c.refs.Add(1)
			x.Retire(c)
		})
	})
}

func TestPool(t *testing.T) {
	type cell struct {
		tenant Var[int]
		w      Uint64
	}
	// A Put orders the Get that returns its value, and no other.
	shared := Pool{New: func() any { return new(cell) }} // starts empty each time
	var reused, made bool
	Check(t, Config{}, func(x *Exec) {
		for i, name := range []string{"a", "b"} {
			x.Go(name, func() {
				c := shared.Get().(*cell)
				if c.tenant.Get() == 0 {
					made = true
				} else {
					reused = true
				}
				c.tenant.Set(i + 1)
				c.w.Add(1)
				shared.Put(c)
			})
		}
	})
	if !reused || !made {
		t.Errorf("reused: %v, made: %v", reused, made)
	}
	fails(t, "data race", func(x *Exec) {
		var v Var[int]
		var first Uint64
		x.Go("a", func() {
			v.Set(1)
			shared.Put(new(cell))
			first.v.Store(1) // orders nothing
		})
		x.Go("b", func() {
			x.Await("a's", func() bool { return first.v.Load() == 1 })
			mine := new(cell)
			shared.Put(mine)
			x.Assert(shared.Get() == any(mine), "not the latest")
			v.Get()
		})
	})
}

// Plain variables count by content, whoever wrote it: numbers, what pointers point to, elements,
// closures.
func TestContent(t *testing.T) {
	type record struct {
		to   *int
		list []int
		f    func()
		any  any
	}
	p, q := new(int), new(int)
	f, g := func() { *p++ }, func() { *q++ }
	funcValue := func(f *func()) *byte { return *(**byte)(unsafe.Pointer(f)) }
	states := func(value func(thread int) record) int {
		r := Check(t, Config{NoReduction: true}, func(x *Exec) {
			var mu Mutex
			var plain record
			var ghost Ghost[record]
			var typed Var[record]
			for i, p := range []any{&mu, &plain, &ghost, &typed, p, q, funcValue(&f), funcValue(&g)} {
				x.Name(p, "shared %d", i)
			}
			for i := range 2 {
				x.Go("writes", func() {
					mu.Lock()
					Writes(&plain, "plain")
					plain = value(i)
					typed.Set(value(i))
					ghost.Set(value(i))
					mu.Unlock()
				})
			}
			x.Go("waits", func() {
				x.Await("both", func() bool { return ghost.Get().list != nil })
			})
		})
		return r.States
	}
	same := states(func(int) record { return record{p, []int{1, 2}, f, 3} })
	for name, value := range map[string]func(int) record{
		"pointer":   func(i int) record { return record{[]*int{p, q}[i], []int{1, 2}, f, 3} },
		"slice":     func(i int) record { return record{p, []int{1, i}, f, 3} },
		"closure":   func(i int) record { return record{p, []int{1, 2}, []func(){f, g}[i], 3} },
		"interface": func(i int) record { return record{p, []int{1, 2}, f, []any{3, "3"}[i]} },
		"map":       func(i int) record { return record{p, []int{1, 2}, f, map[int]int{}} }, // not comparable
	} {
		if n := states(value); n <= same {
			t.Errorf("%s: %d states with different contents, %d with the same", name, n, same)
		}
	}
}

// What a thread leaves in a variable of its own for Final needs no announcement.
func TestResultsInOwnVariables(t *testing.T) {
	fails(t, "saw 2 and 1", func(x *Exec) {
		var w Uint64
		var a, b uint64
		x.Go("a", func() { a = w.Add(1) })
		x.Go("b", func() { b = w.Add(1) })
		x.Final(func() { x.Assert(a < b, "saw %d and %d", a, b) })
	})
}

// TestRetryElsewhere: code that goes on elsewhere after a failed swap, and then comes back to the
// same load, as the consumer of a queue may, is in no retry loop.
func TestRetryElsewhere(t *testing.T) {
	ends := func(retry bool) map[[2]uint64]bool {
		got := map[[2]uint64]bool{}
		newEngine(Config{RetryLoops: retry}, func(x *Exec) {
			var head, out Uint64
			head.Store(1)
			out.Store(9)
			x.Go("consumer", func() {
				for i := range uint64(3) {
					if head.Load() == 1 && head.CompareAndSwap(1, 0) {
						out.Store(10 + i)
						return
					}
					head.Swap(2)
				}
			})
			x.Go("producer", func() {
				for range 2 {
					head.Swap(2)
					head.Swap(1)
				}
			})
			x.Final(func() { got[[2]uint64{out.Load(), head.Load()}] = true })
		}).runAll()
		return got
	}
	if all, got := ends(false), ends(true); len(all) != 8 || len(got) != len(all) {
		t.Errorf("RetryLoops comes to %d of %d ends", len(got), len(all))
	}
}
