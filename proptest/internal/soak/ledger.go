package main

import (
	"sync"

	"github.com/rouse-go/rouse"
)

// A ledger is the crew, for tasks of level 2 with counted wakers. These have
// no Release to count, so it notes where they lie: once the runtime is empty
// each place has to say that its task is complete and dead. That is all of
// them, also where a pool has used a place for many: it gets one back by a
// release only, so none but the last tenant may have been left unreleased.
type ledger struct {
	*crew
	mu    sync.Mutex
	cells map[rouse.RawTask]bool
}

func newLedger(c *crew) *ledger { return &ledger{crew: c, cells: map[rouse.RawTask]bool{}} }

func (l *ledger) Schedule(n rouse.Notified, why rouse.Reason) {
	if why == rouse.Spawned {
		l.mu.Lock()
		l.cells[n.Task()] = true
		l.mu.Unlock()
	}
	l.crew.Schedule(n, why)
}

func (l *ledger) Yield(n rouse.Notified) { l.Schedule(n, rouse.Yielded) }

// audit is to be called when nothing is held of any task.
func (l *ledger) audit() {
	l.mu.Lock()
	defer l.mu.Unlock()
	left, example := 0, rouse.Snapshot(0)
	for t := range l.cells {
		if n := t.Snapshot(); !n.Dead() || !n.Complete() {
			left++
			example = n
		}
	}
	if left > 0 {
		l.t.failf("%d of %d cells of level 2 hold a task that is not released, such as %v", left, len(l.cells), example)
	}
}
