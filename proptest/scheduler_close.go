package proptest

import (
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

func closesQueued(t *trial) {
	ps := t.spawnMany(100, pending(3))
	t.close()
	t.resolveAll(ps, "that were queued when the scheduler closed")
}

// resolveAll wakes what is still idle: an idle task stays so, until it is woken.
func (t *trial) resolveAll(ps []*probe, what string) {
	if !t.await(func() bool { return each(ps, func(p *probe) bool { return finished(p) || p.keeps() }) }) {
		t.unresolved(ps, what)
	}
	for _, p := range ps {
		p.wake()
	}
	t.resolved(ps, what)
}

func closesIdle(t *trial) {
	ps := t.spawnMany(20, pending(3))
	t.pend(ps, 1)
	t.close()
	t.resolveAll(ps, "that were woken after the scheduler closed")
}

func spawnsClosed(t *trial) {
	t.close()
	ps := t.spawnMany(20, pending(3))
	t.resolveAll(ps, "that were spawned after the scheduler closed")
}

func calledInDrop(t *trial) {
	ps := t.spawnMany(20, pending(3))
	t.pend(ps, 1)
	// Each destructor wakes the next task, which then has no other waker.
	var spawned atomic.Pointer[probe]
	for i, p := range ps[:len(ps)-1] {
		next := ps[i+1].take()
		p.drop = func() {
			p.t.calling("Schedule, called by a destructor that Close or Schedule runs by Notified.Drop", next.Wake)
		}
	}
	ps[len(ps)-1].drop = func() { spawned.Store(t.spawn(pending(3))) }
	first := ps[0].take()
	t.close()
	t.calling("Schedule of a closed scheduler", first.Wake)
	t.resolved(ps, "that a destructor woke after the scheduler closed")
	if p := spawned.Load(); p == nil {
		t.errorf("the destructor of a task that the closed scheduler dropped was not called")
	} else {
		t.resolved([]*probe{p}, "that a destructor spawned after the scheduler closed")
	}
}

func closesBusy(t *trial) {
	const callers = 4
	tasks := make([][]*probe, callers+1)
	var started atomic.Int32
	together(callers+1, func(i int) {
		if i == callers {
			for started.Load() < callers {
				if !t.await(func() bool { return started.Load() == callers }) {
					continue
				}
			}
			t.close()
			return
		}
		for n := range 500 {
			if n == 100 {
				started.Add(1)
			}
			p := t.spawn(func(p *probe, cx rouse.Context) bool {
				if p.polled(2) {
					cx.Waker().WakeByRef()
				}
				return p.polled(4)
			})
			tasks[i] = append(tasks[i], p)
			tasks[i][n/2].wake()
		}
	})
	for _, ps := range tasks {
		t.resolveAll(ps, "that were spawned and woken while the scheduler closed")
	}
}

func releasesListed(t *trial) {
	hooks, ok := t.Scheduler.(rouse.Hooks)
	if !ok {
		t.fatalf("Listed is promised, but the scheduler has no Hooks: implement rouse.Hooks")
	}
	var ready, idle []*probe
	for i := range 20 {
		p := &probe{t: t, poll: pending(2)}
		t.spawned(p, rouse.Options{Listed: true})
		if i%2 == 0 {
			ready = append(ready, p)
		} else {
			idle = append(idle, p)
		}
	}
	all := append(ready, idle...)
	t.pend(all, 1)
	var cells []rouse.RawTask
	for _, p := range all {
		w := p.take()
		raw, _ := w.Borrow().Task()
		cells = append(cells, raw)
		p.waker = w.Move()
	}
	for _, p := range ready {
		p.wake()
	}
	t.await(func() bool { return each(ready, finished) })
	t.ready(ready, 2)
	t.close()
	t.resolved(idle, "that are listed, and idle when the scheduler closed, where Close has to call RawTask.Shutdown,")
	for _, c := range cells {
		if !t.await(c.Snapshot().Dead) {
			t.fatalf("a listed task that has ended is never released (%v): Hooks.Unlist must take it off the list and report true, once; or Close takes it off, and calls RawTask.Shutdown", c.Snapshot())
		}
		if hooks.Unlist(c) {
			t.fatalf("Hooks.Unlist reports true for a task that is not on the list any more: that releases it twice")
		}
	}
}

// besideAnother has a task of one scheduler wait until those of another were
// polled. Then it closes one of the two, while both have tasks that are idle and
// tasks that are due.
func besideAnother(t *trial) {
	o := &trial{SchedulerUnderTest: t.fresh(), watching: true}
	if o.Timeout == 0 {
		o.Timeout = t.Timeout
	}
	defer func() {
		for _, err := range o.wrong {
			t.errorf("%w", err)
		}
	}()
	mine, others := t.spawnMany(20, pending(3)), o.spawnMany(20, pending(3))
	waits := t.spawn(func(*probe, rouse.Context) bool {
		t.doing("a task of one scheduler waits for tasks of another: no lock that is held while a task runs, and no queue, may be a variable of the package")
		polled := make(chan struct{})
		go func() {
			defer close(polled)
			defer o.recover()
			o.pend(others, 1)
		}()
		<-polled
		return true
	})
	t.await(func() bool { return finished(waits) })
	t.ready([]*probe{waits}, 1)
	t.pend(mine, 1)
	o.pend(others, 1)
	for _, p := range mine[:10] {
		p.wake()
	}
	o.close()
	o.resolveAll(others, "that were on the scheduler that closed")
	if n := count(mine, finished); n > 0 {
		t.fatalf("%d of %d tasks of a scheduler ended when another one was closed: nothing that Close changes may be a variable of the package", n, len(mine))
	}
	t.pend(mine[:10], 2)
	for _, p := range mine[10:] {
		p.wake()
	}
	t.pend(mine, 2)
	for _, p := range mine {
		p.wake()
	}
	t.await(func() bool { return each(mine, finished) })
	t.ready(mine, 3)
}
