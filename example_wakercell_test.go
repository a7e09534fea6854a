package rouse_test

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

// An Event is a future that is ready once it was set, by any goroutine.
type Event struct {
	set  atomic.Bool
	task rouse.WakerCell
}

func (e *Event) Set() {
	e.set.Store(true) // first the event, then the wake
	e.task.Wake()
}

func (e *Event) Poll(cx rouse.Context) (struct{}, bool) {
	e.task.Register(cx.Waker()) // first the waker, then the look
	return struct{}{}, e.set.Load()
}

// One task waits, others signal: registering first and looking after loses no
// wake.
func ExampleWakerCell() {
	e := &Executor{bell: make(chan struct{}, 1)}
	go e.run()
	defer close(e.bell)

	ev := new(Event)
	j := rouse.Spawn[struct{}](e, ev)
	go ev.Set()
	_, err := j.Join(context.Background())
	fmt.Println("set:", err == nil)
	// Output: set: true
}
