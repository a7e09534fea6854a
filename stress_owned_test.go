package rouse

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"
)

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
