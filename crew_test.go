package rouse

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

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
