package rouse_test

import (
	"fmt"
	"os"
	"sync/atomic"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/trace"
)

// A TaskInfo is what Dump tells of a task on a list.
func ExampleTaskInfo() {
	var q rouse.RunQueue
	var tasks rouse.OwnedTasks
	j := rouse.SpawnWith(&q, rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
		cx.Waker().SetLabel("another turn")
		cx.Waker().WakeByRef()
		return 0, false
	}), rouse.Options{Owned: &tasks, Name: "turner"})
	q.RunOne()
	for _, t := range tasks.Dump() {
		fmt.Printf("%s waits for %s, notified: %v\n", t.Name, t.Label, t.State.Notified())
	}
	tasks.CloseAndShutdownAll()
	q.Close()
	j.Detach()
	// Output: turner waits for another turn, notified: true
}

// A Leak is handles that were made at one place and not consumed. Only a program
// that was built with -tags rouse_debug knows of any.
func ExampleLeak() {
	for _, l := range rouse.Leaks() {
		fmt.Fprintln(os.Stderr, l)
	}
	fmt.Print(rouse.Leak{Kind: "Waker", Count: 2, Stack: "\tmain.reader.Poll\n\t\tmain.go:23\n"})
	// Output:
	// rouse: 2 Waker alive
	// born at:
	// 	main.reader.Poll
	// 		main.go:23
}

// A pollCounter is a Tracer that counts polls. Many goroutines call it.
type pollCounter struct{ polls atomic.Int64 }

func (c *pollCounter) Trace(e rouse.TraceEvent) {
	if e.Op == trace.OpPollStart {
		c.polls.Add(1)
	}
}

// Events come if the program was built with -tags rouse_trace. SetTracer reports
// whether it was.
func ExampleTracer() {
	c := new(pollCounter)
	traced := rouse.SetTracer(c)
	defer rouse.SetTracer(nil)

	var q rouse.RunQueue
	rouse.SpawnDetached(&q, &Countdown{left: 2})
	for q.RunOne() {
	}
	want := int64(0)
	if traced {
		want = 3
	}
	fmt.Println(c.polls.Load() == want)
	// Output: true
}

// A TraceEvent says what happened, to which task, and what it led to.
func ExampleTraceEvent() {
	e := rouse.TraceEvent{Op: trace.OpCancel, Task: 7, Cause: rouse.CauseAborted}
	fmt.Println(e.Op, e.Task, e.Cause)
	// Output: task.cancel 7 aborted
}
