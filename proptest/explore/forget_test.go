package explore

import (
	"strings"
	"testing"
)

// A thread that has ended leaves accesses behind that nobody knows of. They are part of the state
// also where a Do or an Await has made the thread forget whether it made them.
func TestAccessesOfThreadsThatEnded(t *testing.T) {
	type shared struct {
		w, z Uint64
		v    Var[int]
	}
	for name, looks := range map[string]func(x *Exec, s *shared){
		"Do": func(x *Exec, s *shared) {
			x.Do(func() {
				if s.w.Load() == 1 && s.z.Load() == 0 {
					s.v.Get()
				}
			})
		},
		"Await": func(x *Exec, s *shared) {
			x.Await("go", func() bool { return s.w.Load() == 0 || s.z.Load() == 1 || s.v.Get() == 0 })
		},
		"At": func(x *Exec, s *shared) {
			if s.w.Load() == 1 && s.z.Load() == 0 {
				s.v.Get()
			}
			x.At("the end")
		},
	} {
		for _, c := range []Config{{NoCache: true, NoReduction: true}, {NoCache: true}, {NoReduction: true}, {}} {
			r := Run(c, func(x *Exec) {
				s := new(shared)
				x.Name(s, "s")
				x.Go("looks", func() { looks(x, s) })
				x.Go("writes", func() {
					s.z.Store(1)
					s.v.Set(1)
				})
				x.Go("lets it look", func() { s.w.Store(1) })
			})
			if r.Failure == nil || !strings.Contains(r.Failure.Message, "data race on s.v") {
				t.Errorf("%s: no race is found: %v", name, r)
			}
		}
	}
}

// What is in a pool is part of the state, also if its owner has forgotten what it put there.
func TestContentOfPool(t *testing.T) {
	type cell struct{ w Uint64 }
	for name, values := range map[string]func(a, b *cell) [2]any{
		"pointers": func(a, b *cell) [2]any { return [2]any{a, b} },
		"numbers":  func(a, b *cell) [2]any { return [2]any{1, 2} },
		"maps":     func(a, b *cell) [2]any { return [2]any{map[int]int{1: 1}, map[int]int{}} },
	} {
		r := Run(Config{}, func(x *Exec) {
			var w Uint64
			var p Pool
			a, b := new(cell), new(cell)
			x.Name(a, "a")
			x.Name(b, "b")
			v := values(a, b)
			x.Name(&w, "w")
			x.Name(&p, "p")
			x.Go("puts", func() {
				x.Do(func() { p.Put(v[w.Load()]) })
			})
			x.Go("sets", func() { w.Store(1) })
			x.Go("gets", func() {
				x.Await("it is put", func() bool { return p.items != nil && p.run == x.e.execution })
				got := p.Get()
				switch second := v[1].(type) {
				case map[int]int:
					m, _ := got.(map[int]int)
					x.Assert(m == nil || len(m) == 1, "got the second")
				default:
					x.Assert(got != second, "got the second")
				}
			})
		})
		if r.Failure == nil || r.Failure.Message != "got the second" {
			t.Errorf("%s: %v", name, r)
		}
	}
}
