//go:build rouse_trace

package rouse

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// events records what a Tracer is told of the tasks born while it is set.
type events struct {
	mu  sync.Mutex
	all []TraceEvent
}

func (r *events) Trace(e TraceEvent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, e)
}

// eventsOf runs f and returns the events as lines, with tasks numbered from 1.
func eventsOf(t *testing.T, f func()) (lines []string) {
	t.Helper()
	var r events
	if !SetTracer(&r) {
		t.Fatal("tracing is not built in")
	}
	defer SetTracer(nil)
	f()
	numbers := map[ID]int{}
	for _, e := range r.all {
		n, ok := numbers[e.Task]
		if !ok && e.Task != 0 {
			n = len(numbers) + 1
			numbers[e.Task] = n
		}
		s := fmt.Sprintf("%d %s", n, e.Op)
		if e.Outcome != outcomeNone {
			s += " " + e.Outcome
		}
		if e.Cause != CauseNone {
			s += " cause: " + e.Cause.String()
		}
		if e.Name != "" {
			s += " name: " + e.Name
		}
		lines = append(lines, s)
	}
	return lines
}

func wantEvents(t *testing.T, got []string, want ...string) {
	t.Helper()
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("events\n%s\nwant\n%s", g, w)
	}
}

func TestTraceOfALife(t *testing.T) {
	wantEvents(t, eventsOf(t, func() {
		var l loop
		var w Waker
		SpawnWith[output](&l, l.keeping(&w, 4), Options{Name: "x"})
		l.run()
		w.WakeByRef()
		w.WakeByRef()
		l.run()
		w.Wake()
		l.run()
		second := w.Clone()
		w.WakeByRef()
		l.run()
		w.Wake()
		second.Drop()
	}),
		"1 task.spawn", "1 task.name name: x",
		"1 task.poll_start", "1 waker.clone", "1 task.poll_end pending",
		"1 waker.wake_by_ref submitted", "1 waker.wake_by_ref coalesced",
		"1 task.poll_start", "1 task.poll_end pending",
		"1 waker.wake submitted",
		"1 task.poll_start", "1 waker.clone", "1 task.poll_end pending",
		"1 waker.clone", "1 waker.wake_by_ref submitted",
		"1 task.poll_start", "1 task.poll_end ready", "1 task.complete ready",
		"1 waker.wake complete", "1 waker.drop")
}

func TestTraceOfEnds(t *testing.T) {
	for name, c := range map[string]struct {
		act  func(l *loop)
		want []string
	}{
		"woken while running": {func(l *loop) {
			j := Spawn[output](l, probe{l: l, poll: func(cx Context) (output, bool) {
				if l.polls == 1 {
					cx.Waker().WakeByRef()
				}
				return output{l: l}, l.polls > 1
			}})
			l.run()
			j.TryJoin()
		}, []string{"1 task.spawn", "1 task.poll_start", "1 waker.wake_by_ref running", "1 task.poll_end pending",
			"1 task.poll_start", "1 task.poll_end ready", "1 task.complete ready", "1 task.release"}},
		"aborted": {func(l *loop) {
			j := Spawn[output](l, l.ready(1))
			j.Abort()
			j.Detach()
			l.run()
		}, []string{"1 task.spawn", "1 task.cancel cause: aborted", "1 task.complete pending cause: aborted", "1 task.release"}},
		"orphaned by a drop": {func(l *loop) {
			var w Waker
			SpawnDetached[output](l, l.never(&w))
			l.run()
			w.Drop()
			l.run()
		}, []string{"1 task.spawn", "1 task.poll_start", "1 waker.clone", "1 task.poll_end pending",
			"1 waker.drop orphaned", "1 task.orphan",
			"1 task.cancel cause: orphaned", "1 task.complete pending cause: orphaned", "1 task.release"}},
		"orphaned by its poll": {func(l *loop) {
			SpawnDetached[output](l, pollsThat(l, func() {}))
			l.run()
		}, []string{"1 task.spawn", "1 task.poll_start", "1 task.poll_end pending", "1 task.orphan",
			"1 task.cancel cause: orphaned", "1 task.complete pending cause: orphaned", "1 task.release"}},
		"panicked": {func(l *loop) {
			j := Spawn[output](l, pollsThat(l, func() { panic("x") }))
			l.run()
			j.TryJoin()
		}, []string{"1 task.spawn", "1 task.poll_start", "1 task.poll_end panicked",
			"1 task.cancel cause: panicked", "1 task.complete pending cause: panicked", "1 task.release"}},
		"exited": {func(l *loop) {
			j := Spawn[output](l, pollsThat(l, runtime.Goexit))
			done := make(chan struct{})
			go func() { defer close(done); l.run() }()
			<-done
			j.TryJoin()
		}, []string{"1 task.spawn", "1 task.poll_start", "1 task.poll_end exited",
			"1 task.cancel cause: exited", "1 task.complete pending cause: exited", "1 task.release"}},
		"foreign": {func(*loop) {
			w := (&spy{}).ref().Clone()
			w.WakeByRef()
			w.Wake()
		}, []string{"0 waker.clone foreign", "0 waker.wake_by_ref foreign", "0 waker.wake foreign"}},
		"uncounted": {func(l *loop) {
			var w Waker
			SpawnWith[output](l, l.never(&w), Options{Uncounted: true})
			l.run()
			raw := w.IntoRaw()
			second := WakerFromRaw(raw.VTable.Clone(raw.Data))
			second.Wake()
			raw.VTable.Drop(raw.Data)
			l.run()
			w.Drop()
		}, []string{"1 task.spawn", "1 task.poll_start", "1 waker.clone", "1 task.poll_end pending",
			"1 waker.clone", "1 waker.wake submitted", "1 waker.drop",
			"1 task.poll_start", "1 waker.clone", "1 task.poll_end pending", "1 waker.drop"}},
		"a kept orphan": {func(*loop) {
			var k keeper
			j := Spawn[output](&k, pollsThat(&k.loop, func() {}))
			k.run()
			j.Abort()
			j.Detach()
			k.run()
		}, []string{"1 task.spawn", "1 task.poll_start", "1 task.poll_end pending", "1 task.orphan",
			"1 task.poll_start", "1 task.poll_end pending",
			"1 task.cancel cause: aborted", "1 task.complete pending cause: aborted", "1 task.release"}},
		"a join that gives up": {func(l *loop) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			j := Spawn[output](l, l.ready(1))
			j.Join(ctx)
			j.Detach()
			l.run()
		}, []string{"1 task.spawn", "0 waker.clone foreign", "0 waker.drop foreign",
			"1 task.poll_start", "1 task.poll_end ready", "1 task.complete ready", "1 task.release"}},
		"level 1": {func(l *loop) {
			a := l.newActor(actors, pending)
			a.Wake()
			l.run()
			a.Abort()
			l.run()
		}, []string{"1 task.spawn", "1 waker.wake_by_ref submitted", "1 task.poll_start", "1 task.poll_end pending",
			"1 task.cancel cause: aborted", "1 task.complete pending cause: aborted"}},
	} {
		t.Run(name, func(t *testing.T) {
			var l loop
			wantEvents(t, eventsOf(t, func() { c.act(&l) }), c.want...)
		})
	}
}

// The times and numbers of a dump, and the counters of a list.
func TestTraceDumpAndCounters(t *testing.T) {
	var l loop
	var owned OwnedTasks
	var w Waker
	j := SpawnWith[output](&l, l.never(&w), Options{Owned: &owned, Name: "reader"})
	l.run()
	w.WakeByRef()
	w.WakeByRef()
	if i := owned.Dump()[0]; !i.IdleSince.IsZero() {
		t.Errorf("notified, and idle since %v", i.IdleSince)
	}
	l.run()
	SpawnWith[output](&l, pollsThat(&l, func() {}), Options{Owned: &owned})
	l.run()
	infos := owned.Dump()
	if len(infos) != 1 {
		t.Fatalf("%+v", infos)
	}
	i := infos[0]
	if i.Name != "reader" || !strings.Contains(i.Site, "trace_test.go:") || i.Polls != 2 || i.Wakes != 1 {
		t.Errorf("%+v", i)
	}
	if i.Born.IsZero() || i.LastPoll.IsZero() || i.IdleSince.IsZero() {
		t.Errorf("born %v, polled %v, idle since %v", i.Born, i.LastPoll, i.IdleSince)
	}
	c := owned.Counters()
	want := Counters{Bound: 2, Live: 1, Wakers: 1, Polls: 3, Orphaned: 1, Clones: 1, WakesSubmitted: 1, WakesCoalesced: 1,
		Cancelled: map[string]uint64{"orphaned": 1}}
	if fmt.Sprint(c) != fmt.Sprint(want) {
		t.Errorf("counters\n%+v, want\n%+v", c, want)
	}
	j.Detach()
	w.Drop()
	l.run()
	if c = owned.Counters(); c.Orphaned != 2 || c.Released != 1 || c.Live != 0 {
		t.Errorf("%+v", c)
	}
}

// Each time of a dump is the one that it is named after. They are of the wall
// clock, which may be set between two of them, so that their order tells nothing.
func TestTraceTimes(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	if a.born.Load() == 0 || a.lastPoll.Load()|a.lastEnd.Load() != 0 {
		t.Errorf("new: %+v", &a.traced)
	}
	a.Wake()
	l.run()
	if a.lastPoll.Load() == 0 || a.lastEnd.Load() == 0 {
		t.Errorf("polled: %+v", &a.traced)
	}
	a.born.Store(1)
	a.lastPoll.Store(2)
	a.lastEnd.Store(3)
	var i TaskInfo
	if a.describe(&i); i.Born.UnixNano() != 1 || i.LastPoll.UnixNano() != 2 || i.IdleSince.UnixNano() != 3 {
		t.Errorf("%+v", i)
	}
	a.Abort()
	l.run()
}

// A task that wakes itself is woken as one that others wake.
func TestTraceCountsYields(t *testing.T) {
	var l loop
	var owned OwnedTasks
	SpawnWith[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
		if l.polls < 3 {
			cx.Waker().WakeByRef()
		}
		return output{}, false
	}}, Options{Owned: &owned, NoOrphanCheck: true})
	l.run()
	if i := owned.Dump()[0]; i.Polls != 3 || i.Wakes != 2 || l.yields != 2 {
		t.Errorf("%+v, yielded %d times", i, l.yields)
	}
	owned.CloseAndShutdownAll()
}

// A scheduler that runs at once sees each wake once.
//
//wakervet:allow scheduleinline the order of event and submission shows by it
func TestTracedWakeWakesOnce(t *testing.T) {
	var l loop
	var w Waker
	SpawnWith[output](ScheduleFunc(func(n Notified, _ Reason) { n.Run() }), l.never(&w), Options{NoOrphanCheck: true})
	w.WakeByRef()
	if l.polls != 2 {
		t.Errorf("polled %d times after a wake", l.polls)
	}
	w.Wake()
	if l.polls != 3 {
		t.Errorf("polled %d times after two wakes", l.polls)
	}
}
