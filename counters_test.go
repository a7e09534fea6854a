package rouse

import "testing"

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
