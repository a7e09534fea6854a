package trace

import (
	"bytes"
	"log/slog"
	"runtime/trace"
	"strings"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
)

func TestSlog(t *testing.T) {
	var b bytes.Buffer
	h := slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})
	s := NewSlog(h, slog.LevelDebug)
	for _, c := range []struct {
		e    rouse.TraceEvent
		want string
	}{
		{rouse.TraceEvent{Op: rouse.TraceWake, Task: 7, Outcome: rouse.OutcomeCoalesced}, "level=DEBUG msg=waker.wake task=7 outcome=coalesced"},
		{rouse.TraceEvent{Op: rouse.TraceDrop, Outcome: rouse.OutcomeForeign}, "level=DEBUG msg=waker.drop outcome=foreign"},
		{rouse.TraceEvent{Op: rouse.TracePollStart, Task: 7, Latency: time.Millisecond}, "level=DEBUG msg=task.poll_start task=7 latency=1ms"},
		{rouse.TraceEvent{Op: rouse.TraceComplete, Task: 7, Outcome: rouse.OutcomePending, Cause: rouse.CauseAborted}, "level=DEBUG msg=task.complete task=7 outcome=pending cause=aborted"},
		{rouse.TraceEvent{Op: rouse.TraceName, Task: 7, Name: "reader", Site: "a.go:1"}, "level=DEBUG msg=task.name task=7 name=reader site=a.go:1"},
	} {
		b.Reset()
		s.Trace(c.e)
		if got := strings.TrimSpace(b.String()); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	b.Reset()
	NewSlog(h, slog.LevelDebug-1).Trace(rouse.TraceEvent{Op: rouse.TraceWake})
	if b.Len() > 0 {
		t.Errorf("below the level: %s", b.String())
	}
}

// TestRuntime looks for the strings of the events in the trace.
func TestRuntime(t *testing.T) {
	var r Runtime
	tell(&r, poll(9, rouse.OutcomePending)...) // before the trace
	var b bytes.Buffer
	if err := trace.Start(&b); err != nil {
		t.Fatal(err)
	}
	tell(&r, rouse.TraceEvent{Op: rouse.TraceSpawn, Task: 1}, rouse.TraceEvent{Op: rouse.TraceName, Task: 1, Name: "the-reader"},
		rouse.TraceEvent{Op: rouse.TraceWakeByRef, Task: 1, Outcome: rouse.OutcomeSubmitted})
	tell(&r, poll(1, rouse.OutcomePending)...)
	tell(&r, poll(9, rouse.OutcomePending)...)
	tell(&r, rouse.TraceEvent{Op: rouse.TraceCancel, Task: 1, Cause: rouse.CauseShutdown},
		rouse.TraceEvent{Op: rouse.TraceComplete, Task: 1, Cause: rouse.CauseShutdown},
		rouse.TraceEvent{Op: rouse.TraceWake, Task: 1, Outcome: rouse.OutcomeRunning}) // comes late
	trace.Stop()
	for _, s := range []string{"the-reader", "poll", "waker.wake_by_ref", "submitted", "task.cancel", "shut down", "task.id"} {
		if !bytes.Contains(b.Bytes(), []byte(s)) {
			t.Errorf("the trace does not have %q", s)
		}
	}
	if bytes.Contains(b.Bytes(), []byte("waker.wake\x00")) || len(r.tasks) != 1 {
		t.Errorf("entries are left: %v", r.tasks)
	}
}

type list []rouse.TraceOp

func (l *list) Trace(e rouse.TraceEvent) { *l = append(*l, e.Op) }

func TestTeeAndFilter(t *testing.T) {
	var all, some list
	both := Tee{&all, Filter(&some, func(e rouse.TraceEvent) bool { return e.Op != rouse.TracePollEnd })}
	tell(both, poll(1, rouse.OutcomePending)...)
	if len(all) != 2 || len(some) != 1 || some[0] != rouse.TracePollStart {
		t.Error(all, some)
	}
	if err := both.Close(); err != nil {
		t.Error(err)
	}
}
