//go:build rouse_debug

package rouse

import (
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// collect has the record of h found by the collector, as if it were lost, and
// returns what is reported of it.
func collect(h *handle) (told []Leak) {
	OnLeak(func(l Leak) {
		if l.Stack == h.record.born.String() {
			told = append(told, l)
		}
	})
	defer OnLeak(func(Leak) {})
	h.record.collected()
	return told
}

// What has ended is no leak when the collector finds it, and what is reported
// once is not reported again.
func TestDebugEndedIsNoLeak(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	w := bearWaker(a.WakerRef())
	h := w.token.handle
	w.Drop()
	if told := collect(h); told != nil {
		t.Errorf("of a waker that was dropped: %v", told)
	}
	_, n := l.due()
	h = n.spend.handle
	n.Run()
	if told := collect(h); told != nil {
		t.Errorf("of a Notified that was run: %v", told)
	}
	j := Spawn[output](&l, l.ready(1))
	h = j.token.handle
	l.run()
	j.TryJoin()
	if told := collect(h); told != nil {
		t.Errorf("of a JoinHandle that was awaited: %v", told)
	}
	v := bearWaker(a.WakerRef())
	h = v.token.handle
	if told := collect(h); len(told) != 1 || told[0].Kind != "Waker" || told[0].Count != 1 || !told[0].Collected {
		t.Errorf("of a waker that is lost: %v", told)
	}
	if told := collect(h); told != nil {
		t.Errorf("reported again: %v", told)
	}
	v.Drop()
}

//go:noinline
func loseMany(a *actor, n int) {
	for range n {
		_ = a.WakerRef().Clone()
	}
}

//go:noinline
func bearSome(a *actor, n int) (ws []Waker) {
	for range n {
		ws = append(ws, a.WakerRef().Clone())
	}
	return ws
}

// What is alive comes first, the largest group first; then what was collected,
// however many that are. The function that is told may look itself.
func TestDebugLeaksAreOrdered(t *testing.T) {
	const lost = 40
	var l loop
	a := l.newActor(actors, pending)
	few, many := bearSome(a, 3), bearMany(a, 7)
	left := make(chan int, lost)
	OnLeak(func(l Leak) {
		if strings.Contains(l.Stack, "loseMany") {
			Leaks()
			left <- 1
		}
	})
	defer OnLeak(func(Leak) {})
	loseMany(a, lost)
	deadline := time.After(10 * time.Second)
	for n := 0; n < lost; {
		select {
		case <-left:
			n++
		case <-time.After(10 * time.Millisecond):
			runtime.GC()
		case <-deadline:
			t.Fatalf("%d of %d are reported", n, lost)
		}
	}
	all := Leaks()
	at := func(f string) int {
		i := slices.IndexFunc(all, func(l Leak) bool { return l.Kind == "Waker" && strings.Contains(l.Stack, f) })
		if i < 0 {
			t.Fatalf("%s is not told", f)
		}
		return i
	}
	if i, j, k := at("bearMany"), at("bearSome"), at("loseMany"); i >= j || j >= k ||
		all[i].Count != 7 || all[j].Count != 3 || all[k].Count != lost || all[j].Collected || !all[k].Collected {
		t.Errorf("at %d, %d and %d: %v", i, j, k, all)
	}
	if alive := slices.IndexFunc(all, func(l Leak) bool { return l.Collected }); slices.ContainsFunc(all[alive:], func(l Leak) bool { return !l.Collected }) {
		t.Error("some that are alive come after those that were collected")
	}
	for _, ws := range [][]Waker{few, many} {
		for i := range ws {
			ws[i].Drop()
		}
	}
}

// stderrOf returns what f writes to standard error.
func stderrOf(t *testing.T, f func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	stderr := os.Stderr
	os.Stderr = w
	f()
	os.Stderr = stderr
	w.Close()
	all, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

//go:noinline
func bearForStderr(r WakerRef) Waker { return r.Clone() }

// A leak is written to standard error where no function is set, and there alone.
func TestDebugLeakOnStderr(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	for _, set := range []bool{true, false} {
		w := bearForStderr(a.WakerRef())
		h := w.token.handle
		wrote := stderrOf(t, func() {
			if set {
				collect(h)
				return
			}
			OnLeak(nil)
			h.record.collected()
			OnLeak(func(Leak) {})
		})
		if set == strings.Contains(wrote, "rouse: 1 Waker never ended: it was lost without Wake, Drop or IntoRaw\nborn at:\n\tgithub.com/rouse-go/rouse.bearForStderr\n") {
			t.Errorf("a function is set: %v; written: %q", set, wrote)
		}
		w.Drop()
	}
}
