package rouse

import (
	"context"
	"fmt"
	"testing"
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
