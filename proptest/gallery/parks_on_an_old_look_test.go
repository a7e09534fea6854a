//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A worker that finds its queue empty takes the lock of its condition, and waits. Who makes the
// queue non-empty signals, under that lock; but the worker's look was before it had the lock.
type worker struct {
	queued explore.Int32
	cond   cond
}

func (w *worker) execute() {
	if w.queued.Add(1) == 1 {
		w.cond.mu.Lock()
		w.cond.signal()
		w.cond.mu.Unlock()
	}
}

func (w *worker) run(x *explore.Exec) {
	if w.queued.Load() == 0 {
		w.cond.mu.Lock()
		w.cond.wait(x) // the bug: since the look the queue was filled, and the signal given
		w.cond.mu.Unlock()
	}
	w.queued.Swap(0)
}

var parksOnAnOldLook = bug{
	name:   "parks-on-an-old-look",
	within: 6,
	fails:  `deadlock: worker in Await("a signal")`,
	faulty: func(x *explore.Exec) {
		w := new(worker)
		x.Name(w, "worker")
		x.Go("worker", func() { w.run(x) })
		x.Go("executor", w.execute)
	},
	// The queue itself knows whether its consumer has found it empty: the Push that must ring the
	// bell is the one that reports true.
	right: func(x *explore.Exec) {
		rouse.Restart()
		q, bell := new(rouse.RunQueue), new(explore.Bool)
		x.Name(q, "queue")
		x.Name(bell, "bell")
		v := rouse.NewVtable(rouse.Ops[queuedTask]{
			Poll:     func(t *queuedTask, _ rouse.Context) bool { increment(&t.runs); return true },
			Cancel:   func(*queuedTask, rouse.Cause) {},
			Schedule: func(_ *queuedTask, n rouse.Notified, _ rouse.Reason) { q.Push(n) },
		})
		a, b := new(queuedTask), new(queuedTask)
		execute := func(n rouse.Notified) func() {
			return func() {
				if q.Push(n) {
					bell.Store(true)
				}
			}
		}
		x.Go("executor A", execute(v.InitNotified(a)))
		x.Go("executor B", execute(v.InitNotified(b)))
		bell.Store(true) // the worker has not found the queue empty yet
		x.Daemon("worker", func() {
			for {
				x.Await("the bell", bell.Load)
				bell.Store(false)
				runAll(q)
			}
		})
		x.Final(func() {
			x.Assert(a.runs.Get() == 1 && b.runs.Get() == 1, "runs: %d, %d", a.runs.Get(), b.runs.Get())
		})
	},
}
