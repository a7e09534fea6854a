package rouse

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"
)

// A probe is a future of which everything is counted by its loop.
type probe struct {
	l    *loop
	poll func(cx Context) (output, bool)
	drop func() // optional
}

func (p probe) Poll(cx Context) (output, bool) {
	p.l.polls++
	return p.poll(cx)
}

func (p probe) Drop() {
	p.l.futures++
	if p.drop != nil {
		p.drop()
	}
}

// An output is what a probe is ready with. One that was never made has no
// loop, and cannot be destroyed.
type output struct {
	l    *loop
	v    int
	drop func() // optional
}

func (o output) Drop() {
	o.l.outputs++
	if o.drop != nil {
		o.drop()
	}
}

// ready is a probe that is ready with v.
func (l *loop) ready(v int) probe {
	return probe{l: l, poll: func(Context) (output, bool) { return output{l: l, v: v}, true }}
}

// keeping is a probe that keeps a waker in w and is pending, until it was
// polled n times; then it is ready with n.
func (l *loop) keeping(w *Waker, n int) probe {
	return probe{l: l, poll: func(cx Context) (output, bool) {
		if n--; n > 0 {
			w.CloneFrom(cx.Waker())
			return output{}, false
		}
		return output{l: l, v: l.polls}, true
	}}
}

// never is a probe that keeps a waker in w and is never ready.
func (l *loop) never(w *Waker) probe { return l.keeping(w, 1<<30) }

// An actor is a task of level 1 of which everything is counted by its loop.
type actor struct {
	Header
	l      *loop
	poll   func(cx Context) bool
	cancel func(Cause) // optional
	causes []Cause
	errs   []*JoinError
	handle bool // what Panicked reports
}

var actorOps = Ops[actor]{
	Poll: func(a *actor, cx Context) bool {
		a.l.polls++
		return a.poll(cx)
	},
	Cancel: func(a *actor, c Cause) {
		a.l.futures++
		a.causes = append(a.causes, c)
		if a.cancel != nil {
			a.cancel(c)
		}
	},
	Schedule: func(a *actor, n Notified, why Reason) { a.l.Schedule(n, why) },
	Yield:    func(a *actor, n Notified) { a.l.Yield(n) },
	Release:  func(a *actor) { a.l.release() },
	Panicked: func(a *actor, err *JoinError) bool {
		a.errs = append(a.errs, err)
		return a.handle
	},
}

var (
	actors          = NewVtable(actorOps)
	orphanActors    = actorVtable(func(o *Ops[actor]) { o.OrphanCheck = true })
	uncountedActors = actorVtable(func(o *Ops[actor]) { o.Uncounted = true })
)

func actorVtable(change func(*Ops[actor])) *Vtable[actor] {
	o := actorOps
	change(&o)
	return NewVtable(o)
}

// newActor returns an idle actor of the test's own.
func (l *loop) newActor(v *Vtable[actor], poll func(cx Context) bool) *actor {
	a := &actor{l: l, poll: poll}
	v.Init(a)
	l.last = RawTask{&a.Header}
	return a
}

func pending(Context) bool { return false }

// A spy is a waker that is not a task's. What each of its operations does
// besides counting is up to the test.
type spy struct {
	vtable                        *RawWakerVTable
	box                           *foreignWaker
	clones, wakes, byRefs, drops  int
	onClone, onWake, onRef, onEnd func()
}

var spyVTable = RawWakerVTable{
	Clone: func(p unsafe.Pointer) RawWaker {
		s := (*spy)(p)
		s.clones++
		call(s.onClone)
		return RawWaker{p, s.vtable}
	},
	Wake: func(p unsafe.Pointer) {
		s := (*spy)(p)
		s.wakes++
		call(s.onWake)
	},
	WakeByRef: func(p unsafe.Pointer) {
		s := (*spy)(p)
		s.byRefs++
		call(s.onRef)
	},
	Drop: func(p unsafe.Pointer) {
		s := (*spy)(p)
		s.drops++
		call(s.onEnd)
	},
}

func call(f func()) {
	if f != nil {
		f()
	}
}

// ref returns a borrowed waker of a box that the test owns, and that counts the
// clones alone.
func (s *spy) ref() WakerRef {
	if s.box == nil {
		s.vtable = &spyVTable
		s.box = &foreignWaker{raw: RawWaker{unsafe.Pointer(s), &spyVTable}}
		s.box.state.init(flagComplete | flagForeign)
	}
	return WakerRef{p: unsafe.Pointer(s.box)}
}

func (s *spy) cx() Context { return NewContext(s.ref()) }

// live returns the number of owned wakers.
func (s *spy) live() int {
	s.ref()
	return int(s.box.state.Load().Refs())
}

// A crew is an executor of some goroutines. When it closes it drops what is
// queued and what comes.
type crew struct {
	mu      sync.Mutex // guards the queue and closed
	work    sync.Cond
	q       LocalQueue
	closed  bool
	running sync.WaitGroup

	releases atomic.Int64 // of watched tasks
}

func newCrew(n int) *crew {
	c := new(crew)
	c.work.L = &c.mu
	c.running.Add(n)
	for range n {
		go c.run()
	}
	return c
}

func (c *crew) Schedule(n Notified, why Reason) {
	if why == Spawned {
		watch(n)
	}
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		n.Drop()
		return
	}
	c.q.Push(n)
	c.mu.Unlock()
	c.work.Signal()
}

func (c *crew) Yield(n Notified) { c.Schedule(n, Yielded) }

func (c *crew) release() { c.releases.Add(1) }

func (c *crew) next() (n Notified, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if n, ok := c.q.Pop(); ok || c.closed {
			return n, ok
		}
		c.work.Wait()
	}
}

func (c *crew) run() {
	defer c.running.Done()
	runs := 0
	for n, ok := c.next(); ok; n, ok = c.next() {
		n.Run()
		if runs++; runs%64 == 0 {
			runtime.Gosched() // on WebAssembly nothing preempts tasks that wake each other
		}
	}
}

// close lets the goroutines run what is queued, and refuses what comes.
func (c *crew) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.work.Broadcast()
	c.running.Wait()
}

// within is a context that a lost wake runs out of; nothing else comes near it.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// dice are the same in each run of a test, and different for each goroutine.
func dice(seed int) *rand.Rand { return rand.New(rand.NewPCG(uint64(seed), 1)) }

// atOnce runs f on n goroutines and waits for all.
func atOnce(n int, f func(i int, r *rand.Rand)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f(i, dice(i))
		}()
	}
	wg.Wait()
}

// A tally is what happened to many tasks.
type tally struct{ spawned, futures, outputs, taken, ready atomic.Int64 }

// A tallied output is destroyed or taken.
type tallied struct {
	t *tally
	n int
}

func (v tallied) Drop() { v.t.outputs.Add(1) }

// check checks that every task ended, and that each of its parts did once.
func (y *tally) check(t *testing.T, released int64) {
	t.Helper()
	n := y.spawned.Load()
	if y.futures.Load() != n || released != n {
		t.Errorf("%d spawned, %d futures destroyed, %d released", n, y.futures.Load(), released)
	}
	if y.ready.Load() != y.outputs.Load()+y.taken.Load() {
		t.Errorf("%d ready, %d outputs destroyed, %d taken", y.ready.Load(), y.outputs.Load(), y.taken.Load())
	}
}
