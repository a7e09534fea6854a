package resp

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
)

// Timers fire in order and not early, stopped ones never.
func TestTimers(t *testing.T) {
	var ts timers
	rnd := rand.New(rand.NewPCG(3, 4))
	const n = 500
	var now time.Duration
	fired := make([]time.Duration, n)
	list := make([]timer, n)
	for i := range list {
		w := rouse.FuncWaker(func() { fired[i] = now })
		ts.set(&list[i], time.Duration(1+rnd.IntN(1000)), w.Borrow())
		w.Drop()
	}
	for i := 0; i < n; i += 3 {
		ts.stop(&list[i])
		ts.stop(&list[i]) // of one that is not set: nothing
	}
	for now = 0; now <= 1000; now++ {
		if next := ts.next(now); next == 0 {
			ts.fire(now)
		}
	}
	for i := range list {
		want := list[i].at
		if i%3 == 0 {
			want = 0
		}
		if fired[i] != want {
			t.Errorf("timer %d fired at %d, want %d", i, fired[i], want)
		}
	}
	if ts.next(now) >= 0 || cap(ts.heap) > 8 {
		t.Errorf("%d timers are left, in a heap of %d", len(ts.heap), cap(ts.heap))
	}
}

// A timer that is set holds a waker of the task; one that fired or was stopped
// does not.
func TestTimersGiveWakersBack(t *testing.T) {
	c, _ := scriptedConn(t)
	l := c.loop
	list := make([]timer, 10)
	for i := range list {
		l.timers.set(&list[i], l.now+time.Duration(i), c.WakerRef())
	}
	if n := c.Snapshot().Refs(); n != 10 {
		t.Errorf("%d wakers for 10 timers", n)
	}
	for i := range 5 {
		l.timers.stop(&list[2*i])
	}
	if n := c.Snapshot().Refs(); n != 5 {
		t.Errorf("%d wakers for 5 timers", n)
	}
	l.timers.fire(l.now + 10)
	if n := c.Snapshot().Refs(); n != 0 {
		t.Errorf("%d wakers for no timers", n)
	}
}
