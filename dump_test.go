package rouse

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
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

// wrapped spawns as a runtime does, which moves the site to the caller of Go.
func wrapped(l *loop, o Options, spawn func(Scheduler, probe, Options) JoinHandle[output]) JoinHandle[output] {
	o.Skip += 2
	return func() JoinHandle[output] { return spawn(l, pollsThat(l, func() {}), o) }()
}

// here returns the place of its caller's next line.
func here() string {
	_, file, line, _ := runtime.Caller(1)
	return fmt.Sprintf("%s:%d", file, line+1)
}

// A spawn site is moved out of the functions that a runtime wraps SpawnWith with,
// wherever it is told.
func TestSpawnSiteIsMoved(t *testing.T) {
	var l loop
	var owned, closed OwnedTasks
	closed.CloseAndShutdownAll()
	for name, spawn := range map[string]func(Scheduler, probe, Options) JoinHandle[output]{
		"function": func(s Scheduler, f probe, o Options) JoinHandle[output] {
			o.Skip++ // this one
			return SpawnWith[output](s, f, o)
		},
		"Pool": func(s Scheduler, f probe, o Options) JoinHandle[output] {
			o.Skip++
			return new(Pool[output, probe]).SpawnWith(s, f, o)
		},
	} {
		for _, list := range []*OwnedTasks{&owned, &closed} {
			site := here()
			j := wrapped(&l, Options{Owned: list, Name: "reader"}, spawn)
			for _, i := range list.Dump() {
				if i.Site != site {
					t.Errorf("%s: dumped with the site %s, want %s", name, i.Site, site)
				}
			}
			l.run()
			if _, err := join(t, &j); err.Site != site {
				t.Errorf("%s: ended with the site %s, want %s", name, err.Site, site)
			}
		}
		site := here()
		j := wrapped(&l, Options{}, spawn)
		l.run()
		if _, err := join(t, &j); debugging && err.Site != site || !debugging && err.Site != "" {
			t.Errorf("%s, no list: ended with the site %q, want %q in the debug build", name, err.Site, site)
		}
	}
	// Higher than the stack.
	j := SpawnWith[output](&l, l.ready(1), Options{Owned: &owned, Name: "reader", Skip: 1000})
	if all := owned.Dump(); len(all) != 1 || all[0].Site != "" {
		t.Errorf("%v", all)
	}
	l.run()
	j.Detach()
}

// A task says what it waits for, and takes it back; its end takes it back too.
func TestLabels(t *testing.T) {
	var l loop
	var owned OwnedTasks
	label := "a job"
	labels := func(cx Context) (int, bool) {
		cx.Waker().SetLabel(label)
		return 1, label == ""
	}
	var ws [3]Waker
	for i, o := range []Options{{Name: "named"}, {}, {Uncounted: true}} {
		o.Owned = &owned
		j := SpawnWith[int](&l, FutureFunc[int](func(cx Context) (int, bool) {
			ws[i].CloneFrom(cx.Waker())
			return labels(cx)
		}), o)
		j.Detach()
	}
	wake := func() {
		for i := range ws {
			ws[i].WakeByRef()
		}
		l.run()
	}
	want := func(n int) {
		t.Helper()
		for _, i := range owned.Dump() {
			if i.Label != label || (i.Name == "named") != (i.Site != "") {
				t.Errorf("%+v, want the label %q", i, label)
			}
		}
		if got := notesOf(&owned); got != n {
			t.Errorf("%d notes, want %d", got, n)
		}
	}
	l.run()
	want(3)
	label = "another job"
	wake()
	want(3)
	task, _ := ws[1].Borrow().Task()
	owned.Describe(task.Header(), "named", 0) // keeps it
	want(3)
	ended := label
	label = ""
	ws[0].Borrow().SetLabel("")
	ws[1].Borrow().SetLabel("")
	ws[2].Borrow().SetLabel("")
	want(2) // names
	ws[2].Borrow().SetLabel(ended)
	wake()
	if n := notesOf(&owned); n != 0 || owned.Len() != 0 {
		t.Errorf("%d notes of %d tasks are left", n, owned.Len())
	}
	for i := range ws {
		ws[i].Borrow().SetLabel("nothing any more")
		ws[i].Drop()
	}
	if n := notesOf(&owned); n != 0 {
		t.Errorf("%d notes of tasks that have ended", n)
	}
}

// What is on no list, or is no task, has no label; asking for one does no harm.
func TestLabelOfNoListedTask(t *testing.T) {
	labels := FutureFunc[int](func(cx Context) (int, bool) {
		cx.Waker().SetLabel("a job")
		return 1, true
	})
	if _, err := BlockOn[int](context.Background(), labels); err != nil {
		t.Error(err)
	}
	var l loop
	j := Spawn[int](&l, labels)
	l.run()
	if r, ok := j.TryJoin(); !ok || r.Err != nil {
		t.Error(r.Err)
	}
	a := l.newActor(actors, pending)
	a.WakerRef().SetLabel("a job")

	// Shut down while it is queued: off the list, with a run to go.
	var owned OwnedTasks
	owned.Bind(&a.Header)
	a.Wake()
	owned.CloseAndShutdownAll()
	a.WakerRef().SetLabel("a job")
	if n := notesOf(&owned); n != 0 {
		t.Errorf("%d notes", n)
	}
	l.run()
}

// Labels change while others look, and while tasks end.
func TestLabelsAreSafe(t *testing.T) {
	var q RunQueue
	var owned OwnedTasks
	for range 20 {
		n := 0
		j := SpawnWith[int](&q, FutureFunc[int](func(cx Context) (int, bool) {
			n++
			cx.Waker().SetLabel(strconv.Itoa(n))
			cx.Waker().WakeByRef()
			return n, n == 100
		}), Options{Owned: &owned})
		j.Detach()
	}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for owned.Len() > 0 {
			owned.Dump()
		}
	}()
	for owned.Len() > 0 {
		q.RunOne()
	}
	wg.Wait()
	if n := notesOf(&owned); n != 0 {
		t.Errorf("%d notes are left", n)
	}
}

// Tasks that were named at their spawn are dumped in the order of that. Of
// the others each part of the list is.
func TestDumpOrder(t *testing.T) {
	var l loop
	var owned OwnedTasks
	var ws [100]Waker
	for i := range ws {
		j := SpawnWith[output](&l, l.never(&ws[i]), Options{Owned: &owned, Name: strconv.Itoa(i)})
		j.Detach()
	}
	for i, info := range owned.Dump() {
		if info.Name != strconv.Itoa(i) {
			t.Fatalf("task %s is at %d", info.Name, i)
		}
	}
	var unnamed OwnedTasks
	var bound []*actor
	for range 100 {
		a := l.newActor(actors, pending)
		unnamed.Bind(&a.Header)
		bound = append(bound, a)
	}
	unnamed.Dump()
	last := map[*shard]ID{}
	for _, a := range bound {
		if a.ID() <= last[a.shard] {
			t.Errorf("%d was dealt after a younger task's %d", a.ID(), last[a.shard])
		}
		last[a.shard] = a.ID()
	}
	owned.CloseAndShutdownAll()
	unnamed.CloseAndShutdownAll()
	l.run()
	for i := range ws {
		ws[i].Drop()
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

// To describe a task has its ID dealt, also long after its spawn.
func TestDescribeDealsTheID(t *testing.T) {
	var l loop
	var owned OwnedTasks
	var last ID
	tasks := make([]*actor, 10)
	for i := range tasks {
		tasks[i] = l.newActor(actors, pending)
		owned.Bind(&tasks[i].Header)
	}
	for i := len(tasks) - 1; i >= 0; i-- {
		dealt := tasks[i].id.Load() != 0 // the builds that watch told of it
		owned.Describe(&tasks[i].Header, "reader", 0)
		id := ID(tasks[i].id.Load())
		if id == 0 || !dealt && id <= last {
			t.Errorf("ID %d was dealt after %d", id, last)
		}
		last = id
	}
}

// What a shutdown has taken off the list is not on it, though it has not ended.
func TestCountersWhileTasksEnd(t *testing.T) {
	var l loop
	var owned OwnedTasks
	a := l.newActor(actors, pending)
	owned.Bind(&a.Header)
	a.Wake()
	owned.CloseAndShutdownAll()
	if c := owned.Counters(); c.Bound != 1 || c.Live != 0 || owned.Len() != 0 || len(owned.Dump()) != 0 {
		t.Errorf("%+v, %d on the list, %v", c, owned.Len(), owned.Dump())
	}
	l.run()
}

// Tasks are named when they are spawned, and looked up when they end, by several
// goroutines that share a list. The race detector looks on.
func TestNamesAreSafe(t *testing.T) {
	var owned OwnedTasks
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var q LocalQueue
			for range 1000 {
				j := SpawnWith[int](&q, Ready(1), Options{Owned: &owned, Name: "reader"})
				j.Abort()
				q.RunOne()
				res, _ := j.TryJoin()
				if err, ok := res.Err.(*JoinError); !ok || err.Name != "reader" {
					t.Errorf("ended by %v", res.Err)
				}
			}
		}()
	}
	wg.Wait()
	if n := notesOf(&owned); n != 0 || owned.Len() != 0 {
		t.Errorf("%d notes of %d tasks are left", n, owned.Len())
	}
}
