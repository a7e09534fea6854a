package main

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rouse-go/rouse"
)

// A round is a runtime from its start to its end.
type round struct {
	tally
	crew    *crew
	ledger  *ledger
	owned   rouse.OwnedTasks
	pool    rouse.Pool[output, future] // for the ledger
	others  rouse.Pool[output, future] // uncounted tasks, which never come back
	conns   sync.Pool                  // of conns
	checked sync.Pool                  // of checkedConns
	slots   []*slot

	visitors rouse.Pool[int, *visitor]

	workers int
	seed    uint64
}

func newRound(tasks, workers int, seed uint64) *round {
	r := &round{workers: workers, seed: seed, slots: make([]*slot, tasks)}
	r.crew = newCrew(&r.tally, workers)
	r.ledger = newLedger(r.crew)
	for i := range r.slots {
		r.slots[i] = new(slot)
	}
	return r
}

// run disturbs the tasks for some seconds, with pauses in which all must come
// to rest, and closes the runtime while they are disturbed.
func (r *round) run(end time.Time) {
	rng := rand.New(rand.NewPCG(r.seed, 0))
	for _, s := range r.slots {
		r.respawn(rng, s)
	}
	stopPieces := r.pieces()
	for i := range 3 {
		stop := r.disturbed(uint64(i))
		time.Sleep(max(min(time.Second, time.Until(end)/2), 50*time.Millisecond))
		stop()
		r.checkQuiet()
	}
	stop := r.disturbed(3)
	if r.seed>>32%2 == 0 {
		r.owned.CloseAndShutdownAll()
		r.crew.close()
	} else {
		r.crew.close()
		r.owned.CloseAndShutdownAll()
	}
	stop()
	stopPieces()
	r.empty()
}

// pieces holds sessions and offices beside the tasks, in turn and with pauses,
// until the function that it returns is called.
func (r *round) pieces() (stop func()) {
	var over atomic.Bool
	var all sync.WaitGroup
	for i, held := range []func(seed uint64, e ending){r.session, r.office} {
		all.Add(1)
		go func() {
			defer all.Done()
			for n := uint64(0); n < uint64(endings) || !over.Load(); n++ {
				start := time.Now()
				held(r.seed+n<<8+uint64(i), ending(n)%endings)
				if r.failed() {
					return
				}
				time.Sleep(time.Since(start))
			}
		}()
	}
	return func() { over.Store(true); all.Wait() }
}

// disturbed starts the disturbers, and returns what stops them.
func (r *round) disturbed(phase uint64) (stop func()) {
	var over atomic.Bool
	var all sync.WaitGroup
	for i := range r.workers {
		all.Add(1)
		go func() {
			defer all.Done()
			rng := rand.New(rand.NewPCG(r.seed+phase, uint64(i)+1))
			for n := 1; !over.Load(); n++ {
				r.disturb(rng)
				if n%64 == 0 {
					runtime.Gosched() // on WebAssembly nothing preempts
				}
			}
		}()
	}
	return func() { over.Store(true); all.Wait() }
}

// checkQuiet waits until the crew has run all it was handed, and looks for
// tasks that were not polled after the last wake.
func (r *round) checkQuiet() {
	r.checks.Add(1)
	progress, since := r.ran.Load(), time.Now()
	for r.granted.Load() != r.ran.Load()+r.refused.Load() {
		time.Sleep(time.Millisecond)
		if now := r.ran.Load(); now != progress {
			progress, since = now, time.Now()
		} else if time.Since(since) > time.Minute {
			r.failf("the workers have run %d of %d Notifieds, and nothing goes on: one is lost", now, r.granted.Load())
			return
		}
	}
	for _, s := range r.slots {
		s.mu.Lock()
		j := s.job
		s.mu.Unlock()
		if sent, seen := j.sent.Load(), j.seen.Load(); !j.over.Load() && sent != seen {
			r.failf("a task was sent %d wakes and has seen %d, though all is quiet: a wake is lost", sent, seen)
		}
	}
}

// respawn puts a new task in the slot, if the old one is over and joined.
func (r *round) respawn(rng *rand.Rand, s *slot) {
	s.mu.Lock()
	if s.busy || s.handle != nil || s.job != nil && !s.job.over.Load() {
		s.mu.Unlock()
		return
	}
	old := s.waker.Move()
	j := &job{r: r, slot: s, rng: rng.Uint64()}
	s.job, s.aborts, s.busy = j, rouse.AbortHandle{}, true
	s.mu.Unlock()
	if !old.IsZero() {
		old.Drop()
	}
	h := r.spawn(rng, j)
	s.mu.Lock()
	s.handle, s.busy = h, false
	s.mu.Unlock()
}

// spawn makes a task of any kind. It returns the JoinHandle, if there is one.
func (r *round) spawn(rng *rand.Rand, j *job) *rouse.JoinHandle[output] {
	r.spawned.Add(1)
	o := rouse.Options{NoOrphanCheck: rng.IntN(4) == 0}
	if o.Uncounted = rng.IntN(8) == 0; o.Uncounted || o.NoOrphanCheck || rng.IntN(2) == 0 {
		o.Owned = &r.owned // which reaches what nobody else may
	}
	var s rouse.Scheduler = r.ledger
	pool := &r.pool
	if o.Uncounted {
		s, pool = r.crew, &r.others
	}
	switch rng.IntN(8) {
	case 0:
		r.pool.SpawnDetached(r.ledger, future{j})
		return nil
	case 1, 2:
		h := rouse.SpawnWith(s, future{j}, o)
		return &h
	case 3, 4, 5:
		h := pool.SpawnWith(s, future{j}, o)
		return &h
	}
	if o.Uncounted {
		if n, open := uncountedConns.InitBound(&conn{job: j}, &r.owned); open {
			r.crew.Schedule(n, rouse.Spawned)
		}
		return nil
	}
	r.initialised.Add(1)
	if o.Owned != nil {
		if n, open := conns.InitBound(connOf(&r.conns, j), &r.owned); open {
			r.crew.Schedule(n, rouse.Spawned)
		}
		return nil
	}
	r.crew.Schedule(checkedConns.InitNotified(connOf(&r.checked, j)), rouse.Spawned)
	return nil
}

func connOf(pool *sync.Pool, j *job) *conn {
	c, _ := pool.Get().(*conn)
	if c == nil {
		c = &conn{pool: pool}
	}
	c.job = j
	return c
}
