package explore

import (
	"maps"
	"testing"
)

// Programs that come to an end whatever is scheduled, as long as no thread is starved.
func TestPauseGoesOn(t *testing.T) {
	type shared struct {
		a, b Uint64
		mu   Mutex
		p    Pool
		v    Var[int]
		g    Ghost[int]
	}
	for name, body := range map[string]func(x *Exec, s *shared){
		"a change between a look and the Pause": func(x *Exec, s *shared) {
			x.Go("spins", func() {
				for s.a.Load() == 0 && s.b.Load() == 0 {
					Pause()
				}
			})
			x.Go("sets", func() { s.a.Store(1) })
		},
		"a swap that failed": func(x *Exec, s *shared) {
			for range 2 {
				x.Go("adds", func() {
					for {
						if v := s.a.Load(); s.a.CompareAndSwap(v, v+1) {
							return
						}
						Pause()
					}
				})
			}
		},
		"progress of its own": func(x *Exec, s *shared) {
			x.Go("counts", func() {
				for s.a.Add(1) < 5 {
					Pause()
				}
			})
		},
		"progress in plain memory": func(x *Exec, s *shared) {
			x.Go("counts", func() {
				for s.v.Get() < 5 {
					s.v.Set(s.v.Get() + 1)
					Pause()
				}
			})
		},
		"progress of the scenario": func(x *Exec, s *shared) {
			x.Go("counts", func() {
				for s.g.Get() < 5 {
					s.g.Set(s.g.Get() + 1)
					Pause()
				}
			})
		},
		"a pool": func(x *Exec, s *shared) {
			x.Go("takes", func() {
				for s.p.Get() == nil {
					Pause()
				}
			})
			x.Go("puts", func() { s.p.Put(1) })
		},
		"a lock that is tried": func(x *Exec, s *shared) {
			for range 2 {
				x.Go("locks", func() {
					for range 2 {
						for !s.mu.TryLock() {
							Pause()
						}
						s.mu.Unlock()
					}
				})
			}
		},
		"a look under a lock": func(x *Exec, s *shared) {
			for range 2 {
				x.Go("spins", func() {
					for {
						s.mu.Lock()
						ready := s.v.Get() == 1
						s.mu.Unlock()
						if ready {
							return
						}
						Pause()
					}
				})
			}
			x.Go("sets", func() {
				s.mu.Lock()
				s.v.Set(1)
				s.mu.Unlock()
			})
		},
		"a swap that changes nothing": func(x *Exec, s *shared) {
			for range 2 {
				x.Go("parks", func() {
					for s.a.Swap(0) == 0 {
						Pause()
					}
					s.a.Store(1)
				})
			}
			x.Go("unparks", func() { s.a.Store(1) })
		},
		"a thread that ends": func(x *Exec, s *shared) {
			ended := false // as a context that is cancelled
			x.Go("spins", func() {
				for s.a.Load() == 0 && !ended {
					Pause()
				}
			})
			x.Go("ends", func() {
				s.b.Load()
				ended = true
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := Check(t, Config{MaxSteps: 300}, func(x *Exec) {
				s := new(shared)
				x.Name(s, "s")
				body(x, s)
			})
			if !r.Exhausted {
				t.Error(r)
			}
		})
	}
}

// Threads that spin for what never comes are stuck, not busy.
func TestPauseIsStuck(t *testing.T) {
	fails(t, "deadlock: first in Pause, second in Pause", func(x *Exec) {
		var w, other Uint64
		var mu Mutex
		x.Go("first", func() {
			for w.Swap(0) == 0 {
				mu.Lock()
				mu.Unlock()
				Pause()
			}
		})
		x.Go("second", func() {
			for w.Load() == 0 {
				other.Store(3)
				other.Store(2)
				Pause()
			}
		})
	})
}

// A daemon that is still spinning when the others have ended has met everything that it can meet.
func TestPauseInDaemon(t *testing.T) {
	ends := func(pause func()) map[int]bool {
		got := map[int]bool{}
		e := newEngine(Config{MaxSteps: 40}, func(x *Exec) {
			var a, b Uint64
			var out Ghost[int]
			x.Daemon("spins", func() {
				first := -1
				for {
					sa, sb := a.Load(), b.Load()
					if first < 0 {
						first = int(sb)
					}
					if sa == 1 {
						out.Set(10 + first)
						return
					}
					pause()
				}
			})
			x.Go("sets", func() { a.Store(1); b.Store(1) })
			x.Final(func() { got[out.Get()] = true })
		})
		e.collect = func(*Failure) {} // a thread that spins without a Pause does not come to rest
		e.runAll()
		return got
	}
	want, got := ends(func() {}), ends(Pause)
	if len(want) != 2 || !maps.Equal(got, want) {
		t.Errorf("the daemon ends with %v, want %v", got, want)
	}
}
