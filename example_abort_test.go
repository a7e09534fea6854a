package rouse_test

import (
	"errors"
	"fmt"

	"github.com/rouse-go/rouse"
)

// An abort asks the task to end at its next run. The outcome tells whether it won
// over a poll that was ready.
func ExampleAbortHandle() {
	var q rouse.LocalQueue
	s := rouse.ScheduleFunc(func(n rouse.Notified, why rouse.Reason) {
		fmt.Println("scheduled:", why)
		q.Push(n)
	})

	var waiting rouse.Waker
	j := rouse.Spawn(s, rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
		waiting.CloneFrom(cx.Waker())
		return 0, false
	}))
	a := j.AbortHandle() // may be copied, kept and forgotten
	for q.RunOne() {
	}

	fmt.Println(a.Abort(), a.Abort(), a.IsFinished())
	for q.RunOne() {
	}
	res, _ := j.TryJoin()
	fmt.Println(errors.Is(res.Err, rouse.ErrAborted), a.IsFinished())
	waiting.Drop()
	// Output:
	// scheduled: spawned
	// scheduled: cancelled
	// true false false
	// true true
}
