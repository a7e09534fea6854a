//go:build rouse_trace

package rouse

import (
	"fmt"
	"testing"
)

// A cloned calls its function at the first clone that is traced: between a look at
// a queue and the lock of it, which only a race comes to in the other builds.
type cloned func()

func (f *cloned) Trace(e TraceEvent) {
	if call := *f; e.Op == traceClone && call != nil {
		*f = nil
		call()
	}
}

// What comes to a Waiter just before it would wait is not lost where the waker that
// it does not need is the last, and the scheduler of its task panics.
func TestWaiterIsToldAndUnwinds(t *testing.T) {
	var s Semaphore
	var q WaitQueue
	var w Waiter
	for name, c := range map[string]struct {
		comes func()
		wait  func(cx Context)
		left  func() bool
	}{
		"Semaphore": {
			func() { s.Release(2) },
			func(cx Context) { s.Acquire(cx, &w, 2) },
			func() bool { return s.TryAcquire(2) },
		},
		"WaitQueue": {
			q.NotifyOne,
			func(cx Context) { q.Wait(cx, &w) },
			func() bool { notified, _ := q.Wait(new(spy).cx(), &w); return notified },
		},
	} {
		l := loop{refuses: panics("schedule")}
		a := l.newActor(orphanActors, pending)
		a.state.init(flagOrphanable) // as after a first run
		f := cloned(c.comes)
		SetTracer(&f)
		e := ends(func() { c.wait(NewContext(a.WakerRef())) })
		SetTracer(nil)
		if fmt.Sprint(e.value) != "schedule" || f != nil {
			t.Fatalf("%s: ended by %v, state %v", name, e, a.Snapshot())
		}
		w.Drop()
		if !c.left() {
			t.Errorf("%s: what came is lost", name)
		}
	}
}
