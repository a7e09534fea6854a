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
	s := schedulerFunc(func(n rouse.Notified) {
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

// A schedulerFunc is a Scheduler for which all that comes is the same.
type schedulerFunc func(n rouse.Notified)

func (f schedulerFunc) Schedule(n rouse.Notified, _ rouse.Reason) { f(n) }
func (f schedulerFunc) Yield(n rouse.Notified)                    { f(n) }
