package trace

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
)

func poll(id rouse.ID, out string) []rouse.TraceEvent {
	return []rouse.TraceEvent{{Op: OpPollStart, Task: id, Latency: time.Microsecond}, {Op: OpPollEnd, Task: id, Outcome: out}}
}

func tell(t rouse.Tracer, events ...rouse.TraceEvent) {
	for _, e := range events {
		t.Trace(e)
	}
}

func TestTimeline(t *testing.T) {
	var b bytes.Buffer
	tl := NewTimeline(&b)
	tell(tl, rouse.TraceEvent{Op: OpSpawn, Task: 1}, rouse.TraceEvent{Op: OpName, Task: 1, Name: `a "name"`, Site: "x.go:1"})
	tell(tl, poll(1, OutcomePending)...)
	tell(tl, rouse.TraceEvent{Op: OpSpawn, Task: 2}, rouse.TraceEvent{Op: OpPollStart, Task: 2},
		rouse.TraceEvent{Op: OpWakeByRef, Task: 1, Outcome: OutcomeSubmitted}, // from within a poll
		rouse.TraceEvent{Op: OpWakeByRef, Task: 1, Outcome: OutcomeCoalesced},
		rouse.TraceEvent{Op: OpWakeByRef, Task: 2, Outcome: OutcomeRunning},
		rouse.TraceEvent{Op: OpPollEnd, Task: 2, Outcome: OutcomePending})
	tell(tl, poll(1, OutcomeReady)...)
	tell(tl, rouse.TraceEvent{Op: OpComplete, Task: 1, Outcome: OutcomeReady}, rouse.TraceEvent{Op: OpRelease, Task: 1})
	tell(tl, poll(2, OutcomePending)...)
	tell(tl, rouse.TraceEvent{Op: OpWake, Task: 2, Outcome: OutcomeSubmitted}) // from outside, and never polled
	tell(tl, rouse.TraceEvent{Op: OpOrphan, Task: 2}, rouse.TraceEvent{Op: OpCancel, Task: 2, Cause: rouse.CauseOrphaned},
		rouse.TraceEvent{Op: OpComplete, Task: 2, Outcome: OutcomePending, Cause: rouse.CauseOrphaned})
	tell(tl, rouse.TraceEvent{Op: OpWake, Task: 2, Outcome: OutcomeRunning}) // comes late
	tell(tl, rouse.TraceEvent{Op: OpPollStart, Task: 3})                     // is under way at the end
	if err := tl.Close(); err != nil {
		t.Fatal(err)
	}
	tell(tl, poll(4, OutcomePending)...)
	if err := tl.Close(); err != nil {
		t.Error(err)
	}
	p := parse(t, b.Bytes())
	p.want(t, map[string]int{"B poll": 5, "E poll": 5, "s wake": 2, "f wake": 2, "i spawn": 2, "i wake": 1, "X wake": 1,
		"i orphan": 1, "i cancel": 1, "i complete": 2, "i release": 1})
	for at, want := range map[place]string{{1, 1}: `a "name"`, {1, 2}: "task 2", {1, 3}: "task 3"} {
		if got := p.names[at]; got != want {
			t.Errorf("track %v is called %q, want %q", at, got, want)
		}
	}
	for _, e := range p.events {
		if e.Ph == "s" && (e.PID != tasksPID || e.TID != 2) {
			t.Errorf("an arrow from elsewhere than the poll of task 2: %+v", e)
		}
	}
}

// A task that polls another: what is woken after that is woken by the outer one.
func TestTimelineNestedPolls(t *testing.T) {
	var b bytes.Buffer
	tl := NewTimeline(&b)
	tell(tl, rouse.TraceEvent{Op: OpSpawn, Task: 3}, rouse.TraceEvent{Op: OpPollStart, Task: 1})
	tell(tl, poll(2, OutcomePending)...)
	tell(tl, rouse.TraceEvent{Op: OpWake, Task: 3, Outcome: OutcomeSubmitted},
		rouse.TraceEvent{Op: OpPollEnd, Task: 1, Outcome: OutcomePending})
	tell(tl, poll(3, OutcomePending)...)
	if err := tl.Close(); err != nil {
		t.Fatal(err)
	}
	p := parse(t, b.Bytes())
	for _, e := range p.events {
		if e.Ph == "s" && e.TID == 1 {
			return
		}
	}
	t.Error("no arrow from task 1")
}

// A wake from another goroutine has a track of its own.
func TestTimelineWakeFromOutside(t *testing.T) {
	var b bytes.Buffer
	tl := NewTimeline(&b)
	tell(tl, rouse.TraceEvent{Op: OpPollStart, Task: 1})
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		tell(tl, rouse.TraceEvent{Op: OpWakeByRef, Task: 1, Outcome: OutcomeRunning})
	}()
	wg.Wait()
	tell(tl, rouse.TraceEvent{Op: OpPollEnd, Task: 1, Outcome: OutcomePending})
	tell(tl, poll(1, OutcomeReady)...)
	if err := tl.Close(); err != nil {
		t.Fatal(err)
	}
	p := parse(t, b.Bytes())
	p.want(t, map[string]int{"s wake": 1, "X wake": 1})
	for _, e := range p.events {
		if e.Ph == "s" && (e.PID != goroutinesPID || !strings.HasPrefix(p.names[place{e.PID, e.TID}], "goroutine ")) {
			t.Errorf("%+v", e)
		}
	}
}

// A goroutine that has a name is called by it, until it gives it up.
func TestTimelineLanes(t *testing.T) {
	var b bytes.Buffer
	tl := NewTimeline(&b)
	turn := func() {
		tell(tl, poll(1, OutcomePending)...)
		tell(tl, rouse.TraceEvent{Op: OpWakeByRef, Task: 1, Outcome: OutcomeSubmitted})
	}
	turn()
	tl.Lane(`loop "0"`)
	turn()
	turn()
	tl.Lane("")
	turn()
	if err := tl.Close(); err != nil {
		t.Fatal(err)
	}
	tl.Lane("too late")
	if len(tl.lanes) > 0 {
		t.Errorf("names are left: %v", tl.lanes)
	}
	number := "goroutine " + strconv.FormatUint(goroutineID(), 10)
	var on, tracks []string
	for _, e := range parse(t, b.Bytes()).events {
		switch {
		case e.Ph == "B":
			on = append(on, e.Args["on"].(string))
		case e.Ph == "M" && e.Name == "thread_name" && e.PID == goroutinesPID:
			tracks = append(tracks, e.Args["name"].(string))
		}
	}
	if want := []string{number, `loop "0"`, `loop "0"`, number}; !slices.Equal(on, want) {
		t.Errorf("polls on %q, want %q", on, want)
	}
	if want := []string{number, `loop "0"`, number}; !slices.Equal(tracks, want) {
		t.Errorf("tracks are called %q, want %q", tracks, want)
	}
}

// Tracing begins and ends in the middle of polls.
func TestTimelineOfAPart(t *testing.T) {
	var b bytes.Buffer
	tl := NewTimeline(&b)
	tell(tl, rouse.TraceEvent{Op: OpPollEnd, Task: 1, Outcome: OutcomePending})
	tell(tl, rouse.TraceEvent{Op: OpPollStart, Task: 1})
	tell(tl, poll(1, OutcomeReady)...)
	if err := tl.Close(); err != nil {
		t.Fatal(err)
	}
	parse(t, b.Bytes()).want(t, map[string]int{"B": 2, "E": 2})
}

type stuckWriter struct {
	bytes.Buffer
	release chan struct{}
}

func (w *stuckWriter) Write(b []byte) (int, error) {
	<-w.release
	return w.Buffer.Write(b)
}

// A writer that is too slow costs events, but neither time nor memory, and
// what is left is whole.
func TestTimelineSlowWriter(t *testing.T) {
	w := &stuckWriter{release: make(chan struct{})}
	tl := NewTimeline(w)
	n := 0
	for dropped := false; !dropped; n++ {
		tell(tl, poll(1, OutcomePending)...)
		tell(tl, rouse.TraceEvent{Op: OpWakeByRef, Task: 1, Outcome: OutcomeSubmitted})
		tl.mu.Lock()
		dropped = tl.dropped > 100
		if len(tl.out.buf) > maxPending+1<<10 {
			t.Fatalf("%d bytes wait", len(tl.out.buf))
		}
		tl.mu.Unlock()
	}
	close(w.release)
	if err := tl.Close(); err == nil || !strings.Contains(err.Error(), "events were lost") {
		t.Error(err)
	}
	if p := parse(t, w.Bytes()); p.count("B", "") < n/4 {
		t.Errorf("%d of %d polls", p.count("B", ""), n)
	}
}

type brokenWriter struct{}

var errDisk = errors.New("disk full")

func (brokenWriter) Write([]byte) (int, error) { return 0, errDisk }

func TestTimelineReportsErrors(t *testing.T) {
	tl := NewTimeline(brokenWriter{})
	for range 10_000 {
		tell(tl, poll(1, OutcomePending)...)
	}
	if err := (Tee{tl, &Runtime{}}).Close(); !errors.Is(err, errDisk) {
		t.Error(err)
	}
}

func BenchmarkTimelinePoll(b *testing.B) {
	tl := NewTimeline(new(discard))
	defer tl.Close()
	p := poll(1, OutcomePending)
	b.ReportAllocs()
	for b.Loop() {
		tell(tl, p...)
	}
}

func BenchmarkGoroutineID(b *testing.B) {
	for b.Loop() {
		goroutineID()
	}
}

type discard struct{}

func (*discard) Write(b []byte) (int, error) { return len(b), nil }
