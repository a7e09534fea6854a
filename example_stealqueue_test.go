package rouse_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

// A Crew is workers that steal from one another. What is due goes to the shared
// queue, from which a worker takes some at a time. It is a Scheduler.
type Crew struct {
	shared  rouse.SharedQueue
	workers []*Runner
	idle    atomic.Int64 // workers that sleep, or are about to
	ended   atomic.Bool
}

// A Runner is one goroutine of a Crew.
type Runner struct {
	crew   *Crew
	number int
	queue  rouse.StealQueue
	parker rouse.Parker
}

func (c *Crew) Schedule(n rouse.Notified, _ rouse.Reason) {
	c.shared.Push(n) // first the task, then a worker for it
	if c.idle.Load() > 0 {
		c.unparkAll()
	}
}

func (c *Crew) Yield(n rouse.Notified) { c.Schedule(n, rouse.Yielded) }

func (c *Crew) unparkAll() {
	for _, w := range c.workers {
		w.parker.Unpark()
	}
}

func (w *Runner) run() {
	for !w.crew.ended.Load() {
		if n, ok := w.next(); ok {
			n.Run()
			continue
		}
		w.crew.idle.Add(1) // first this, then a last look
		if n, ok := w.next(); ok {
			w.crew.idle.Add(-1)
			n.Run()
			continue
		}
		w.parker.Park()
		w.crew.idle.Add(-1)
	}
	for n, ok := w.queue.Pop(); ok; n, ok = w.queue.Pop() {
		n.Drop()
	}
}

func (w *Runner) next() (n rouse.Notified, ok bool) {
	if n, ok = w.queue.Pop(); ok {
		return n, true
	}
	if n, ok = w.queue.Take(&w.crew.shared); ok {
		return n, true
	}
	for i := range w.crew.workers {
		other := w.crew.workers[(w.number+i)%len(w.crew.workers)]
		if n, ok = w.queue.Steal(&other.queue); ok {
			return n, true
		}
	}
	return n, false
}

// Two workers count down together.
func ExampleStealQueue() {
	c := new(Crew)
	var all sync.WaitGroup
	for i := range 2 {
		c.workers = append(c.workers, &Runner{crew: c, number: i})
	}
	for _, w := range c.workers {
		all.Add(1)
		go func() { defer all.Done(); w.run() }()
	}
	ended := 0
	handles := make([]rouse.JoinHandle[string], 100)
	for i := range handles {
		handles[i] = rouse.Spawn[string](c, &Countdown{left: i})
	}
	for i := range handles {
		if s, err := handles[i].Join(context.Background()); s == "lift-off" && err == nil {
			ended++
		}
	}
	c.ended.Store(true)
	c.unparkAll()
	all.Wait()
	c.shared.Close()
	fmt.Println(ended)
	// Output: 100
}
