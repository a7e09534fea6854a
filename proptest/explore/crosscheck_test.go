package explore

import (
	"strings"
	"testing"
)

// Scenarios that the search calls exhausted, because they do not say what their threads share, or
// say what is not true.
func TestCrossCheckFinds(t *testing.T) {
	for name, body := range map[string]func(x *Exec, w *[2]Uint64){
		"a failure through memory that is not announced": func(x *Exec, w *[2]Uint64) {
			n := 0
			for _, name := range []string{"a", "b"} {
				x.Go(name, func() {
					w[0].Load()
					n++
					mine := n
					w[0].Load()
					x.Assert(mine == 1 || name == "b", "b was first")
				})
			}
		},
		"an end through memory that is not announced": func(x *Exec, w *[2]Uint64) {
			n := uint64(0)
			for i := range 2 {
				x.Go("t", func() {
					w[1].Load()
					n = n*10 + uint64(i) + 1
				})
			}
			x.Final(func() {
				w[0].Store(n)
				w[0].Load()
			})
		},
		"a Do that leaves more than its result": func(x *Exec, w *[2]Uint64) {
			x.Go("a", func() {
				var kept uint64
				x.Do(func() { kept = w[0].Load() })
				w[1].Add(1)
				w[1].Store(kept)
			})
			x.Go("b", func() { w[0].Store(7) })
			x.Final(func() { w[1].Load() })
		},
		"shared objects without a name": func(x *Exec, w *[2]Uint64) {
			var unnamed [2]Uint64
			x.Go("a", func() {
				x.Do(func() { unnamed[w[0].Load()].Store(5) })
				w[1].Store(1)
			})
			x.Go("b", func() {
				w[0].Store(1)
				x.Await("a's", func() bool { return w[1].Load() == 1 })
				x.Assert(unnamed[1].Load() != 5, "the second")
			})
		},
		"what a Final check observes": func(x *Exec, w *[2]Uint64) {
			first := ""
			for _, name := range []string{"a", "b"} {
				x.Go(name, func() {
					w[0].Load()
					first += name
				})
			}
			x.Final(func() { x.Observe(hashString(first)) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			scenario := func(x *Exec) {
				w := new([2]Uint64)
				x.Name(w, "w")
				body(x, w)
			}
			if r := Run(Config{}, scenario); r.Failure != nil || !r.Exhausted {
				t.Fatalf("the search alone: %v", r)
			}
			r := Run(Config{CrossCheck: true}, scenario)
			if r.Failure == nil || r.Exhausted || r.Checked == 0 {
				t.Fatalf("not found: %v", r)
			}
			if !strings.Contains(r.Failure.Message, distrust) || strings.Contains(r.Failure.Message, "deterministic") {
				t.Errorf("it says %q", r.Failure.Message)
			}
			if r.Failure.Table == "" {
				t.Error("no schedule is shown")
			}
		})
	}
}

func TestCrossCheckPasses(t *testing.T) {
	check := Config{CrossCheck: true}
	r := Check(t, check, task(1, 1, false))
	if !r.Exhausted || r.Checked <= r.Schedules {
		t.Errorf("%v", r)
	}
	if s := r.String(); !strings.Contains(s, "cross-checked") {
		t.Errorf("it does not say that it was checked: %s", s)
	}
	// What pointers point to has other names in other schedules, which is no other end.
	r = Check(t, check, func(x *Exec) {
		var p [2]Pointer[int]
		var g Ghost[*int]
		var v Var[*int]
		n := new(int)
		for i := range p {
			x.Go("t", func() {
				if p[i].Swap(n) == nil && p[1-i].Load() != nil {
					g.Set(n)
				}
			})
		}
		x.Final(func() {
			v.Get()
			g.Get()
			p[0].Load()
			p[1].Load()
		})
	})
	if !r.Exhausted {
		t.Error(r)
	}
}

// A cross-check that cannot get to its end does not say that it did.
func TestCrossCheckLimits(t *testing.T) {
	r := Run(Config{CrossCheck: true, MaxSchedules: 100}, independent(8))
	if r.Exhausted || r.Failure != nil || r.Checked != 100 {
		t.Errorf("%v", r)
	}
	r = Run(Config{CrossCheck: true, MaxSteps: 60, MaxSchedules: 100}, func(x *Exec) {
		var w Uint64
		for i := range 2 {
			x.Daemon("d", func() {
				for {
					x.At("top")
					x.Await("turn", func() bool { return w.Load() == uint64(i) })
					w.Store(1 - uint64(i))
				}
			})
		}
	})
	if r.Exhausted || r.Failure != nil || r.Checked == 0 {
		t.Errorf("%v", r)
	}
}
