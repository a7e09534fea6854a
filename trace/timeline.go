package trace

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/rouse-go/rouse"
)

// A Timeline writes Chrome's trace event format, as a JSON array, which
// Perfetto (ui.perfetto.dev) and chrome://tracing open: a track for each task,
// with a slice for each poll, an arrow from the wake that led to it, and marks
// for spawn, cancel, orphan, complete and release. Wakes from outside a poll
// are on tracks for their goroutines, and each poll tells which goroutine it
// ran on: by its number, or by the name that Lane gave it.
//
// Trace encodes into memory, and a goroutine writes that: a slow writer blocks
// no task, but costs events, once a few megabytes wait for it. Slices and
// arrows stay whole. An event takes some microseconds, most of which go into
// finding out whose poll it came from. What is kept besides is an entry for
// each task that has not ended. Without Close the file lacks its end, which
// both programs forgive.
type Timeline struct {
	start time.Time
	done  chan struct{} // closed by the writer

	mu      sync.Mutex
	more    sync.Cond // for the writer
	out     encoder
	closed  bool
	err     error
	dropped int
	arrows  uint64
	tasks   map[rouse.ID]*track
	polling map[uint64]*track // by goroutine, the innermost
	seen    map[uint64]bool   // goroutines whose tracks have names
	lanes   map[uint64]string // names of goroutines
}

const (
	flushAt    = 64 << 10
	maxPending = 4 << 20
	maxSeen    = 16 << 10
)

// A track is what is known of a task.
type track struct {
	id    rouse.ID
	named bool
	open  bool // there is a slice
	cut   bool // there is a poll whose slice was dropped
	on    uint64
	outer *track // whose poll polls this one
	woken origin
}

// An origin is where a wake came from.
type origin struct {
	at  time.Duration
	pid int
	tid uint64
}

// NewTimeline returns a Timeline that writes to w. Close it.
func NewTimeline(w io.Writer) *Timeline {
	t := &Timeline{
		start:   time.Now(),
		done:    make(chan struct{}),
		tasks:   map[rouse.ID]*track{},
		polling: map[uint64]*track{},
		seen:    map[uint64]bool{},
		lanes:   map[uint64]string{},
	}
	t.more.L = &t.mu
	t.out.begin()
	go t.write(w)
	return t
}

// Lane names the goroutine that calls it, say "loop 3", on the timeline from
// now on. An event loop calls it when it starts, and calls it with "" when it
// ends: until then the Timeline keeps the name.
func (t *Timeline) Lane(name string) {
	g := goroutineID()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	delete(t.seen, g) // its track has another name
	if name == "" {
		delete(t.lanes, g)
		return
	}
	t.lanes[g] = name
}

// Trace implements rouse.Tracer.
func (t *Timeline) Trace(e rouse.TraceEvent) {
	if e.Task == 0 || e.Op == OpClone || e.Op == OpDrop {
		return
	}
	var g uint64
	switch e.Op {
	case OpPollStart, OpWake, OpWakeByRef:
		g = goroutineID()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	t.event(e, time.Since(t.start), g)
	if len(t.out.buf) >= flushAt {
		t.more.Signal()
	}
}

func (t *Timeline) event(e rouse.TraceEvent, now time.Duration, g uint64) {
	switch e.Op {
	case OpWake, OpWakeByRef:
		t.wake(e, now, g)
		return
	case OpName:
		if t.room() {
			t.out.name(tasksPID, uint64(e.Task), e.Name)
			if k := t.tasks[e.Task]; k != nil {
				k.named = true
			}
		}
		return
	case OpRelease:
		if t.room() {
			t.out.mark(origin{now, tasksPID, uint64(e.Task)}, "release", "", "")
		}
		return
	}
	k := t.track(e.Task)
	switch e.Op {
	case OpSpawn:
		t.mark(k, now, "spawn", "", "")
	case OpPollStart:
		t.pollStart(k, e, now, g)
	case OpPollEnd:
		t.pollEnd(k, e, now)
	case OpOrphan:
		t.mark(k, now, "orphan", "", "")
	case OpCancel:
		t.mark(k, now, "cancel", "cause", e.Cause.String())
	case OpComplete:
		t.nameIt(k)
		t.mark(k, now, "complete", "outcome", endOutcome(e))
		delete(t.tasks, e.Task)
	}
}

func endOutcome(e rouse.TraceEvent) string {
	if e.Cause != rouse.CauseNone {
		return e.Cause.String()
	}
	return e.Outcome
}

// track returns the entry of a task, and makes one if need be: for an event of
// who has the run, since those of wakers may come after the task's end.
func (t *Timeline) track(id rouse.ID) *track {
	k := t.tasks[id]
	if k == nil {
		k = &track{id: id}
		t.tasks[id] = k
	}
	return k
}

func (k *track) at(now time.Duration) origin { return origin{now, tasksPID, uint64(k.id)} }

// room reports whether there is memory for an event, and counts one that
// there is none for.
func (t *Timeline) room() bool {
	if len(t.out.buf) < maxPending {
		return true
	}
	t.dropped++
	return false
}

func (t *Timeline) mark(k *track, now time.Duration, name, key, val string) {
	if t.room() {
		t.out.mark(k.at(now), name, key, val)
	}
}

// nameIt gives a track its number for a name, unless it has a better one.
func (t *Timeline) nameIt(k *track) {
	if !k.named && t.room() {
		t.out.name(tasksPID, uint64(k.id), fmt.Sprintf("task %d", k.id))
		k.named = true
	}
}

// Close ends the open slices, waits until all is written, and returns the
// first error of the writer, or that events were lost because it was too slow.
func (t *Timeline) Close() error {
	t.mu.Lock()
	if !t.closed {
		t.closed = true
		t.finish(time.Since(t.start))
		t.more.Signal()
	}
	t.mu.Unlock()
	<-t.done
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err == nil && t.dropped > 0 {
		return fmt.Errorf("trace: %d events were lost: the timeline's writer was too slow", t.dropped)
	}
	return t.err
}

func (t *Timeline) finish(now time.Duration) {
	for _, k := range t.tasks {
		t.nameIt(k)
		if k.open {
			t.out.end(k.at(now), "under way")
		}
	}
	t.out.finish()
}

// write is the goroutine that writes.
func (t *Timeline) write(w io.Writer) {
	defer close(t.done)
	var spare []byte
	for {
		t.mu.Lock()
		for len(t.out.buf) < flushAt && !t.closed {
			t.more.Wait()
		}
		b, last, failed := t.out.buf, t.closed, t.err != nil
		t.out.buf = spare[:0]
		t.mu.Unlock()
		if !failed {
			if _, err := w.Write(b); err != nil {
				t.mu.Lock()
				t.err = fmt.Errorf("trace: writing the timeline: %w", err)
				t.mu.Unlock()
			}
		}
		if last {
			return
		}
		spare = b
	}
}
