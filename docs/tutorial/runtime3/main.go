// Runtime3 has futures that await futures, a limit on their time, and an abort.
package main

import (
	"context"
	"errors"
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
	rt.queue.NonEmpty = rt.parker.Unpark
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
	d     time.Duration
	timer *time.Timer
	over  atomic.Bool
	task  rouse.WakerCell
}

func (s *Sleep) Poll(cx rouse.Context) (struct{}, bool) {
	if s.timer == nil {
		s.timer = time.AfterFunc(s.d, func() {
			s.over.Store(true)
			s.task.Wake()
		})
	}
	s.task.Register(cx.Waker())
	return struct{}{}, s.over.Load()
}

// Drop is called once, when the task ends in whatever way.
func (s *Sleep) Drop() {
	if s.timer != nil {
		s.timer.Stop()
	}
	s.task.Close() // drops the waker, if there is one
}

var errTimeout = errors.New("timeout")

// A Timeout awaits a task, but not for ever. It polls two things: each keeps the
// waker, and whichever is ready first wakes the task.
type Timeout[T any] struct {
	task  rouse.JoinHandle[T]
	limit Sleep
}

func (t *Timeout[T]) Poll(cx rouse.Context) (rouse.Result[T], bool) {
	if res, ready := t.task.Poll(cx); ready {
		return res, true
	}
	if _, over := t.limit.Poll(cx); over {
		return rouse.Result[T]{Err: errTimeout}, true
	}
	return rouse.Result[T]{}, false
}

// Drop ends the task that nobody awaits any more.
func (t *Timeout[T]) Drop() {
	if !t.task.IsZero() { // it was not consumed by its outcome
		t.task.Abort()
		t.task.Detach()
	}
	t.limit.Drop()
}

// WithTimeout spawns f, and aborts it if it takes longer than d.
func WithTimeout[T any, F rouse.Future[T]](rt *Runtime, d time.Duration, f F) rouse.JoinHandle[rouse.Result[T]] {
	t := &Timeout[T]{task: rouse.Spawn(&rt.queue, f)}
	t.limit.d = d
	return rouse.Spawn(&rt.queue, t)
}

func main() {
	rt := New()
	quick := WithTimeout(rt, time.Minute, &Sleep{d: time.Millisecond})
	slow := WithTimeout(rt, time.Millisecond, &Sleep{d: time.Minute})
	res, err := quick.Join(context.Background())
	fmt.Println(res.Err, err)
	res, err = slow.Join(context.Background())
	fmt.Println(res.Err, err)
}
