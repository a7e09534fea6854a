package explore

import "sync/atomic"

// counters are the operations seen while Count measures, from whatever goroutine.
type counters struct {
	loads, stores, rmws, failedCAS, reads, writes, locks atomic.Int64
}

func (c *counters) ops() Ops {
	return Ops{
		int(c.loads.Load()), int(c.stores.Load()), int(c.rmws.Load()), int(c.failedCAS.Load()),
		int(c.reads.Load()), int(c.writes.Load()), int(c.locks.Load()),
	}
}

func (e *engine) tally(k opKind) {
	switch k {
	case opLoad:
		e.counts.loads.Add(1)
	case opStore:
		e.counts.stores.Add(1)
	case opAdd, opSwap, opCAS, opAnd, opOr:
		e.counts.rmws.Add(1)
	case opLock, opTryLock:
		e.counts.locks.Add(1)
	}
}

// Count runs f and returns the operations on instrumented objects made meanwhile: by all
// goroutines outside an exploration, by the calling thread within one.
func Count(f func()) Ops {
	if e := active.Load(); e != nil && e.mode != counting {
		t := e.cur
		before := t.ops
		f()
		return t.ops.Sub(before)
	}
	running.Lock()
	defer running.Unlock()
	e := &engine{mode: counting}
	active.Store(e)
	defer active.Store(nil)
	f()
	return e.counts.ops()
}
