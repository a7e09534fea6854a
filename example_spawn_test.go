package rouse_test

import (
	"context"
	"fmt"

	"github.com/rouse-go/rouse"
)

// An Executor runs tasks on the goroutine that calls run.
type Executor struct {
	queue rouse.RunQueue
	bell  chan struct{}
}

func (e *Executor) Schedule(n rouse.Notified, _ rouse.Reason) {
	if e.queue.Push(n) {
		e.bell <- struct{}{} // of capacity 1, and empty: run waits for it
	}
}

func (e *Executor) Yield(n rouse.Notified) { e.Schedule(n, rouse.Yielded) }

func (e *Executor) run() {
	for range e.bell {
		for n, ok := e.queue.Pop(); ok; n, ok = e.queue.Pop() {
			n.Run()
		}
	}
}

// A Countdown is a future that gives way to other tasks at each step.
type Countdown struct{ left int }

func (c *Countdown) Poll(cx rouse.Context) (string, bool) {
	if c.left == 0 {
		return "lift-off", true
	}
	c.left--
	cx.Waker().WakeByRef()
	return "", false
}

// Level 2: futures, an executor of a few lines, and handles that a task polls
// and a goroutine blocks on.
func ExampleSpawn() {
	e := &Executor{bell: make(chan struct{}, 1)}
	go e.run()
	defer close(e.bell)

	count := rouse.Spawn[string](e, &Countdown{left: 3})
	shout := rouse.Spawn[string](e, rouse.FutureFunc[string](func(cx rouse.Context) (string, bool) {
		res, ready := count.Poll(cx)
		return res.Value + "!", ready
	}))
	s, err := shout.Join(context.Background())
	fmt.Println(s, err)
	// Output: lift-off! <nil>
}
