// Runtime2 is a worker that sleeps, a goroutine that awaits, and a future that waits.
package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/rouse-go/rouse"
)

// A Runtime runs tasks on one goroutine.
type Runtime struct {
	queue  rouse.RunQueue
	parker rouse.Parker
}

func New() *Runtime {
	rt := new(Runtime)
	rt.queue.NonEmpty = rt.parker.Unpark // called when a task comes and the queue was found empty
	go rt.work()
	return rt
}

func (rt *Runtime) work() {
	for {
		if !rt.queue.RunOne() {
			rt.parker.Park()
		}
	}
}

// A Sleep is ready when its time has passed.
type Sleep struct {
	d       time.Duration
	started bool
	over    atomic.Bool
	task    rouse.WakerCell // where one task waits
}

func (s *Sleep) Poll(cx rouse.Context) (struct{}, bool) {
	if !s.started {
		s.started = true
		time.AfterFunc(s.d, func() {
			s.over.Store(true) // first make it true,
			s.task.Wake()      // then wake
		})
	}
	s.task.Register(cx.Waker())      // first register,
	return struct{}{}, s.over.Load() // then look
}

func main() {
	rt := New()
	start := time.Now()
	j := rouse.Spawn(&rt.queue, &Sleep{d: 20 * time.Millisecond})
	_, err := j.Join(context.Background()) // blocks this goroutine
	fmt.Println("slept:", time.Since(start) >= 20*time.Millisecond, err)
}
