package rouse_test

import (
	"context"
	"fmt"

	"github.com/rouse-go/rouse"
)

// A Fetch is a future that has one of a number of connections while it works.
type Fetch struct {
	conns *rouse.Semaphore
	wait  rouse.Waiter
	has   bool
	steps int // to work
}

func (f *Fetch) Poll(cx rouse.Context) (string, bool) {
	if !f.has {
		acquired, ready := f.conns.Acquire(cx, &f.wait, 1)
		if !ready {
			return "", false
		}
		if !acquired {
			return "closed", true
		}
		f.has = true
	}
	if f.steps > 0 { // others run meanwhile
		f.steps--
		cx.Waker().WakeByRef()
		return "", false
	}
	return "done", true
}

// Drop gives back what it has, however the task has ended.
func (f *Fetch) Drop() {
	f.wait.Drop()
	if f.has {
		f.conns.Release(1)
	}
}

// Three tasks share two connections; one is aborted.
func ExampleSemaphore() {
	e := NewExecutor()
	defer e.Stop()

	conns := new(rouse.Semaphore)
	conns.Release(2)
	a := rouse.Spawn(&e.queue, &Fetch{conns: conns, steps: 10})
	b := rouse.Spawn(&e.queue, &Fetch{conns: conns, steps: 1 << 30})
	c := rouse.Spawn(&e.queue, &Fetch{conns: conns, steps: 10})
	b.Abort()
	ra, err := a.Join(context.Background())
	fmt.Println(ra, err)
	_, err = b.Join(context.Background())
	fmt.Println(err != nil)
	rc, err := c.Join(context.Background())
	fmt.Println(rc, err)
	fmt.Println("both are back:", conns.TryAcquire(2))
	// Output:
	// done <nil>
	// true
	// done <nil>
	// both are back: true
}
