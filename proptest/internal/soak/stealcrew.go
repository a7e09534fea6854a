package main

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rouse-go/rouse"
)

// A stealCrew is a scheduler made of the kit's pieces: each worker has a
// StealQueue, all have a SharedQueue, and a worker that finds nothing waits in a
// WaitQueue and parks.
type stealCrew struct {
	t       *tally
	shared  rouse.SharedQueue
	idle    rouse.WaitQueue
	workers []*stealWorker
	over    sync.WaitGroup

	handed, ran atomic.Uint64 // Notifieds
}

type stealWorker struct {
	crew   *stealCrew
	number int
	rng    *rand.Rand
	queue  rouse.StealQueue
	parker rouse.Parker
	place  rouse.Waiter // in idle
}

// A seat is the Value of a task that has one. By it the crew knows where the task
// runs, and that there is one Notified of it at most.
type seat struct {
	at   *stealWorker // of the run
	owed atomic.Int32 // Notifieds
}

func newStealCrew(t *tally, n int, seed uint64) *stealCrew {
	c := &stealCrew{t: t}
	for i := range n {
		c.workers = append(c.workers, &stealWorker{crew: c, number: i, rng: rand.New(rand.NewPCG(seed, uint64(i)))})
	}
	c.over.Add(n)
	for _, w := range c.workers {
		go w.work()
	}
	return c
}

// owes notes that there is a Notified of a task, and returns the task's seat, nil
// if it has none.
func (c *stealCrew) owes(n rouse.Notified) *seat {
	c.handed.Add(1)
	s, _ := n.Task().Value().(*seat)
	if s != nil && s.owed.Add(1) != 1 {
		c.t.failf("two Notifieds of one task")
	}
	return s
}

func (c *stealCrew) Schedule(n rouse.Notified, _ rouse.Reason) {
	c.owes(n)
	c.shared.Push(n)
	c.idle.NotifyOne()
}

// Yield is called by the worker that runs the task.
func (c *stealCrew) Yield(n rouse.Notified) {
	if s := c.owes(n); s != nil {
		s.at.queue.Push(n, &c.shared)
	} else {
		c.shared.Push(n)
	}
	c.idle.NotifyOne()
}

func (w *stealWorker) work() {
	c := w.crew
	defer c.over.Done()
	for turn := 1; ; turn++ {
		n, ok := w.next(turn)
		if !ok {
			break
		}
		if s, _ := n.Task().Value().(*seat); s != nil {
			s.at = w
			s.owed.Add(-1)
		}
		n.Run()
		if c.ran.Add(1)%64 == 0 {
			runtime.Gosched() // on WebAssembly nothing preempts tasks that wake each other
		}
	}
	for n, ok := w.queue.Pop(); ok; n, ok = w.queue.Pop() {
		n.Drop()
	}
}

// next returns what to run, and sleeps until there is something. It reports false
// once the crew is closed, and nothing is left.
func (w *stealWorker) next(turn int) (n rouse.Notified, ok bool) {
	for {
		if turn%61 == 0 {
			if n, ok = w.queue.Take(&w.crew.shared); ok {
				return n, true
			}
		}
		if n, ok = w.queue.Pop(); ok {
			return n, true
		}
		if n, ok = w.queue.Take(&w.crew.shared); ok {
			return n, true
		}
		for i := range w.crew.workers {
			victim := w.crew.workers[(w.number+i)%len(w.crew.workers)]
			if n, ok = w.queue.Steal(&victim.queue); ok {
				return n, true
			}
		}
		if !w.sleep() {
			return n, false
		}
		runtime.Gosched() // there is work, and another worker may be at it
	}
}

// sleep waits until there is work, by one of the ways to park. It reports false
// once the crew is closed, and there is none.
func (w *stealWorker) sleep() (work bool) {
	cx := rouse.NewContext(w.parker.WakerRef())
	for {
		if work, ready := w.crew.idle.WaitUntil(cx, &w.place, w.crew.hasWork); ready {
			return work
		}
		switch w.rng.IntN(8) {
		case 0:
			w.parker.ParkTimeout(time.Duration(w.rng.IntN(200)) * time.Microsecond)
		case 1:
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(w.rng.IntN(200))*time.Microsecond)
			w.parker.ParkContext(ctx)
			cancel()
		default:
			w.parker.Park()
		}
	}
}

func (c *stealCrew) hasWork() bool {
	for _, w := range c.workers {
		if w.queue.Len() > 0 {
			return true
		}
	}
	return c.shared.Len() > 0
}

// close drops what is queued and what comes, and returns when the workers have
// ended.
func (c *stealCrew) close() {
	c.shared.Close()
	c.idle.Close()
	ended := make(chan struct{})
	go func() { c.over.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(patience):
		c.t.failf("the workers of a closed stealCrew do not end")
		return
	}
	for _, w := range c.workers {
		if n := w.queue.Len(); n != 0 {
			c.t.failf("%d Notifieds are in the StealQueue of a worker that has ended", n)
		}
	}
	if n := c.shared.Len(); n != 0 {
		c.t.failf("%d Notifieds are in a closed SharedQueue", n)
	}
}
