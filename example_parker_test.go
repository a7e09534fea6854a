package rouse_test

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// A worker that sleeps while its queue is empty. Whoever pushes unparks it.
func ExampleParker() {
	var queue rouse.RunQueue
	var parker rouse.Parker
	done := false

	// Anybody's side.
	s := rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) {
		queue.Push(n)
		parker.Unpark()
	})
	go rouse.SpawnDetached[struct{}](s, rouse.FutureFunc[struct{}](func(rouse.Context) (struct{}, bool) {
		fmt.Println("polled")
		done = true
		return struct{}{}, true
	}))

	// The worker's side.
	for !done {
		n, ok := queue.Pop()
		if !ok {
			parker.Park()
			continue
		}
		n.Run()
	}
	// Output: polled
}
