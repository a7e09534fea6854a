package rouse_test

import (
	"context"
	"fmt"

	"github.com/rouse-go/rouse"
)

// A runtime that ends lets its tasks end first, as long as its context allows.
func ExampleOwnedTasks_WaitEmpty() {
	var q rouse.RunQueue
	var tasks rouse.OwnedTasks
	q.NonEmpty = func() {
		go func() {
			for q.RunOne() {
			}
		}()
	}
	for i := range 3 {
		j := rouse.SpawnWith(&q, rouse.Ready(i), rouse.Options{Owned: &tasks})
		j.Detach()
	}
	fmt.Println(tasks.WaitEmpty(context.Background()), tasks.Len())

	// A task that waits for ever is not waited for.
	j := rouse.SpawnWith(&q, &Session{name: "idle"}, rouse.Options{Owned: &tasks})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	fmt.Println(tasks.WaitEmpty(ctx), tasks.Len())
	tasks.CloseAndShutdownAll()
	fmt.Println(tasks.WaitEmpty(context.Background()), tasks.Len())
	j.Detach()
	// Output:
	// <nil> 0
	// context canceled 1
	// idle closes
	// <nil> 0
}
