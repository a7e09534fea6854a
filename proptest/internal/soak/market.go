package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rouse-go/rouse"
)

// A session is a market from its opening to its end: visitors that are tasks of a
// stealCrew, on a list that others wait to be empty, and visitors that are
// goroutines, which block.
type session struct {
	*market
	crew    *stealCrew
	owned   rouse.OwnedTasks
	rng     *rand.Rand
	ctx     context.Context
	ending  ending
	handles []rouse.JoinHandle[int]
	tasks   atomic.Int64 // visitors that are tasks
	wanted  int          // items
	walking sync.WaitGroup
}

// An ending is how a session ends.
type ending int

const (
	whole  ending = iota // all visitors do all they have to do
	cut                  // some are aborted or removed meanwhile
	closed               // it is closed under them
	endings
)

const (
	permits = 5
	crowd   = 300 // visitors, and those that they send
	bearers = 4   // who bring items, and are not on the list
	walkers = 2
	walks   = 12 // of each

	// patience is how long a session may take.
	patience = 2 * time.Minute
)

// session holds one from its opening to its end.
func (r *round) session(seed uint64, e ending) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s := r.newSession(ctx, seed, e)
	s.open()
	over := s.monitored()
	ended := s.end()
	over()
	r.sessions.Add(1)
	if ended {
		s.audit()
	}
}

func (r *round) newSession(ctx context.Context, seed uint64, e ending) *session {
	s := &session{market: &market{r: r}, rng: rand.New(rand.NewPCG(seed, 1)), ctx: ctx, ending: e}
	s.crew = newStealCrew(&r.tally, r.workers, seed)
	s.bound.Store(permits)
	s.gate.Release(permits)
	return s
}

// open sends all visitors, and a watcher, which waits until the list is empty.
func (s *session) open() {
	for range crowd {
		chain := 1
		if s.rng.IntN(8) == 0 {
			chain = 3
		}
		s.handles = append(s.handles, s.visit(s.chain(chain)))
	}
	for range walkers {
		s.walk()
	}
	for i := range bearers {
		n := s.wanted / bearers
		if i == 0 {
			n += s.wanted % bearers
		}
		es := append(errandsOf(s.rng, n, bring), errandsOf(s.rng, 5, stir, widen)...)
		s.rng.Shuffle(len(es), func(i, j int) { es[i], es[j] = es[j], es[i] })
		s.handles = append(s.handles, s.spawn(s.visitor(es), rouse.Options{}))
	}
	s.r.visits.Add(1)
	s.handles = append(s.handles, rouse.Spawn(s.crew, &watcher{s: s}))
}

func (s *session) visitor(es []errand) *visitor {
	return &visitor{m: s.market, rng: rand.New(rand.NewPCG(s.rng.Uint64(), 0)), errands: s.wants(es)}
}

// wants notes how many items will be wanted for es.
func (s *session) wants(es []errand) []errand {
	for _, e := range es {
		if e == take {
			s.wanted++
		}
	}
	return es
}

// chain returns the first of n visitors, each of which sends the next before it ends.
func (s *session) chain(n int) *visitor {
	v := s.visitor(errandsOf(s.rng, 1+s.rng.IntN(6), pass, turn, take, look))
	if n > 1 {
		next := s.chain(n - 1)
		v.last = func() {
			h := s.visit(next)
			h.Detach()
		}
	}
	return v
}

// visit makes v a task on the list.
func (s *session) visit(v *visitor) rouse.JoinHandle[int] {
	v.listed = true
	s.present.Add(1)
	return s.spawn(v, rouse.Options{Owned: &s.owned})
}

// spawn makes v a task, in the Pool or with a seat.
func (s *session) spawn(v *visitor, o rouse.Options) rouse.JoinHandle[int] {
	s.r.visits.Add(1)
	s.tasks.Add(1)
	if v.rng.IntN(2) == 0 {
		return s.r.visitors.SpawnWith(s.crew, v, o)
	}
	v.seat = new(seat)
	o.Value = v.seat
	return rouse.SpawnWith(s.crew, v, o)
}

// walk does errands on a goroutine, which gives up some of them when its time is
// over, and tries again.
func (s *session) walk() {
	es := s.wants(errandsOf(s.rng, walks, pass, turn, take, look))
	rng := rand.New(rand.NewPCG(s.rng.Uint64(), 0))
	s.walking.Add(1)
	go func() {
		defer s.walking.Done()
		for i := 0; i < len(es); {
			ctx, cancel := s.ctx, context.CancelFunc(func() {})
			if rng.IntN(2) == 0 {
				ctx, cancel = context.WithTimeout(s.ctx, time.Duration(rng.IntN(300))*time.Microsecond)
			}
			s.r.visits.Add(1)
			v := &visitor{m: s.market, rng: rand.New(rand.NewPCG(rng.Uint64(), 0)), errands: es[i : i+1]}
			_, err := rouse.BlockOn[int](ctx, v)
			cancel()
			switch {
			case err == nil:
				i++
			case len(v.errands) == 0: // it was given up after that
				s.ready.Add(1)
				i++
			case s.ctx.Err() != nil:
				s.r.failf("a goroutine that blocks on errand %d is not served: %v", es[i], s)
				return
			}
			runtime.Gosched()
		}
	}()
}

// monitored walks over the list until the function that it returns is called, and
// uses what it finds late.
func (s *session) monitored() (stop func()) {
	rng := rand.New(rand.NewPCG(s.rng.Uint64(), 0))
	var over atomic.Bool
	var ended sync.WaitGroup
	ended.Add(1)
	go func() {
		defer ended.Done()
		for !over.Load() {
			var found []rouse.RawTask
			for t := range s.owned.All() { // which pins them
				if found = append(found, t); len(found) == 10 {
					break
				}
			}
			s.r.walks.Add(1)
			s.owned.Dump()
			runtime.Gosched()
			for _, t := range found {
				s.look(t, rng)
				if rng.IntN(16) == 0 {
					runtime.Gosched()
				}
			}
			time.Sleep(50 * time.Microsecond)
		}
	}()
	return func() { over.Store(true); ended.Wait() }
}

// look does to a task what an operator does.
func (s *session) look(t rouse.RawTask, rng *rand.Rand) {
	switch p := rng.IntN(100); {
	case p < 20:
		s.owned.Describe(t.Header(), "seen", 0)
	case p < 40:
		t.Snapshot()
		t.Value()
	case s.ending != cut:
	case p < 43:
		if s.owned.Remove(t.Header()) {
			t.Shutdown()
		}
	case p < 46:
		t.Header().Abort()
	}
}

// end waits for the end of all visitors. It reports false if that does not come.
func (s *session) end() bool {
	if s.ending == closed {
		for range s.rng.IntN(300) {
			runtime.Gosched()
		}
		s.closed.Store(true)
		if s.rng.IntN(2) == 0 {
			s.gate.Close()
			s.arrive.Close()
		} else {
			s.arrive.Close()
			s.gate.Close()
		}
	}
	if s.ending != closed || s.rng.IntN(2) == 0 {
		if err := s.owned.WaitEmpty(s.ctx); err != nil {
			s.r.failf("the list of a session does not become empty: %v", s)
			return false
		}
		s.empty("WaitEmpty")
	} else {
		s.shut.Store(true)
		if s.rng.IntN(2) == 0 {
			s.crew.close()
			s.owned.CloseAndShutdownAll()
		} else {
			s.owned.CloseAndShutdownAll()
			s.crew.close()
		}
	}
	for i := range s.handles {
		if !s.join(&s.handles[i]) {
			return false
		}
	}
	s.walking.Wait()
	for s.present.Load() != 0 { // nobody has joined those that were sent by others
		if s.ctx.Err() != nil {
			s.r.failf("a visitor does not end: %v", s)
			break
		}
		runtime.Gosched()
	}
	return s.ctx.Err() == nil
}

// empty is called by who was told that the list is empty. All that will be put on
// it were put there before that, or are sent by others that are on it.
func (s *session) empty(op string) {
	if on, left := s.owned.Len(), s.present.Load(); on != 0 || left != 0 && s.ending != cut { // a task that was removed has still to end
		s.r.failf("%s says that the list is empty, with %d tasks on it, and %d that have not ended", op, on, left)
	}
}

func (s *session) join(h *rouse.JoinHandle[int]) bool {
	_, err := h.Join(s.ctx)
	var why *rouse.JoinError
	switch {
	case err == nil:
	case !errors.As(err, &why):
		s.r.failf("a visitor does not end: %v", s)
		return false
	case s.ending == cut && (why.Cause == rouse.CauseAborted || why.Cause == rouse.CauseShutdown):
	case s.shut.Load() && (why.Cause == rouse.CauseDropped || why.Cause == rouse.CauseShutdown):
	default:
		s.r.failf("a visitor ends by %v", err)
	}
	return true
}

// audit is to be called when nobody is there any more.
func (s *session) audit() {
	t := &s.r.tally
	if n := s.held.Load(); n != 0 {
		t.failf("%d permits are held by nobody", n)
	}
	t.kept.Add(uint64(s.items.Load()))
	if s.shut.Load() {
		return
	}
	if want := s.tasks.Load() + walkers*walks; s.ending == whole && (s.items.Load() != 0 || s.ready.Load() != want) {
		t.failf("%d of %d visitors have done all they had to do, and %d items are left", s.ready.Load(), want, s.items.Load())
	}
	s.crew.close()
	s.owned.CloseAndShutdownAll()
	t.handed.Add(s.crew.handed.Load())
	t.served.Add(s.crew.ran.Load())
	if s.ending == closed {
		return
	}
	t.permits.Add(uint64(s.bound.Load()))
	for s.gate.TryAcquire(1) {
		t.left.Add(1)
	}
}

// A watcher is a future that is ready when the list is empty.
type watcher struct {
	s     *session
	place rouse.Waiter
}

func (w *watcher) Poll(cx rouse.Context) (int, bool) {
	s := w.s
	if !s.owned.PollEmpty(cx, &w.place) {
		return 0, false
	}
	s.empty("PollEmpty")
	return 1, true
}

func (w *watcher) Drop() {
	w.place.Drop()
	w.s.r.visited.Add(1)
}

func (s *session) String() string {
	return fmt.Sprintf("%d visitors are on the list, %d of %d permits are held, %d items are there, of %d Notifieds %d were run",
		s.present.Load(), s.held.Load(), s.bound.Load(), s.items.Load(), s.crew.handed.Load(), s.crew.ran.Load())
}
