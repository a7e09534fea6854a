//go:build rouse_explore

package scenarios

import (
	"fmt"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// Scenarios of a WaitQueue that are no combination of the operations in waitqueue.go.

// newcomers: three are let go on, of which a batch has two; when the first of them has been woken one
// NotifyOne is for the fourth, who is alone then, or was one of those let go on.
func newcomers(w *world) {
	r := newRoom(w)
	for range 3 {
		r.comers = append(r.comers, &comer{spy: w.spy()})
	}
	for _, c := range r.comers {
		r.q.Wait(c.spy.cx(), &c.wait)
		c.waits.Set(true)
	}
	first := r.comers[0]
	r.everybody()
	w.Go("newcomer", func() {
		c := &comer{spy: w.spy()}
		if _, ready := r.q.Wait(c.spy.cx(), &c.wait); !ready {
			w.x.Await("woken", func() bool { return c.spy.wakes.Get() > 0 })
			notified, ready := r.q.Wait(c.spy.cx(), &c.wait)
			w.x.Assert(notified && ready, "woken, and not notified")
		}
	})
	w.x.Go("notify", func() {
		w.x.Await("the first", func() bool { return first.spy.wakes.Get() > 0 })
		r.q.NotifyOne()
	})
	r.before = append(r.before, func() {
		for i, c := range r.comers {
			notified, ready := r.q.Wait(c.spy.cx(), &c.wait)
			w.x.Assert(notified && ready, "comer %d was not let go on", i+1)
			c.waits.Set(false)
		}
	})
}

// brokenRoom is the body of a scenario of three that wait, of whom an operation on the first one's waker
// panics, while f lets them go on.
func brokenRoom(f func(q *rouse.WaitQueue)) func(w *world) {
	return func(w *world) {
		r := newRoom(w)
		for i := range 3 {
			c := r.comer()
			if i == 0 {
				c.spy.onWake = func() { panic(errRaised) }
			}
			r.q.Wait(c.spy.cx(), &c.wait)
			c.waits.Set(true)
		}
		r.closed.Set(true) // in the end
		w.Go("all", func() {
			defer func() { w.x.Assert(recover() == any(errRaised), "the panic did not go on") }()
			r.letsGo(func() { f(&r.q) })
		})
		w.Go("leave", func() {
			c := r.comers[2]
			c.wait.Drop()
			c.waits.Set(false)
		})
		r.before = append(r.before, func() {
			r.q.Close()
			for i, c := range r.comers {
				w.x.Assert(i == 2 || c.spy.wakes.Get() == 1, "comer %d was woken %d times", i+1, c.spy.wakes.Get())
				_, ready := r.q.Wait(c.spy.cx(), &c.wait)
				w.x.Assert(ready, "comer %d still waits", i+1)
				c.waits.Set(false)
			}
		})
	}
}

// waitingTask is the body of a scenario of a task that waits in the queue, and of what others do to it.
func waitingTask(need int, s spawn, f ...func(r *room, t *task)) func(w *world) {
	return func(w *world) {
		r := newRoom(w)
		t := w.newTask("a")
		t.need = need
		wait := new(rouse.Waiter)
		t.before = func(cx rouse.Context) {
			r.q.WaitUntil(cx, wait, func() bool { return t.events.g.Get() >= need })
		}
		t.inDrop = wait.Drop
		t.spawn(s)
		for _, f := range f {
			f(r, t)
		}
		if t.join.IsZero() {
			t.mustReady = len(t.causes) == 0
		} else {
			t.joiner()
		}
		w.executors(1)
	}
}

// wakesTask signals an event, and notifies one.
func wakesTask(r *room, t *task) {
	r.tellers++
	t.w.Go(fmt.Sprintf("signal%d", r.tellers), func() {
		t.signal()
		r.q.NotifyOne()
	})
}

func abortsTask(r *room, t *task) { t.pinnedAborter() }
func closesRoom(r *room, t *task) { t.may(orphaned); r.closer() }
func leavesRoom(r *room, t *task) { r.leaver() }

func alone(notifiers int, closes bool) func(w *world) {
	return func(w *world) {
		r := newRoom(w)
		r.waiter(true)
		for range notifiers {
			r.notifier()
		}
		if closes {
			r.closer()
		}
	}
}

// unlucky is the body of a scenario of one that waits for the one notification, while others come and leave.
func unlucky(leavers, alls int) func(w *world) {
	return func(w *world) {
		r := newRoom(w)
		r.waiter(false)
		r.notifier()
		for range leavers {
			r.leaver()
		}
		for range alls {
			r.nothing()
		}
	}
}

// once is the body of a scenario of two that wait for one notification: one of them gets it.
func once(w *world) {
	r := newRoom(w)
	var told explore.Ghost[int]
	for i := range 2 {
		c := r.comer()
		w.x.Daemon(fmt.Sprintf("wait%d", i+1), func() {
			w.x.Await("start", always)
			notified, ready := r.q.Wait(c.spy.cx(), &c.wait)
			if !ready {
				w.x.Await("woken", func() bool { return c.spy.wakes.Get() > 0 })
				notified, _ = r.q.Wait(c.spy.cx(), &c.wait)
			}
			w.x.Assert(notified, "let go on, and not notified")
			told.Set(told.Get() + 1)
		})
	}
	w.Go("notify", r.q.NotifyOne)
	r.before = append(r.before, func() { w.x.Assert(told.Get() == 1, "notified once, and %d were told", told.Get()) })
}

var waitQueueMore = []Scenario{
	{"WaitQueue", "2 wait, 1 is notified", once, false},
	{"WaitQueue", "1 waits alone, 1 notifies", alone(1, false), false},
	{"WaitQueue", "1 waits alone, 2 notify", alone(2, false), false},
	{"WaitQueue", "1 waits alone, 3 notify", alone(3, false), false},
	{"WaitQueue", "1 waits alone, 2 notify, close", alone(2, true), false},
	{"WaitQueue", "1 waits, 1 leaves, 1 notifies", unlucky(1, 0), false},
	{"WaitQueue", "1 waits, 1 leaves, 1 notifies, 1 all, for nothing", unlucky(1, 1), false},
	{"WaitQueue", "3 are let go on, a newcomer, notify", newcomers, false},
	{"WaitQueue", "3 are let go on, a wake panics, 1 leaves", brokenRoom((*rouse.WaitQueue).NotifyAll), false},
	{"WaitQueue", "3 wait, close, a wake panics, 1 leaves", brokenRoom((*rouse.WaitQueue).Close), false},
	{"WaitQueue", "a task, notify", waitingTask(1, detachedO, wakesTask), false},
	{"WaitQueue", "a task, 2 notify", waitingTask(2, detachedO, wakesTask, wakesTask), false},
	{"WaitQueue", "a task, notify, 1 leaves", waitingTask(1, detachedO, wakesTask, leavesRoom), false},
	{"WaitQueue", "a task, notify, close", waitingTask(1, detachedO, wakesTask, closesRoom), false},
	{"WaitQueue", "a joined task, notify, abort", waitingTask(1, joinedO, wakesTask, abortsTask), true},
	{"WaitQueue", "an uncounted task, notify, abort", waitingTask(1, uncounted, wakesTask, abortsTask), true},
}
