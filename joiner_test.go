package rouse

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"weak"
)

// unwinds are the two ways in which user code does not return.
var unwinds = map[string]func(){"panic": panics("waker"), "exit": exits}

func wantUnwound(t *testing.T, how string, e ended) {
	t.Helper()
	if e.exit != (how == "exit") || !e.exit && fmt.Sprint(e.value) != "waker" {
		t.Errorf("%s: ended by %v", how, e)
	}
}

// A displaced join waker that cannot be dropped has been displaced.
func TestDisplacedJoinWakerThatUnwinds(t *testing.T) {
	for how, f := range unwinds {
		var l loop
		bad, good := spy{onEnd: f}, spy{}
		j := Spawn[output](&l, l.ready(1))
		j.Poll(bad.cx())
		wantUnwound(t, how, ends(func() { j.Poll(good.cx()) }))
		if bad.drops != 1 {
			t.Errorf("%s: dropped %d times", how, bad.drops)
		}
		l.run()
		if good.byRefs != 1 || bad.byRefs != 0 {
			t.Errorf("%s: %d and %d were woken", how, good.byRefs, bad.byRefs)
		}
		if v, err := join(t, &j); v.v != 1 || err != nil || good.live() != 0 || l.released != 1 {
			t.Errorf("%s: joined %v, %v, %+v", how, v, err, l.counts)
		}
	}
}

// A joiner that cannot be woken finds its outcome all the same; the task has
// ended, and its runner learns of the panic.
func TestJoinWakerWakeThatUnwinds(t *testing.T) {
	for how, f := range unwinds {
		var s hooked
		bad := spy{onRef: f}
		j := Spawn[output](&s, s.ready(1))
		j.Poll(bad.cx())
		wantUnwound(t, how, ends(func() { s.run() }))
		s.want(t, counts{scheduled: 1, polls: 1, futures: 1}, joinedDone)
		if len(s.terminated) != 1 || s.terminated[0] != nil || len(s.panicked) != 0 {
			t.Errorf("%s: terminated %v, panicked %v", how, s.terminated, s.panicked)
		}
		if v, err := join(t, &j); v.v != 1 || err != nil || bad.byRefs != 1 || bad.live() != 0 || s.released != 1 {
			t.Errorf("%s: joined %v, %v, %d wakers left, %+v", how, v, err, bad.live(), s.counts)
		}
	}
}

// The handle goes away while its waker is being woken: the slot is the
// runner's to empty, and what that raises is raised there.
func TestHandleDroppedByItsWaker(t *testing.T) {
	unwinds := map[string]func(){"return": nil, "panic": unwinds["panic"], "exit": unwinds["exit"]}
	for how, f := range unwinds {
		var l loop
		var j JoinHandle[output]
		w := spy{onEnd: f, onRef: func() { j.Detach() }}
		j = Spawn[output](&l, l.ready(1))
		j.Poll(w.cx())
		e := ends(func() { l.run() })
		if f != nil {
			wantUnwound(t, how, e)
		}
		if w.byRefs != 1 || w.drops != 1 || w.live() != 0 {
			t.Errorf("%s: woken %d, dropped %d times", how, w.byRefs, w.drops)
		}
		l.want(t, counts{scheduled: 1, polls: 1, futures: 1, outputs: 1, released: 1}, detachedDone)
	}
}

// A waker that cannot be dropped when the outcome is taken, or the handle
// given up: the handle is gone, and nothing is left behind. The outcome that
// was being returned is lost.
func TestJoinWakerDropThatUnwinds(t *testing.T) {
	takers := map[string]func(j *JoinHandle[output]){
		"Poll":    func(j *JoinHandle[output]) { j.Poll(NewContext((&spy{}).ref())) },
		"TryJoin": func(j *JoinHandle[output]) { j.TryJoin() },
		"Join":    func(j *JoinHandle[output]) { j.Join(context.Background()) },
		"Detach":  func(j *JoinHandle[output]) { j.Detach() },
	}
	for how, f := range unwinds {
		for taker, take := range takers {
			for _, done := range []bool{false, true} {
				if !done && taker != "Detach" {
					continue
				}
				var l loop
				w := spy{onEnd: f}
				j := Spawn[output](&l, l.ready(1))
				j.Poll(w.cx())
				if done {
					l.run()
				}
				wantUnwound(t, how, ends(func() { take(&j) }))
				if !j.IsZero() || w.drops != 1 || w.live() != 0 {
					t.Errorf("%s, %s: consumed %v, dropped %d times", taker, how, j.IsZero(), w.drops)
				}
				if !done {
					l.want(t, counts{scheduled: 1}, "NOTIFIED|UNOWNED|ORPHANABLE refs=0")
					l.run()
				}
				l.want(t, counts{scheduled: 1, polls: 1, futures: 1, outputs: btoi(taker == "Detach"), released: 1}, detachedDone)
			}
		}
	}
}

// While the handle is given up, its waker's destructor runs the task, and
// then panics: the output, which is the handle's, is destroyed.
func TestTaskEndsWhileItsHandleIsDropped(t *testing.T) {
	for how, f := range unwinds {
		var l loop
		w := spy{onEnd: func() { l.run(); f() }}
		j := Spawn[output](&l, l.ready(1))
		j.Poll(w.cx())
		wantUnwound(t, how, ends(func() { j.Detach() }))
		l.want(t, counts{scheduled: 1, polls: 1, futures: 1, outputs: 1, released: 1}, detachedDone)
	}
}

func TestWakerCellForeignWakerThatUnwinds(t *testing.T) {
	for how, f := range unwinds {
		var cell WakerCell
		var good spy
		cell.Register(good.ref())

		bad := spy{onWake: f}
		cell.Register(bad.ref())
		if good.wakes != 1 {
			t.Errorf("%s: the displaced waker was woken %d times", how, good.wakes)
		}
		wantUnwound(t, how, ends(func() { cell.Register(good.ref()) }))
		cell.Wake()
		if good.wakes != 2 || bad.live() != 0 {
			t.Errorf("%s: registered behind one that unwound, woken %d times", how, good.wakes)
		}

		cell.Register(bad.ref())
		wantUnwound(t, how, ends(cell.Wake))
		cell.Register(bad.ref())
		wantUnwound(t, how, ends(cell.Close))
		if cell.Register(good.ref()) || bad.live() != 0 || good.live() != 0 {
			t.Errorf("%s: not closed, or %d and %d wakers left", how, bad.live(), good.live())
		}
	}
}

// A task without destructors and hooks ends by a shorter way. These tests are
// twins of what is tested of the longer one.

func TestPlainJoinWakerThatUnwinds(t *testing.T) {
	for how, f := range unwinds {
		var l loop
		bad := spy{onRef: f}
		j := Spawn[int](&l, Ready(1))
		j.Poll(bad.cx())
		wantUnwound(t, how, ends(func() { l.run() }))
		l.want(t, counts{scheduled: 1}, joinedDone)
		if v, err := join(t, &j); v != 1 || err != nil || bad.byRefs != 1 || bad.live() != 0 || l.released != 1 {
			t.Errorf("%s: joined %v, %v, %d wakers left, %+v", how, v, err, bad.live(), l.counts)
		}
	}
}

func TestPlainHandleDroppedByItsWaker(t *testing.T) {
	unwinds := map[string]func(){"return": nil, "panic": unwinds["panic"], "exit": unwinds["exit"]}
	for how, f := range unwinds {
		var l loop
		var j JoinHandle[int]
		w := spy{onEnd: f, onRef: func() { j.Detach() }}
		j = Spawn[int](&l, Ready(1))
		j.Poll(w.cx())
		e := ends(func() { l.run() })
		if f != nil {
			wantUnwound(t, how, e)
		}
		if w.byRefs != 1 || w.drops != 1 || w.live() != 0 {
			t.Errorf("%s: woken %d, dropped %d times", how, w.byRefs, w.drops)
		}
		l.want(t, counts{scheduled: 1, released: 1}, detachedDone)
	}
}

// Both at once: the waker gives up the handle, then panics; so does its end.
func TestPlainHandleDroppedByAWakerThatUnwinds(t *testing.T) {
	var l loop
	var j JoinHandle[int]
	w := spy{onRef: func() { j.Detach(); panic("waker") }}
	j = Spawn[int](&l, Ready(1))
	j.Poll(w.cx())
	wantUnwound(t, "panic", ends(func() { l.run() }))
	if w.byRefs != 1 || w.drops != 1 || w.live() != 0 {
		t.Errorf("woken %d, dropped %d times", w.byRefs, w.drops)
	}
	l.want(t, counts{scheduled: 1, released: 1}, detachedDone)
}

// What a future and an output without destructors kept alive, the cell of a
// task that has ended does not.
func TestEndedTasksKeepNothing(t *testing.T) {
	type blob [1 << 16]byte
	for name, detach := range map[string]bool{"joined": false, "detached": true} {
		var l loop
		fut, out := new(blob), new(blob)
		weakFut, weakOut := weak.Make(fut), weak.Make(out)
		j := Spawn[*blob](&l, &laden[*blob]{kept: fut, v: out})
		fut, out = nil, nil
		h := j.AbortHandle() // keeps the cell
		if detach {
			j.Detach()
		}
		l.run()
		if !detach {
			runtime.GC()
			if weakFut.Value() != nil || weakOut.Value() == nil {
				t.Errorf("%s: future kept: %v, output kept: %v", name, weakFut.Value() != nil, weakOut.Value() != nil)
			}
			if _, err := join(t, &j); err != nil {
				t.Error(err)
			}
		}
		runtime.GC()
		if weakFut.Value() != nil || weakOut.Value() != nil {
			t.Errorf("%s: future kept: %v, output kept: %v", name, weakFut.Value() != nil, weakOut.Value() != nil)
		}
		if !h.IsFinished() {
			t.Errorf("%s: not finished", name)
		}
	}
}

// A laden future is ready at once, with v.
type laden[T any] struct {
	kept any
	v    T
}

func (k *laden[T]) Poll(Context) (T, bool) {
	v := k.v
	var none T
	k.v = none
	return v, true
}

// It leaves its owner's list, whether anybody joins it or not.
func TestPlainLeavesItsList(t *testing.T) {
	for _, joins := range []string{"detached", "joined", "awaited"} {
		var l loop
		var owned OwnedTasks
		var w spy
		j := SpawnWith[int](&l, Ready(1), Options{Owned: &owned})
		switch joins {
		case "detached":
			j.Detach()
		case "awaited":
			j.Poll(w.cx())
		}
		l.run()
		if owned.Len() != 0 {
			t.Errorf("%s: %d tasks on the list", joins, owned.Len())
		}
		if !j.IsZero() {
			join(t, &j)
		}
		if l.released != 1 || w.live() != 0 {
			t.Errorf("%s: %d released, %d wakers left", joins, l.released, w.live())
		}
	}
}

// The hooks of its scheduler are called.
func TestPlainHooks(t *testing.T) {
	for _, uncounted := range []bool{false, true} {
		s := hooked{listed: true}
		j := SpawnWith[int](&s, Ready(1), Options{Listed: true, Uncounted: uncounted})
		s.run()
		if v, err := join(t, &j); v != 1 || err != nil || len(s.terminated) != 1 || s.listed || s.released != 0 != !uncounted {
			t.Errorf("uncounted %v: %v, %v, %d times terminated, on its list: %v, %d released",
				uncounted, v, err, len(s.terminated), s.listed, s.released)
		}
	}
}

// The table of Vtables is what its indices say.
func TestCellVtables(t *testing.T) {
	for i := range cellVtables {
		v, kind := &cellVtables[i], cellKind(i)
		uncounted := kind&cellUncounted != 0
		if !v.isCell || v.kind != kind&^cellUncounted || (v.uncounted != 0) != uncounted || (v.release == nil) != uncounted {
			t.Errorf("%03b: joined %v, kind %03b, uncounted %v, released %v", kind, v.isCell, v.kind, v.uncounted, v.release != nil)
		}
	}
}
