package rouse_test

import (
	"errors"
	"fmt"

	"github.com/rouse-go/rouse"
)

// A task that is pending while nobody has a waker for it would hang for ever.
// It is found at that instant, and its joiner learns why.
func Example_orphan() {
	var q rouse.LocalQueue
	s := rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) { q.Push(n) })

	j := rouse.Spawn[int](s, rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
		w := cx.Waker().Clone()
		defer w.Drop() // it should have been handed to a timer
		return 0, false
	}))
	for n, ok := q.Pop(); ok; n, ok = q.Pop() {
		n.Run()
	}

	res, _ := j.TryJoin()
	var err *rouse.JoinError
	fmt.Println(errors.Is(res.Err, rouse.ErrOrphaned), errors.As(res.Err, &err), err.Cause)
	// Output: true true orphaned
}
