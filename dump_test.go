package rouse

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func notesOf(o *OwnedTasks) (n int) {
	for i := range o.shards {
		n += len(o.shards[i].notes)
	}
	return n
}

// Whoever joins a task that its list has shut down is told its name and site,
// at whatever stage it was; and nothing is kept of it once it has ended.
func TestShutdownNamesTheTask(t *testing.T) {
	for name, stage := range map[string]func(*loop, *Waker){
		"queued, new":   func(*loop, *Waker) {},
		"idle":          func(l *loop, _ *Waker) { l.run() },
		"queued, woken": func(l *loop, w *Waker) { l.run(); w.WakeByRef() },
	} {
		t.Run(name, func(t *testing.T) {
			var l loop
			var w Waker
			var owned OwnedTasks
			j := SpawnWith[output](&l, l.never(&w), Options{Owned: &owned, Name: "reader"})
			stage(&l, &w)
			h := j.AbortHandle().h
			owned.CloseAndShutdownAll()
			if owned.Remove(h) { // and its note stays
				t.Error("what was shut down is on the list")
			}
			l.run()
			_, err := join(t, &j)
			wantNamed(t, err, "shut down")
			if n := notesOf(&owned); n != 0 {
				t.Errorf("%d notes are left", n)
			}
			w.Drop()
		})
	}
}

// A task that is shut down in its poll, and one that comes too late for its list.
func TestShutdownNamesTheRunningAndTheLate(t *testing.T) {
	var l loop
	var owned OwnedTasks
	j := SpawnWith[output](&l, pollsThat(&l, owned.CloseAndShutdownAll), Options{Owned: &owned, Name: "reader"})
	l.run()
	_, err := join(t, &j)
	wantNamed(t, err, "shut down")

	var never OwnedTasks // bound to, before it was closed
	never.CloseAndShutdownAll()
	for _, o := range []*OwnedTasks{&owned, &never} {
		k := SpawnWith[output](&l, l.ready(1), Options{Owned: o, Name: "reader"})
		_, err = join(t, &k)
		wantNamed(t, err, "shut down")
		if n := notesOf(o); n != 0 || o.Len() != 0 {
			t.Errorf("%d notes are left, %d on the list", n, o.Len())
		}
	}
}

func wantNamed(t *testing.T, err *JoinError, how string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	if err.Name != "reader" || !strings.Contains(err.Site, "dump_test.go:") || !strings.Contains(err.Error(), "(reader), spawned at ") || !strings.HasSuffix(err.Error(), how) {
		t.Errorf("%q at %q: %v", err.Name, err.Site, err)
	}
}

// What is noted of a task of level 1 goes when it leaves its list, whoever
// takes it off; one that a shutdown has taken off cannot be named any more.
func TestNotesOfHeaders(t *testing.T) {
	var l loop
	var owned OwnedTasks
	a, b := l.newActor(actors, pending), l.newActor(actors, pending)
	for _, h := range []*Header{&a.Header, &b.Header} {
		owned.Bind(h)
		owned.Describe(h, "reader", 0)
	}
	owned.Remove(&a.Header)
	if n := notesOf(&owned); n != 1 {
		t.Errorf("%d notes of 1 task", n)
	}
	owned.Describe(&a.Header, "reader", 0)
	b.Wake()
	owned.CloseAndShutdownAll()
	owned.Describe(&b.Header, "writer", 0)
	if n := notesOf(&owned); n != 1 {
		t.Errorf("%d notes of a task that has its last run to go", n)
	}
	b.cancel = func(Cause) { panic("no") }
	b.handle = true
	l.run()
	if len(b.errs) != 1 || b.errs[0].Name != "reader" {
		t.Errorf("told of %v", b.errs)
	}
	if n := notesOf(&owned); n != 0 {
		t.Errorf("%d notes are left", n)
	}
}

// One without destructors, that is ready in the poll in which its list lets go of it.
func TestNotesOfAPlainTask(t *testing.T) {
	for _, detached := range []bool{false, true} {
		var l loop
		var owned OwnedTasks
		j := SpawnWith[int](&l, FutureFunc[int](func(Context) (int, bool) {
			owned.CloseAndShutdownAll()
			return 1, true
		}), Options{Owned: &owned, Name: "reader"})
		if detached {
			j.Detach()
		}
		l.run()
		if n := notesOf(&owned); n != 0 {
			t.Errorf("detached %v: %d notes are left", detached, n)
		}
		if !detached {
			j.TryJoin()
		}
	}
}

// The counters, and what is told of each task, count the wakers that somebody
// holds: not the reference by which an uncounted task stays.
func TestWakersOutstanding(t *testing.T) {
	var l loop
	var owned OwnedTasks
	var ws [2]Waker
	for i, o := range []Options{{Owned: &owned}, {Owned: &owned, Uncounted: true}} {
		j := SpawnWith[output](&l, l.never(&ws[i]), o)
		j.Detach()
	}
	a := l.newActor(uncountedActors, pending)
	owned.Bind(&a.Header)
	l.run()
	second := ws[0].Clone()
	third, fourth := ws[1].Clone(), a.WakerRef().Clone()
	if n := owned.Counters().Wakers; n != 2 {
		t.Errorf("%d wakers outstanding, want 2", n)
	}
	for _, i := range owned.Dump() {
		want := int64(2)
		if !i.State.Orphanable() {
			want = 0
		}
		if i.Wakers != want {
			t.Errorf("task %d, %v: %d wakers, want %d", i.ID, i.State, i.Wakers, want)
		}
	}
	for _, w := range []*Waker{&second, &third, &fourth, &ws[0], &ws[1]} {
		w.Drop()
	}
	if n := owned.Counters().Wakers; n != 0 {
		t.Errorf("%d wakers outstanding, and all are gone", n)
	}
}

// A scheduler with a list of its own is not asked for the members of an OwnedTasks.
func TestUnlistIsNotForMembers(t *testing.T) {
	for _, ready := range []bool{true, false} {
		s := hooked{listed: true}
		var owned OwnedTasks
		j := SpawnWith[output](&s, probe{l: &s.loop, poll: func(Context) (output, bool) {
			return output{l: &s.loop}, ready
		}}, Options{Owned: &owned})
		j.Detach()
		s.run()
		if s.releases != 0 || !s.listed || owned.Len() != 0 || s.released != 1 {
			t.Errorf("ready %v: asked %d times, %d on the list, %+v", ready, s.releases, owned.Len(), s.counts)
		}
	}
}

//go:noinline
func describeFor(o *OwnedTasks, h *Header, name string, skip int) { o.Describe(h, name, skip) }

// A list describes its own tasks only, the last name counts, and skip counts the
// callers of Describe.
func TestDescribe(t *testing.T) {
	var l loop
	var owned, other OwnedTasks
	a := l.newActor(actors, pending)
	owned.Bind(&a.Header)
	describeFor(&owned, &a.Header, "first", 0)
	_, _, line, _ := runtime.Caller(0)
	describeFor(&owned, &a.Header, "second", 1)
	describeFor(&other, &a.Header, "third", 0)
	i := owned.Dump()[0]
	if want := fmt.Sprintf("dump_test.go:%d", line+1); i.Name != "second" || !strings.HasSuffix(i.Site, want) {
		t.Errorf("%q at %q, want %q at …%s", i.Name, i.Site, "second", want)
	}
	if notesOf(&owned) != 1 || notesOf(&other) != 0 {
		t.Errorf("%d and %d notes", notesOf(&owned), notesOf(&other))
	}
}

// Tasks are described in the order of their IDs, and all that ever came is counted.
func TestDumpIsInOrder(t *testing.T) {
	var l loop
	var owned OwnedTasks
	for range 300 {
		owned.Bind(&l.newActor(actors, pending).Header)
	}
	tasks := slices.Collect(owned.All())
	slices.Reverse(tasks)
	for _, r := range tasks[100:] { // IDs are dealt when they are asked for
		r.ID()
	}
	all := owned.Dump()
	if len(all) != 300 || !slices.IsSortedFunc(all, func(a, b TaskInfo) int { return cmp.Compare(a.ID, b.ID) }) {
		t.Errorf("%d described, or out of order", len(all))
	}
	owned.Remove(tasks[0].Header())
	if c := owned.Counters(); c.Bound != 300 || c.Live != 299 || c.Wakers != 0 {
		t.Errorf("%+v", c)
	}
	owned.CloseAndShutdownAll()
	if c := owned.Counters(); c.Bound != 300 || c.Live != 0 {
		t.Errorf("%+v", c)
	}
}

// A task whose wakers were dropped too often has none.
func TestWakersOfAMisusedTask(t *testing.T) {
	var l loop
	var owned OwnedTasks
	a := l.newActor(actors, pending)
	owned.Bind(&a.Header)
	a.state.init(^refOne + 1)
	if i := owned.Dump()[0]; i.Wakers != 0 || owned.Counters().Wakers != 0 {
		t.Errorf("%d wakers", i.Wakers)
	}
	a.state.init(0)
}
