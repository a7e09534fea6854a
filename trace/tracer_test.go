package trace

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"runtime/trace"
	"slices"
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
		{rouse.TraceEvent{Op: OpWake, Task: 7, Outcome: OutcomeCoalesced}, "level=DEBUG msg=waker.wake task=7 outcome=coalesced"},
		{rouse.TraceEvent{Op: OpDrop, Outcome: OutcomeForeign}, "level=DEBUG msg=waker.drop outcome=foreign"},
		{rouse.TraceEvent{Op: OpPollStart, Task: 7, Latency: time.Millisecond}, "level=DEBUG msg=task.poll_start task=7 latency=1ms"},
		{rouse.TraceEvent{Op: OpComplete, Task: 7, Outcome: OutcomePending, Cause: rouse.CauseAborted}, "level=DEBUG msg=task.complete task=7 outcome=pending cause=aborted"},
		{rouse.TraceEvent{Op: OpName, Task: 7, Name: "reader", Site: "a.go:1"}, "level=DEBUG msg=task.name task=7 name=reader site=a.go:1"},
	} {
		b.Reset()
		s.Trace(c.e)
		if got := strings.TrimSpace(b.String()); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	b.Reset()
	NewSlog(h, slog.LevelDebug-1).Trace(rouse.TraceEvent{Op: OpWake})
	if b.Len() > 0 {
		t.Errorf("below the level: %s", b.String())
	}
}

// A failing handler is asked once for each event, and nobody else learns of it.
func TestSlogIgnoresErrors(t *testing.T) {
	h := &failing{Handler: slog.DiscardHandler}
	tell(NewSlog(h, slog.LevelError), poll(1, OutcomePending)...)
	if h.asked != 2 {
		t.Errorf("%d events", h.asked)
	}
}

type failing struct {
	slog.Handler
	asked int
}

func (*failing) Enabled(context.Context, slog.Level) bool { return true }

func (h *failing) Handle(context.Context, slog.Record) error {
	h.asked++
	return errDisk
}

// TestRuntime looks for the strings of the events in the trace.
func TestRuntime(t *testing.T) {
	var r Runtime
	tell(&r, poll(9, OutcomePending)...) // before the trace
	var b bytes.Buffer
	if err := trace.Start(&b); err != nil {
		t.Fatal(err)
	}
	tell(&r, rouse.TraceEvent{Op: OpSpawn, Task: 1}, rouse.TraceEvent{Op: OpName, Task: 1, Name: "the-reader"},
		rouse.TraceEvent{Op: OpWakeByRef, Task: 1, Outcome: OutcomeSubmitted})
	tell(&r, poll(1, OutcomePending)...)
	tell(&r, poll(9, OutcomePending)...)
	tell(&r, rouse.TraceEvent{Op: OpClone, Task: 1}, rouse.TraceEvent{Op: OpDrop, Task: 1, Outcome: OutcomeOrphaned}, rouse.TraceEvent{Op: OpRelease, Task: 8})
	tell(&r, rouse.TraceEvent{Op: OpCancel, Task: 1, Cause: rouse.CauseShutdown},
		rouse.TraceEvent{Op: OpComplete, Task: 1, Cause: rouse.CauseShutdown},
		rouse.TraceEvent{Op: OpWake, Task: 1, Outcome: OutcomeRunning}) // comes late
	trace.Stop()
	for _, s := range []string{"the-reader", "poll", "waker.wake_by_ref", "submitted", "task.cancel", "shut down", "task.id"} {
		if !bytes.Contains(b.Bytes(), []byte(s)) {
			t.Errorf("the trace does not have %q", s)
		}
	}
	for _, s := range []string{OpClone, OpDrop, OpRelease} {
		if bytes.Contains(b.Bytes(), []byte(s)) {
			t.Errorf("the trace has %q", s)
		}
	}
	if bytes.Contains(b.Bytes(), []byte("waker.wake\x00")) || len(r.tasks) != 1 {
		t.Errorf("entries are left: %v", r.tasks)
	}
}

type list []string

func (l *list) Trace(e rouse.TraceEvent) { *l = append(*l, e.Op) }

func TestTeeAndFilter(t *testing.T) {
	var all, some list
	both := Tee{&all, Filter(&some, func(e rouse.TraceEvent) bool { return e.Op != OpPollEnd })}
	tell(both, poll(1, OutcomePending)...)
	if len(all) != 2 || len(some) != 1 || some[0] != OpPollStart {
		t.Error(all, some)
	}
	if err := both.Close(); err != nil {
		t.Error(err)
	}
}

type closer struct {
	name   string
	err    error
	closed *[]string
}

func (closer) Trace(rouse.TraceEvent) {}

func (c closer) Close() error {
	*c.closed = append(*c.closed, c.name)
	return c.err
}

// A Tee closes all that can be closed, those behind a Filter too, whatever errors there are.
func TestTeeClosesAll(t *testing.T) {
	var closed []string
	one, two := errors.New("one"), errors.New("two")
	err := Tee{closer{"a", one, &closed}, new(list), Filter(closer{"b", two, &closed}, nil), closer{"c", nil, &closed}}.Close()
	if !errors.Is(err, one) || !errors.Is(err, two) || !slices.Equal(closed, []string{"a", "b", "c"}) {
		t.Errorf("%v, closed %q", err, closed)
	}
}
