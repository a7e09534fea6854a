//go:build rouse_explore && rouse_trace && !rouse_debug

package rouse

import (
	"testing"

	"github.com/rouse-go/rouse/proptest/explore"
)

// idChecker is a Tracer that fails where a waker's event is of another task.
type idChecker struct {
	x  *explore.Exec
	id ID
}

func (c *idChecker) Trace(e TraceEvent) {
	c.x.Assert(e.Op != traceDrop && e.Op != traceWake || e.Task == c.id, "%s is told of task %d, and was of task %d", e.Op, e.Task, c.id)
}

// TestTracingOfTheLastWakers: as soon as a waker is given up another goroutine may
// give up the last one, and the memory is another task's. The event is of the task
// that the waker woke.
func TestTracingOfTheLastWakers(t *testing.T) {
	v := actorVtable(func(o *Ops[actor]) {
		o.Release = func(a *actor) { a.id.Store(1 << 40) } // the next tenant's
	})
	for _, end := range []func(w *Waker){(*Waker).Drop, (*Waker).Wake} {
		explore.Check(t, explore.Config{RetryLoops: true}, func(x *explore.Exec) {
			Restart()
			unbound = totals{}
			tracer = pointer[Tracer]{}
			a := &actor{l: new(loop), poll: func(Context) bool { return true }}
			n := v.InitNotified(a)
			one, two := a.WakerRef().Clone(), a.WakerRef().Clone()
			n.Run()
			SetTracer(&idChecker{x, a.ID()})
			x.Go("one", func() { end(&one) })
			x.Go("two", two.Drop)
			x.Final(func() { SetTracer(nil) })
		})
	}
	tracer = pointer[Tracer]{}
}
