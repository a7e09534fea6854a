package rouse

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// An inbox is a future that is ready when as many tokens have come as it
// needs. Whoever brings one finds its waker in the slot.
type inbox struct {
	y      *tally
	need   int64
	tokens atomic.Int64
	cell   WakerCell // one way in
	mu     sync.Mutex
	w      Waker // the other; guarded by mu
}

func (b *inbox) Poll(cx Context) (tallied, bool) {
	b.cell.Register(cx.Waker())
	b.mu.Lock()
	b.w.CloneFrom(cx.Waker())
	b.mu.Unlock()
	n := b.tokens.Load()
	if n >= b.need {
		b.y.ready.Add(1)
	}
	return tallied{b.y, int(n)}, n >= b.need
}

func (b *inbox) Drop() {
	b.y.futures.Add(1)
	b.cell.Close()
	b.mu.Lock()
	w := b.w.Move()
	b.mu.Unlock()
	w.Drop()
}

// bring adds a token and wakes in one of the ways there are.
func (b *inbox) bring(r *rand.Rand) {
	b.tokens.Add(1)
	b.wake(r)
}

func (b *inbox) wake(r *rand.Rand) {
	if r.IntN(2) == 0 {
		b.cell.Wake()
		return
	}
	b.mu.Lock()
	var w Waker
	if !b.w.IsZero() {
		w = b.w.Clone()
	}
	b.mu.Unlock()
	if w.IsZero() {
		return // not polled yet: the run that it owes will see the token
	}
	if r.IntN(2) == 0 {
		w.Wake()
		return
	}
	w.WakeByRef()
	w.Drop()
}

// Nothing but wakes: every task is ready in the end, so none was lost.
func TestStressWakes(t *testing.T) {
	const tasks, tokens, wakers = 1500, 6, 3
	var y tally
	c := newCrew(2)
	boxes := make([]*inbox, tasks)
	joins := make([]JoinHandle[tallied], tasks)
	for i := range boxes {
		boxes[i] = &inbox{y: &y, need: tokens}
		y.spawned.Add(1)
		joins[i] = Spawn[tallied](c, boxes[i])
	}
	atOnce(wakers, func(_ int, r *rand.Rand) {
		for range tokens / wakers {
			for _, i := range r.Perm(tasks) {
				boxes[i].bring(r)
			}
		}
	})
	ctx := within(t)
	for i := range joins {
		v, err := joins[i].Join(ctx)
		if err != nil || v.n != tokens {
			t.Fatalf("task %d: %v, %v", i, v.n, err)
		}
		y.taken.Add(1)
	}
	c.close()
	y.check(t, c.releases.Load())
}

// Wakes, aborts, joins and detaches at random: every handle resolves, and
// everything is destroyed and released once.
func TestStressEnds(t *testing.T) {
	const tasks, parties = 3000, 4
	var y tally
	c := newCrew(2)
	ctx := within(t)
	atOnce(parties, func(p int, r *rand.Rand) {
		for range tasks / parties {
			b := &inbox{y: &y, need: 2}
			y.spawned.Add(1)
			j := Spawn[tallied](c, b)
			a := j.AbortHandle()
			var others sync.WaitGroup
			others.Add(2)
			seed := r.Uint64()
			go func() {
				defer others.Done()
				r := rand.New(rand.NewPCG(seed, 2))
				b.bring(r)
				b.bring(r)
			}()
			abort := r.IntN(3) == 0
			go func() {
				defer others.Done()
				if abort {
					a.Abort()
				}
			}()
			if r.IntN(4) == 0 {
				runtime.Gosched()
			}
			switch r.IntN(4) {
			case 0:
				j.Detach()
			case 1:
				w := NoopWaker()
				if res, ready := j.Poll(NewContext(w.Borrow())); ready {
					y.took(t, res, abort)
				} else {
					j.Detach()
				}
			default:
				v, err := j.Join(ctx)
				y.took(t, Result[tallied]{v, err}, abort)
			}
			others.Wait()
		}
	})
	c.close()
	y.check(t, c.releases.Load())
}

func (y *tally) took(t *testing.T, res Result[tallied], abort bool) {
	switch {
	case res.Err == nil:
		y.taken.Add(1)
	case !abort || !errors.Is(res.Err, ErrAborted):
		t.Errorf("ended by %v, abort %v", res.Err, abort)
	}
}

// Tasks that join tasks, in chains that are woken from the far end.
func TestStressJoins(t *testing.T) {
	const chains, length = 300, 8
	var y tally
	c := newCrew(2)
	ctx := within(t)
	atOnce(2, func(_ int, r *rand.Rand) {
		for range chains / 2 {
			b := &inbox{y: &y, need: 1}
			y.spawned.Add(1)
			j := new(JoinHandle[tallied])
			*j = Spawn[tallied](c, b)
			for range length {
				inner := j
				j = new(JoinHandle[tallied])
				*j = Spawn[tallied](c, FutureFunc[tallied](func(cx Context) (tallied, bool) {
					res, ready := inner.Poll(cx)
					return res.Value, ready
				}))
			}
			b.bring(r)
			if v, err := j.Join(ctx); err != nil || v.n != 1 {
				t.Errorf("%v, %v", v.n, err)
			} else {
				y.taken.Add(1)
			}
		}
	})
	c.close()
	if y.futures.Load() != chains || c.releases.Load() != chains*(length+1) {
		t.Errorf("%d futures destroyed, %d released", y.futures.Load(), c.releases.Load())
	}
}

// The crew closes while tasks are spawned, woken and joined: what it refuses
// resolves as dropped.
func TestStressClosedScheduler(t *testing.T) {
	const rounds, tasks = 20, 60
	ctx := within(t)
	for range rounds {
		var y tally
		c := newCrew(2)
		var closing sync.WaitGroup
		closing.Add(1)
		go func() {
			defer closing.Done()
			for y.spawned.Load() < tasks/2 {
				runtime.Gosched()
			}
			c.close()
		}()
		atOnce(3, func(_ int, r *rand.Rand) {
			for range tasks / 3 {
				b := &inbox{y: &y, need: 1}
				y.spawned.Add(1)
				j := Spawn[tallied](c, b)
				b.bring(r)
				if r.IntN(3) == 0 {
					j.Detach()
					continue
				}
				if _, err := j.Join(ctx); err == nil {
					y.taken.Add(1)
				} else if !errors.Is(err, ErrDropped) {
					t.Errorf("ended by %v", err)
				}
			}
		})
		closing.Wait()
		y.check(t, c.releases.Load())
	}
}

// Tasks that displace each other in one cell, until it is closed: each was
// woken by its displacer or by the close, and sees the event that preceded it.
func TestStressCell(t *testing.T) {
	const rounds = 40
	tasks := 6
	if debugging {
		tasks = 1 // where more are told to use a WaitQueue
	}
	ctx := within(t)
	for range rounds {
		c := newCrew(2)
		var cell WakerCell
		event := 0 // plain: the cell publishes it
		polls := new(atomic.Int64)
		joins := make([]JoinHandle[int], tasks)
		for i := range joins {
			joins[i] = Spawn[int](c, FutureFunc[int](func(cx Context) (int, bool) {
				polls.Add(1)
				if cell.Register(cx.Waker()) {
					return 0, false
				}
				return event, true
			}))
		}
		for polls.Load() < int64(3*tasks) {
			cell.Wake()
			runtime.Gosched()
		}
		event = 7
		cell.Close()
		for i := range joins {
			if v, err := joins[i].Join(ctx); err != nil || v != 7 {
				t.Fatalf("task %d: %d, %v", i, v, err)
			}
		}
		c.close()
		if n := c.releases.Load(); n != int64(tasks) {
			t.Errorf("%d of %d released", n, tasks)
		}
	}
}

// A list is closed by two while tasks are spawned on it, woken, aborted and
// joined: every handle resolves, nothing is left on it.
func TestStressClosedList(t *testing.T) {
	const rounds, tasks, parties = 15, 120, 4
	ctx := within(t)
	for round := range rounds {
		var y tally
		var owned OwnedTasks
		c := newCrew(2)
		atOnce(parties+2, func(p int, r *rand.Rand) {
			if p >= parties {
				for y.spawned.Load() < int64(tasks*round/rounds) {
					runtime.Gosched()
				}
				owned.CloseAndShutdownAll()
				return
			}
			joins := make([]JoinHandle[tallied], tasks/parties)
			for i := range joins {
				b := &inbox{y: &y, need: 2}
				y.spawned.Add(1)
				joins[i] = SpawnWith[tallied](c, b, Options{Owned: &owned})
				b.bring(r)
				switch r.IntN(3) {
				case 0:
					b.bring(r)
				case 1:
					joins[i].Abort()
				}
			}
			for i := range joins {
				_, err := joins[i].Join(ctx)
				if err == nil {
					y.taken.Add(1)
				} else if !errors.Is(err, ErrShutdown) && !errors.Is(err, ErrAborted) {
					t.Errorf("ended by %v", err)
				}
			}
		})
		c.close()
		if n := owned.Len(); n != 0 || y.futures.Load() != y.spawned.Load() || y.ready.Load() != y.taken.Load() {
			t.Errorf("%d on the list, %d spawned, %d futures destroyed", n, y.spawned.Load(), y.futures.Load())
		}
	}
}

// Removal races with the end of the task and with the close of the list:
// exactly one of them takes it off.
func TestStressRemove(t *testing.T) {
	const rounds, tasks = 10, 200
	type session struct {
		Header
		c        *crew
		released atomic.Int64
	}
	v := NewVtable(Ops[session]{
		Poll:     func(*session, Context) bool { return true },
		Cancel:   func(*session, Cause) {},
		Schedule: func(s *session, n Notified, why Reason) { s.c.Schedule(n, why) },
		Release:  func(s *session) { s.released.Add(1) },
	})
	for range rounds {
		var owned OwnedTasks
		c := newCrew(2)
		sessions := make([]*session, tasks)
		for i := range sessions {
			sessions[i] = &session{c: c}
			v.Init(sessions[i])
			owned.Bind(&sessions[i].Header)
		}
		atOnce(3, func(p int, r *rand.Rand) {
			switch p {
			case 0: // the ends
				for _, s := range sessions {
					if r.IntN(2) == 0 {
						s.Wake() // the memory stays, also if the task is gone: no WakerRef is valid here
					}
				}
			case 1: // the removals: whoever removes one owns it
				for _, i := range r.Perm(tasks) {
					if owned.Remove(&sessions[i].Header) {
						sessions[i].Disown()
					}
				}
			case 2: // the close
				runtime.Gosched()
				owned.CloseAndShutdownAll()
			}
		})
		c.close()
		for i, s := range sessions {
			if s.released.Load() != 1 || !s.Snapshot().Complete() {
				t.Fatalf("session %d: released %d times, %v", i, s.released.Load(), s.Snapshot())
			}
		}
		if owned.Len() != 0 {
			t.Errorf("%d on the list", owned.Len())
		}
	}
}
