// Runtime5 has many workers, which steal from one another, and stops in order.
package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

// A Runtime is workers, and what they share. It is a Scheduler.
type Runtime struct {
	tasks   rouse.OwnedTasks  // all tasks that have not ended
	due     rouse.SharedQueue // tasks that are due, until a worker takes them
	workers []*worker
	ended   sync.WaitGroup
	stop    atomic.Bool
}

// A worker is one goroutine.
type worker struct {
	rt     *Runtime
	number int
	queue  rouse.StealQueue
	parker rouse.Parker
	asleep atomic.Bool // or about to sleep; whoever sets it to false unparks
}

func New(workers int) *Runtime {
	rt := new(Runtime)
	for i := range workers {
		rt.workers = append(rt.workers, &worker{rt: rt, number: i})
	}
	rt.ended.Add(workers)
	for _, w := range rt.workers {
		go w.run()
	}
	return rt
}

// Spawn runs f as a task of rt. After Stop the task ends at once.
func Spawn[T any, F rouse.Future[T]](rt *Runtime, f F) rouse.JoinHandle[T] {
	return rouse.SpawnWith(rt, f, rouse.Options{
		Owned: &rt.tasks,
		Skip:  1, // errors and pages say that the caller of this function has spawned it
	})
}

// Schedule is called by whoever spawns, wakes or cancels a task.
func (rt *Runtime) Schedule(n rouse.Notified, _ rouse.Reason) {
	rt.due.Push(n) // first the task,
	rt.unparkOne() // then a worker for it
}

// Yield is called for a task that was woken while it ran.
func (rt *Runtime) Yield(n rouse.Notified) { rt.Schedule(n, rouse.Yielded) }

func (rt *Runtime) unparkOne() {
	for _, w := range rt.workers {
		if w.asleep.Load() && w.asleep.CompareAndSwap(true, false) {
			w.parker.Unpark()
			return
		}
	}
}

// Stop ends all tasks, and then the workers.
func (rt *Runtime) Stop() {
	rt.tasks.CloseAndShutdownAll() // no new tasks; idle ones end here
	rt.stop.Store(true)
	for _, w := range rt.workers {
		w.parker.Unpark()
	}
	rt.ended.Wait()
	rt.due.Close() // what is left, and what still comes, is dropped
}

// run looks for tasks and runs them.
func (w *worker) run() {
	defer func() {
		if !w.rt.stop.Load() { // a task has called runtime.Goexit
			go w.run()
			return
		}
		for n, ok := w.queue.Pop(); ok; n, ok = w.queue.Pop() {
			n.Drop()
		}
		w.rt.ended.Done()
	}()
	for !w.rt.stop.Load() {
		n, ok := w.next()
		if !ok {
			w.asleep.Store(true) // first this, then a last look
			if n, ok = w.next(); !ok {
				w.parker.Park()
			}
			w.asleep.Store(false)
			if !ok {
				continue
			}
			w.rt.unparkOne() // it may have been unparked for another task than n
		}
		n.Run()
	}
}

// next takes a task: of its own, of the shared ones, or of another worker's.
func (w *worker) next() (n rouse.Notified, ok bool) {
	if n, ok = w.queue.Pop(); ok {
		return n, true
	}
	if n, ok = w.queue.Take(&w.rt.due); ok {
		return n, true
	}
	for i := range w.rt.workers {
		other := w.rt.workers[(w.number+i)%len(w.rt.workers)]
		if n, ok = w.queue.Steal(&other.queue); ok {
			return n, true
		}
	}
	return n, false
}

// A Chan is a bounded channel for tasks. Its methods are polls: a task calls them
// in its own Poll, each time with the same Waiter, until they are ready.
type Chan[T any] struct {
	space rouse.Semaphore // a permit for each value that there is room for
	ready rouse.WaitQueue // where receivers wait
	mu    sync.Mutex
	buf   []T
}

func NewChan[T any](room int) *Chan[T] {
	c := new(Chan[T])
	c.space.Release(room)
	return c
}

// Send reports sent if the channel is not closed.
func (c *Chan[T]) Send(cx rouse.Context, w *rouse.Waiter, v T) (sent, ready bool) {
	if sent, ready = c.space.Acquire(cx, w, 1); !sent {
		return false, ready
	}
	c.mu.Lock()
	c.buf = append(c.buf, v)
	c.mu.Unlock()
	c.ready.NotifyOne() // first the value, then the notification
	return true, true
}

// Receive reports received unless the channel is closed and empty.
func (c *Chan[T]) Receive(cx rouse.Context, w *rouse.Waiter) (v T, received, ready bool) {
	received, ready = c.ready.WaitUntil(cx, w, func() (ok bool) {
		v, ok = c.take()
		return ok
	})
	return v, received, ready
}

// Close lets the receivers have what is left, and refuses what comes.
func (c *Chan[T]) Close() {
	c.space.Close()
	c.ready.Close()
}

func (c *Chan[T]) take() (v T, ok bool) {
	c.mu.Lock()
	if ok = len(c.buf) > 0; ok {
		v, c.buf = c.buf[0], c.buf[1:]
	}
	c.mu.Unlock()
	if ok {
		c.space.Release(1)
	}
	return v, ok
}

// A Producer sends 1, 2, 3 and so on. It is a goroutine's loop, turned into a
// struct: what would be a local variable is a field, so that Poll can go on.
type Producer struct {
	to         *Chan[int]
	next, last int
	wait       rouse.Waiter
}

func (p *Producer) Poll(cx rouse.Context) (int, bool) {
	for ; p.next <= p.last; p.next++ {
		sent, ready := p.to.Send(cx, &p.wait, p.next)
		if !ready {
			return 0, false
		}
		if !sent {
			break
		}
	}
	return p.next - 1, true
}

func (p *Producer) Drop() { p.wait.Drop() } // gives up its place in the queue

// A Consumer adds up what it receives.
type Consumer struct {
	from *Chan[int]
	sum  int
	wait rouse.Waiter
}

func (c *Consumer) Poll(cx rouse.Context) (int, bool) {
	for {
		v, received, ready := c.from.Receive(cx, &c.wait)
		if !ready {
			return 0, false
		}
		if !received {
			return c.sum, true
		}
		c.sum += v
	}
}

func (c *Consumer) Drop() { c.wait.Drop() }

func main() {
	rt := New(runtime.GOMAXPROCS(0))
	c := NewChan[int](2)
	producers := make([]rouse.JoinHandle[int], 3)
	for i := range producers {
		producers[i] = Spawn(rt, &Producer{to: c, next: 1, last: 100})
	}
	consumers := make([]rouse.JoinHandle[int], 5)
	for i := range consumers {
		consumers[i] = Spawn(rt, &Consumer{from: c})
	}
	for i := range producers {
		producers[i].Join(context.Background())
	}
	c.Close()
	sum := 0
	for i := range consumers {
		n, _ := consumers[i].Join(context.Background())
		sum += n
	}
	fmt.Println("sum:", sum)

	bad := Spawn(rt, rouse.FutureFunc[int](func(rouse.Context) (int, bool) { panic("a bad future") }))
	_, err := bad.Join(context.Background())
	var failed *rouse.JoinError
	fmt.Println("panicked:", errors.As(err, &failed), failed.Value)

	forever := Spawn(rt, &Consumer{from: NewChan[int](1)})
	rt.Stop()
	_, err = forever.Join(context.Background())
	fmt.Println("shut down:", errors.Is(err, rouse.ErrShutdown))
	fmt.Println("tasks left:", rt.tasks.Len())
}
