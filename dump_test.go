package rouse

import (
	"fmt"
	"runtime"
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
