package trace_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	rttrace "runtime/trace"
	"sync/atomic"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/trace"
)

// A program with tracing gives its Tracer to rouse.SetTracer. These examples call
// Trace themselves, so that they show the same in builds without tracing.
func events(to rouse.Tracer) {
	for _, e := range []rouse.TraceEvent{
		{Op: trace.OpName, Task: 1, Name: "reader"},
		{Op: trace.OpWake, Task: 1, Outcome: trace.OutcomeSubmitted},
		{Op: trace.OpPollStart, Task: 1},
		{Op: trace.OpPollEnd, Task: 1, Outcome: trace.OutcomeReady},
		{Op: trace.OpComplete, Task: 1, Outcome: trace.OutcomeReady},
	} {
		to.Trace(e)
	}
}

// The events of a program are written to a log. Here the handler leaves the time
// out.
func ExampleSlog() {
	h := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	})
	s := trace.NewSlog(h, slog.LevelDebug)
	if rouse.SetTracer(s) { // false unless built with -tags rouse_trace
		defer rouse.SetTracer(nil)
	}
	events(s)
	// Output:
	// level=DEBUG msg=task.name task=1 name=reader
	// level=DEBUG msg=waker.wake task=1 outcome=submitted
	// level=DEBUG msg=task.poll_start task=1
	// level=DEBUG msg=task.poll_end task=1 outcome=ready
	// level=DEBUG msg=task.complete task=1 outcome=ready
}

// A Timeline is a file for Perfetto. It is complete when it was closed.
func ExampleTimeline() {
	var file bytes.Buffer
	tl := trace.NewTimeline(&file)
	if rouse.SetTracer(tl) { // false unless built with -tags rouse_trace
		defer rouse.SetTracer(nil)
	}
	tl.Lane("main")
	events(tl)
	err := tl.Close()
	fmt.Println(err, json.Valid(file.Bytes()))
	// Output: <nil> true
}

// A Runtime puts the tasks into Go's execution trace, which "go tool trace" shows.
func ExampleRuntime() {
	if err := rttrace.Start(io.Discard); err != nil { // a file, in your program
		fmt.Println(err)
		return
	}
	defer rttrace.Stop()
	var r trace.Runtime
	if rouse.SetTracer(&r) { // false unless built with -tags rouse_trace
		defer rouse.SetTracer(nil)
	}
	events(&r)
	// Output:
}

// A count is a Tracer that counts events.
type count struct{ n atomic.Int64 }

func (c *count) Trace(rouse.TraceEvent) { c.n.Add(1) }

// A Tee hands each event to several Tracers.
func ExampleTee() {
	var a, b count
	events(trace.Tee{&a, &b})
	fmt.Println(a.n.Load(), b.n.Load())
	// Output: 5 5
}

// Filter hands on the events that matter.
func ExampleFilter() {
	var wakes count
	events(trace.Filter(&wakes, func(e rouse.TraceEvent) bool { return e.Op == trace.OpWake }))
	fmt.Println(wakes.n.Load())
	// Output: 1
}
