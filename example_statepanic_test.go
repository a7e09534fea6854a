package rouse_test

import (
	"fmt"
	"sync"

	"github.com/rouse-go/rouse"
)

// A Worker is a mailbox whose handler may panic or call runtime.Goexit.
type Worker struct {
	state rouse.State
	queue chan func()
	idle  sync.WaitGroup
}

func (w *Worker) Do(f func()) {
	w.queue <- f
	if w.state.Notify() {
		w.idle.Add(1)
		go w.run()
	}
}

// run gives up the run in whatever way it ends. If a handler panics or calls
// Goexit, the rest of the queue is handled by another goroutine.
func (w *Worker) run() {
	held := true
	defer func() {
		if !held {
			return
		}
		fmt.Println("recovered:", recover())
		if w.state.Yield() {
			go w.run()
		}
	}()
	for held && w.state.Begin() {
		for len(w.queue) > 0 {
			f := <-w.queue
			f()
		}
		held = w.state.End()
	}
	w.idle.Done()
}

// A handler that panics between Begin and End would leave the state running, and
// nothing would be handled ever after. A deferred Yield gives the run back.
func ExampleState_Yield() {
	w := Worker{queue: make(chan func(), 2)}
	w.Do(func() { panic("a bad job") })
	w.Do(func() { fmt.Println("a good job") })
	w.idle.Wait()
	// Output:
	// recovered: a bad job
	// a good job
}
