package rouse_test

import (
	"context"
	"fmt"

	"github.com/rouse-go/rouse"
)

// An Executor runs tasks on one goroutine, which sleeps while there are none.
type Executor struct {
	queue rouse.RunQueue // the Scheduler
	bell  chan struct{}
}

func NewExecutor() *Executor {
	e := &Executor{bell: make(chan struct{}, 1)}
	e.queue.NonEmpty = func() { e.bell <- struct{}{} } // called once for each time the queue was found empty
	go func() {
		for range e.bell {
			for e.queue.RunOne() {
			}
		}
	}()
	return e
}

// Stop ends the goroutine. No task may be woken any more.
func (e *Executor) Stop() { close(e.bell) }

// A Countdown is a future that lets other tasks run at each step.
type Countdown struct{ left int }

func (c *Countdown) Poll(cx rouse.Context) (string, bool) {
	if c.left == 0 {
		return "lift-off", true
	}
	c.left--
	cx.Waker().WakeByRef()
	return "", false
}

// Level 2: an executor of a few lines, a task that awaits another one, and a
// goroutine that blocks until a task has ended.
func ExampleSpawn() {
	e := NewExecutor()
	defer e.Stop()

	count := rouse.Spawn(&e.queue, &Countdown{left: 3})
	shout := rouse.Spawn(&e.queue, rouse.FutureFunc[string](func(cx rouse.Context) (string, bool) {
		res, ready := count.Poll(cx)
		return res.Value + "!", ready
	}))
	s, err := shout.Join(context.Background())
	fmt.Println(s, err)
	// Output: lift-off! <nil>
}
