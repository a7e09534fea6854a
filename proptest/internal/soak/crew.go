package main

import (
	"errors"
	"runtime"
	"sync"

	"github.com/rouse-go/rouse"
)

// A crew is a scheduler: workers with a queue each.
type crew struct {
	t       *tally
	mu      sync.RWMutex // guards closed; held for reading while a Notified is queued
	closed  bool
	workers []*worker
	over    sync.WaitGroup
}

type worker struct {
	queue rouse.RunQueue
	wake  chan struct{} // closed when the crew is
}

func newCrew(t *tally, n int) *crew {
	c := &crew{t: t}
	for range n {
		w := &worker{wake: make(chan struct{}, 1)}
		c.workers = append(c.workers, w)
		c.over.Add(1)
		go c.work(w)
	}
	return c
}

// Schedule queues n with the workers in turn.
func (c *crew) Schedule(n rouse.Notified, _ rouse.Reason) {
	i := c.t.granted.Add(1)
	c.mu.RLock()
	if !c.closed {
		w := c.workers[i%uint64(len(c.workers))]
		if w.queue.Push(n) {
			select {
			case w.wake <- struct{}{}:
			default:
			}
		}
		c.mu.RUnlock()
		return
	}
	c.mu.RUnlock()
	c.drop(n)
}

func (c *crew) Yield(n rouse.Notified) { c.Schedule(n, rouse.Yielded) }

func (c *crew) drop(n rouse.Notified) {
	c.t.refused.Add(1)
	n.Drop()
}

func (c *crew) work(w *worker) {
	defer c.over.Done()
	for {
		for n, ok := w.queue.Pop(); ok; n, ok = w.queue.Pop() {
			c.run(n)
			if c.t.ran.Add(1)%64 == 0 {
				runtime.Gosched() // on WebAssembly nothing preempts tasks that wake each other
			}
		}
		if _, open := <-w.wake; !open {
			break
		}
	}
	for n, ok := w.queue.Pop(); ok; n, ok = w.queue.Pop() {
		c.drop(n)
	}
}

// errPlanned is what some polls panic with. Of a detached task it comes out of Run.
var errPlanned = errors.New("planned")

func (c *crew) run(n rouse.Notified) {
	defer func() {
		if v := recover(); v != nil {
			if err, ok := v.(error); !ok || !errors.Is(err, errPlanned) {
				c.t.failf("a run panics: %v", v)
			}
		}
	}()
	n.Run()
}

// close drops what is queued and what comes.
func (c *crew) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	for _, w := range c.workers {
		close(w.wake)
	}
	c.over.Wait()
}
