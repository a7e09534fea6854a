package rouse_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/rouse-go/rouse"
)

// A JoinError says why a task ended without an output.
func ExampleJoinError() {
	var q rouse.RunQueue
	j := rouse.Spawn(&q, rouse.FutureFunc[int](func(rouse.Context) (int, bool) { panic("a bad future") }))
	for q.RunOne() {
	}
	_, err := j.Join(context.Background())
	var failed *rouse.JoinError
	fmt.Println(errors.As(err, &failed), failed.Cause, failed.Value)
	// Output: true panicked a bad future
}

// A Cause is printed in words.
func ExampleCause() {
	fmt.Println(rouse.CauseAborted, rouse.CauseShutdown, rouse.CauseOrphaned)
	// Output: aborted shut down orphaned
}

// A JoinHandle can be awaited once; then it is zero.
func ExampleJoinHandle() {
	var q rouse.RunQueue
	j := rouse.Spawn(&q, rouse.Ready("done"))
	_, ready := j.TryJoin()
	fmt.Println(ready, j.IsFinished())
	q.RunOne()
	res, ready := j.TryJoin()
	fmt.Println(ready, res.Value, j.IsZero())
	// Output:
	// false false
	// true done true
}

// A Result has a value or an error.
func ExampleResult() {
	var q rouse.RunQueue
	j := rouse.Spawn(&q, rouse.Ready(42))
	q.RunOne()
	res, _ := j.TryJoin()
	fmt.Println(res.Value, res.Err)
	// Output: 42 <nil>
}

// A Future counts its polls, and asks to be polled again.
func ExampleFuture() {
	var q rouse.RunQueue
	var f rouse.Future[string] = &Countdown{left: 2}
	j := rouse.Spawn[string](&q, f)
	polls := 0
	for q.RunOne() {
		polls++
	}
	res, _ := j.TryJoin()
	fmt.Println(polls, res.Value)
	// Output: 3 lift-off
}

// A FutureFunc is a future without a type of its own.
func ExampleFutureFunc() {
	f := rouse.FutureFunc[int](func(rouse.Context) (int, bool) { return 7, true })
	v, err := rouse.BlockOn(context.Background(), f)
	fmt.Println(v, err)
	// Output: 7 <nil>
}

// A future is polled by hand, with a Context of one's own.
func ExampleContext() {
	w := rouse.NoopWaker()
	c := &Countdown{left: 1}
	_, ready := c.Poll(rouse.NewContext(w.Borrow()))
	fmt.Println(ready)
	// Output: false
}

// A RunQueue and a loop are the shortest runtime.
func ExampleRunQueue() {
	var q rouse.RunQueue
	rouse.SpawnDetached(&q, rouse.FutureFunc[int](func(rouse.Context) (int, bool) {
		fmt.Println("runs")
		return 0, true
	}))
	for q.RunOne() {
	}
	// Output: runs
}

// A LocalQueue is for a runtime whose tasks are all woken on one goroutine.
func ExampleLocalQueue() {
	var q rouse.LocalQueue
	j := rouse.Spawn(&q, &Countdown{left: 2})
	runs := 0
	for q.RunOne() {
		runs++
	}
	res, _ := j.TryJoin()
	fmt.Println(runs, res.Value)
	// Output: 3 lift-off
}

// A ScheduleFunc decides what comes of each Notified.
func ExampleScheduleFunc() {
	var q rouse.LocalQueue
	s := rouse.ScheduleFunc(func(n rouse.Notified, why rouse.Reason) {
		fmt.Println(why)
		q.Push(n)
	})
	rouse.SpawnDetached(s, &Countdown{left: 1})
	for q.RunOne() {
	}
	// Output:
	// spawned
	// yielded
}

// What is pushed by any goroutine is popped by any worker.
func ExampleSharedQueue() {
	var q rouse.SharedQueue
	s := rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) { q.Push(n) })
	j := rouse.Spawn(s, rouse.Ready("done"))
	if n, ok := q.Pop(); ok {
		n.Run()
	}
	fmt.Println(j.IsFinished(), q.Len())
	j.Detach()
	// Output: true 0
}

// A Notified that is dropped ends its task.
func ExampleNotified() {
	var q rouse.LocalQueue
	j := rouse.Spawn(&q, rouse.Ready(1))
	if n, ok := q.Pop(); ok {
		n.Drop()
	}
	res, _ := j.TryJoin()
	var err *rouse.JoinError
	fmt.Println(errors.As(res.Err, &err), err.Cause == rouse.CauseDropped)
	// Output: true true
}

// A Waker is owned. Clone makes another, and each is consumed once.
func ExampleWaker() {
	w := rouse.FuncWaker(func() { fmt.Println("woken") })
	c := w.Clone()
	c.WakeByRef()
	w.Wake()
	c.Drop()
	fmt.Println(w.IsZero(), c.IsZero())
	// Output:
	// woken
	// woken
	// true true
}

// A Snapshot is a value of the word.
func ExampleSnapshot() {
	var s rouse.State
	s.Notify()
	n := s.Load()
	fmt.Println(n.Notified(), n.Running(), n.Complete())
	// Output: true false false
}

// Options give a task a list and a name.
func ExampleOptions() {
	var q rouse.RunQueue
	var tasks rouse.OwnedTasks
	j := rouse.SpawnWith(&q, rouse.Ready(1), rouse.Options{Owned: &tasks, Name: "one"})
	for _, info := range tasks.Dump() {
		fmt.Println(info.Name)
	}
	q.RunOne()
	j.Detach()
	fmt.Println(tasks.Len())
	// Output:
	// one
	// 0
}

// Counters are totals of a list.
func ExampleCounters() {
	var q rouse.RunQueue
	var tasks rouse.OwnedTasks
	j := rouse.SpawnWith(&q, rouse.Ready(1), rouse.Options{Owned: &tasks})
	fmt.Println(tasks.Counters().Bound, tasks.Counters().Live)
	q.RunOne()
	j.Detach()
	fmt.Println(tasks.Counters().Bound, tasks.Counters().Live)
	// Output:
	// 1 1
	// 1 0
}
