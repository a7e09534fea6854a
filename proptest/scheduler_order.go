package proptest

import (
	"sync"
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

func inOrder(t *trial) {
	const tasks = 50
	var alone sync.Mutex
	var order []*probe
	ps := t.spawnMany(tasks, func(p *probe, _ rouse.Context) bool {
		alone.Lock()
		defer alone.Unlock()
		order = append(order, p)
		return p.polled(2)
	})
	check := func(round int32) {
		if !t.await(func() bool {
			return each(ps, func(p *probe) bool { return finished(p) || p.polled(round) && p.keeps() })
		}) {
			t.fatalf("not all tasks that are due are polled: every Notified that the scheduler receives must be Run")
		}
		alone.Lock()
		defer alone.Unlock()
		for i, p := range order {
			if p != ps[i] {
				t.fatalf("tasks run in another order than Schedule received them, though FIFO is promised: append to the end of the queue, take from its front, and have one goroutine run what it takes")
			}
		}
		order = nil
	}
	check(1)
	for _, p := range ps {
		p.wake()
	}
	check(2)
	t.ready(ps, 2)
}

// patience is how often a task may yield before another that is due runs. A
// fair scheduler needs far less, also one that looks at its other queues only
// now and then.
const patience = 10_000

func yieldsFairly(t *trial) {
	var other atomic.Pointer[probe]
	var starved atomic.Bool
	busy := t.spawn(func(p *probe, cx rouse.Context) bool {
		if o := other.Load(); o != nil && o.polled(1) {
			return true
		}
		starved.Store(p.polled(patience))
		cx.Waker().WakeByRef()
		return starved.Load()
	})
	o := t.spawn(nil)
	other.Store(o)
	t.await(func() bool { return finished(busy) && finished(o) })
	if starved.Load() {
		t.fatalf("a task yielded %d times while another was due and not run, though FairYield is promised: Yield puts the task behind all that are queued", patience)
	}
	t.ready([]*probe{o}, 1)
}
