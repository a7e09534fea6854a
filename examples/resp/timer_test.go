package resp

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
)

// Timers fire in order and not early, stopped ones never, and each gives its
// waker back.
func TestTimers(t *testing.T) {
	var count wakerCount
	ts := timers{count: &count}
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
	if got := count.n.Load(); got != n {
		t.Fatalf("%d wakers for %d timers", got, n)
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
	if ts.next(now) >= 0 || count.n.Load() != 0 {
		t.Errorf("%d timers and %d wakers are left", len(ts.heap), count.n.Load())
	}
}
