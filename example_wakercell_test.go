package rouse_test

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

// An Event is a future that is ready once any goroutine has called Set.
type Event struct {
	set  atomic.Bool
	task rouse.WakerCell
}

func (e *Event) Set() {
	e.set.Store(true) // first the event, then the wake
	e.task.Wake()
}

func (e *Event) Poll(cx rouse.Context) (_ struct{}, ready bool) {
	_, ready = e.task.WaitUntil(cx, e.set.Load)
	return
}

// One task waits and another goroutine signals. No wake is lost, since WaitUntil
// looks again after it has registered the task.
func ExampleWakerCell() {
	e := NewExecutor()
	defer e.Stop()

	ev := new(Event)
	j := rouse.Spawn(&e.queue, ev)
	go ev.Set()
	_, err := j.Join(context.Background())
	fmt.Println("set:", err == nil)
	// Output: set: true
}
