package rouse

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
)

// A worker is a task of level 1 that keeps its own waker while it is pending.
type worker struct {
	Header
	c                          *crew
	polls, cancelled, released atomic.Int64

	kept Waker // the run's

	mu   sync.Mutex // the owner's
	gone bool       // the owner gave it up; guarded by mu
}

var workers = NewVtable(Ops[worker]{
	Poll: func(s *worker, cx Context) bool {
		if s.polls.Add(1) == 4 {
			s.kept.Drop()
			return true
		}
		s.kept.CloneFrom(cx.Waker())
		return false
	},
	Cancel: func(s *worker, _ Cause) {
		s.cancelled.Add(1)
		s.kept.Drop()
	},
	Schedule: func(s *worker, n Notified, why Reason) { s.c.Schedule(n, why) },
	Release:  func(s *worker) { s.released.Add(1) },
})

// Tasks of level 1, woken, aborted, closed and disowned at random: each ends
// once, and is released once.
func TestStressActors(t *testing.T) {
	const tasks, parties = 2000, 3
	c := newCrew(2)
	all := make([]*worker, tasks)
	for i := range all {
		all[i] = &worker{c: c}
		workers.Init(all[i])
	}
	var late sync.WaitGroup
	atOnce(parties, func(_ int, r *rand.Rand) {
		for range 2 {
			for _, i := range r.Perm(tasks) {
				all[i].use(r, &late)
			}
		}
	})
	for _, s := range all {
		if !s.gone {
			s.Close()
			s.Disown()
		}
	}
	late.Wait()
	c.close()
	for i, s := range all {
		n := s.Snapshot()
		if s.released.Load() != 1 || !n.Complete() || n.Refs() != 0 {
			t.Errorf("worker %d: released %d times, %v", i, s.released.Load(), n)
		}
		if ended := btoi(s.polls.Load() == 4) + int(s.cancelled.Load()); ended != 1 {
			t.Errorf("worker %d: %d polls, cancelled %d times", i, s.polls.Load(), s.cancelled.Load())
		}
	}
}

// use does one thing with a worker, unless its owner gave it up.
func (s *worker) use(r *rand.Rand, late *sync.WaitGroup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone {
		return
	}
	switch r.IntN(8) {
	case 0:
		s.Abort()
	case 1:
		s.Close()
	case 2:
		s.Abort()
		s.Disown()
		s.gone = true
	case 3:
		w := new(Waker)
		*w = s.WakerRef().Clone()
		late.Add(1)
		go func() {
			defer late.Done()
			w.Wake()
		}()
	default:
		s.Wake()
	}
}

// A place holds a waker that anybody may take.
type place struct {
	mu sync.Mutex
	w  Waker // guarded by mu
}

func (s *place) put(w *Waker) {
	s.mu.Lock()
	old := s.w.Move()
	s.w = w.Move()
	s.mu.Unlock()
	old.Drop()
}

// Pooled cells, under aborters and wakers of their former tenants: the next
// tenants end as they should.
func TestStressPool(t *testing.T) {
	const tasks, parties = 4000, 3
	var p Pool[tallied, *inbox]
	var y tally
	var aborted atomic.Int64
	c := newCrew(2)
	ctx := within(t)
	var shared [8]place
	atOnce(parties, func(_ int, r *rand.Rand) {
		var stale []AbortHandle
		for i := range tasks / parties {
			b := &inbox{y: &y, need: 1}
			y.spawned.Add(1)
			j := p.Spawn(c, b)
			if i%8 == 0 {
				stale = append(stale, j.AbortHandle())
			}
			b.bring(r)
			b.mu.Lock()
			var w Waker
			if !b.w.IsZero() {
				w = b.w.Clone()
			}
			b.mu.Unlock()
			shared[r.IntN(len(shared))].put(&w) // drops another's, maybe its last
			if _, err := j.Join(ctx); err != nil {
				t.Errorf("ended by %v", err)
			}
			y.taken.Add(1)
			if len(stale) > 0 && stale[r.IntN(len(stale))].Abort() {
				aborted.Add(1)
			}
		}
	})
	for i := range shared {
		shared[i].put(new(Waker))
	}
	c.close()
	if aborted.Load() != 0 {
		t.Errorf("%d stale handles aborted", aborted.Load())
	}
	y.check(t, c.releases.Load())
}

// Refusals from all sides at once: whoever drains the list, all tasks end.
func TestStressRefusals(t *testing.T) {
	const chains, length = 40, 50
	ctx := within(t)
	closed := newCrew(0)
	var ended atomic.Int64
	closed.close()
	atOnce(4, func(_ int, r *rand.Rand) {
		for range chains / 4 {
			left := length
			var next func() JoinHandle[int]
			next = func() JoinHandle[int] {
				return Spawn[int](closed, ender{func() {
					ended.Add(1)
					if left--; left > 0 {
						j := next()
						j.Detach()
					}
				}})
			}
			j := next()
			if _, err := j.Join(ctx); err == nil {
				t.Error("a refused task was ready")
			}
		}
	})
	if n := ended.Load(); n != chains*length || closed.releases.Load() != n {
		t.Errorf("%d ended, %d released", n, closed.releases.Load())
	}
}

// An ender is a future that is never ready; its destructor does something.
type ender struct{ end func() }

func (e ender) Poll(Context) (int, bool) { return 0, false }
func (e ender) Drop()                    { e.end() }
