//go:build rouse_debug

package rouse

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// wakersAlive returns those of leaksOf(f) that are wakers.
func wakersAlive(f string) (all []Leak) {
	for _, l := range leaksOf(f) {
		if l.Kind == "Waker" {
			all = append(all, l)
		}
	}
	return all
}

//go:noinline
func registerWaker(c *WakerCell, r WakerRef) { c.Register(r) }

// A waker that waits in a cell is one of those that are alive, with its birth;
// when it is woken, it has ended.
func TestDebugLeaksInACell(t *testing.T) {
	var l loop
	var cell WakerCell
	a, b := l.newActor(actors, pending), l.newActor(actors, pending)
	for range 3 {
		registerWaker(&cell, a.WakerRef())
	}
	if got := wakersAlive("registerWaker"); len(got) != 1 || got[0].Count != 1 || got[0].Collected {
		t.Errorf("of one waker that waits: %v", got)
	}
	if n := a.Snapshot().Refs(); n != 1 {
		t.Errorf("%d wakers of one", n)
	}
	registerWaker(&cell, b.WakerRef())
	registerWaker(&cell, (&spy{}).ref())
	if got := wakersAlive("registerWaker"); len(got) != 1 || got[0].Count != 1 {
		t.Errorf("of one waker that waits: %v", got)
	}
	cell.Wake()
	registerWaker(&cell, a.WakerRef())
	cell.Close()
	registerWaker(&cell, a.WakerRef())
	if got := wakersAlive("registerWaker"); got != nil {
		t.Errorf("all were woken: %v", got)
	}
	if l.scheduled != 2 || a.Snapshot().Refs() != 0 || b.Snapshot().Refs() != 0 {
		t.Errorf("%+v, %v, %v", l.counts, a.Snapshot(), b.Snapshot())
	}
}

// Whoever takes a waker out of a cell has the handle that was put in: a copy of
// it that is used twice is told where it was born.
func TestDebugTakenFromACell(t *testing.T) {
	var l loop
	var cell WakerCell
	a := l.newActor(actors, pending)
	registerWaker(&cell, a.WakerRef())
	w, _ := cell.Take()
	second := copied(&w)
	endWaker((*Waker).Drop, &w)
	mustTell(t, second.Wake, fmt.Sprintf("rouse: Waker.Wake: the Waker was consumed before, by Waker.Drop (task %d, state IDLE refs=0)", a.ID()),
		"born at:", "registerWaker", "ended at:", "endWaker")
}

//go:noinline
func loseCell(r WakerRef) { registerWaker(new(WakerCell), r) }

// A cell that is lost takes the waker in it along, and that is reported.
func TestDebugLostCellIsReported(t *testing.T) {
	lost := make(chan Leak, 100)
	OnLeak(func(l Leak) {
		if strings.Contains(l.Stack, "loseCell") {
			lost <- l
		}
	})
	defer OnLeak(func(Leak) {})
	var l loop
	a := l.newActor(actors, pending)
	loseCell(a.WakerRef())
	deadline := time.After(10 * time.Second)
	for {
		runtime.GC()
		select {
		case leak := <-lost:
			if leak.Kind != "Waker" || leak.Count != 1 || !leak.Collected {
				t.Errorf("%+v", leak)
			}
			runtime.KeepAlive(a)
			return
		case <-time.After(10 * time.Millisecond):
		case <-deadline:
			t.Fatal("not reported")
		}
	}
}
