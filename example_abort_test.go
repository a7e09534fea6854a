package rouse_test

import (
	"errors"
	"fmt"

	"github.com/rouse-go/rouse"
)

// An abort asks the task to end at its next run. Whether it won over a poll
// that was ready stands in the outcome.
func ExampleAbortHandle() {
	var q rouse.LocalQueue
	s := rouse.ScheduleFunc(func(n rouse.Notified, why rouse.Reason) {
		fmt.Println("scheduled:", why)
		q.Push(n)
	})
	run := func() {
		for n, ok := q.Pop(); ok; n, ok = q.Pop() {
			n.Run()
		}
	}

	var waiting rouse.Waker
	j := rouse.Spawn[int](s, rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
		waiting.CloneFrom(cx.Waker())
		return 0, false
	}))
	a := j.AbortHandle() // may be copied, kept and forgotten
	run()

	fmt.Println(a.Abort(), a.Abort(), a.IsFinished())
	run()
	res, _ := j.TryJoin()
	fmt.Println(errors.Is(res.Err, rouse.ErrAborted), a.IsFinished())
	waiting.Drop()
	// Output:
	// scheduled: spawned
	// scheduled: cancelled
	// true false false
	// true true
}
