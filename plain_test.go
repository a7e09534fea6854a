package rouse

import (
	"runtime"
	"testing"
	"weak"
)

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
