//go:build rouse_explore

package scenarios

import (
	"fmt"
	"strings"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A room is a WaitQueue, and those who wait there for items, or for the end.
type room struct {
	w       *world
	q       rouse.WaitQueue
	items   explore.Uint64 // or enough, for everybody
	closed  explore.Ghost[bool]
	comers  []*comer
	data    [4]explore.Var[int] // by notifier
	told    [4]explore.Ghost[bool]
	count   int      // notifiers
	tellers int      // threads that may let somebody go on
	before  []func() // the checks at rest
}

// A comer is who waits.
type comer struct {
	spy   *spy
	wait  rouse.Waiter
	waits explore.Ghost[bool] // its last poll was not ready
	moves bool                // it has two wakers
}

func newRoom(w *world) *room {
	r := &room{w: w}
	w.x.Name(r, "room")
	w.before = append(w.before, func() {
		for _, f := range r.before {
			f()
		}
		for i, c := range r.comers {
			w.x.Assert(!c.waits.Get() || r.items.Load() == 0 && !r.closed.Get(),
				"comer %d waits, with %d items, closed: %v", i+1, r.items.Load(), r.closed.Get())
			c.wait.Drop()
		}
		// The queue is as good as new, unless it is closed.
		s := w.spy()
		var wait rouse.Waiter
		r.q.Wait(s.cx(), &wait)
		wait.Drop()
		r.q.Wait(s.cx(), &wait)
		wait.Drop()
		w.x.Assert(s.wakes.Get() == 0, "woken without a notification")
		r.q.NotifyOne()
		notified, ready := r.q.Wait(s.cx(), &wait)
		w.x.Assert(ready && notified != r.closed.Get(), "notified %v, ready %v", notified, ready)
	})
	return r
}

func (r *room) comer() *comer {
	c := &comer{spy: r.w.spy()}
	r.comers = append(r.comers, c)
	r.w.x.Name(c, "comer%d", len(r.comers))
	return c
}

// try takes an item, if there is one.
func (r *room) try() bool {
	for n := r.items.Load(); n > 0; n = r.items.Load() {
		if n >= enough || r.items.CompareAndSwap(n, n-1) {
			return true
		}
	}
	return false
}

const enough = 1 << 10

// taker waits until it can take an item. With others it polls with another waker before.
func (r *room) taker(others bool) {
	c := r.comer()
	s, z := c.spy, c.spy
	if others {
		z, c.moves = r.w.spy(), true
	}
	r.w.x.Daemon(fmt.Sprintf("take%d", len(r.comers)), func() {
		r.w.x.Await("start", always)
		for {
			r.w.x.At("take")
			seen := s.wakes.Get()
			if others && r.until(c, z) || r.until(c, s) {
				return
			}
			r.w.x.Await("woken", func() bool { return s.wakes.Get() > seen })
		}
	})
}

func (r *room) until(c *comer, s *spy) bool {
	return explore.Do(r.w.x, func() bool {
		holds, ready := r.q.WaitUntil(s.cx(), &c.wait, r.try)
		c.waits.Set(!ready)
		r.w.x.Assert(!ready || holds || r.closed.Get(), "refused by an open queue")
		return ready
	})
}

// waiter waits for one notification. What was written before those that had returned before it came
// must be visible; alone says that there is no other comer.
func (r *room) waiter(alone bool) {
	c := r.comer()
	r.w.x.Daemon(fmt.Sprintf("wait%d", len(r.comers)), func() {
		r.w.x.Await("start", always)
		var told [len(r.told)]bool
		for i := range told {
			told[i] = alone && r.told[i].Get()
		}
		for {
			seen := c.spy.wakes.Get()
			notified, ready := r.q.Wait(c.spy.cx(), &c.wait)
			c.waits.Set(!ready)
			if ready {
				for i := range told {
					if notified && (told[i] || alone && r.count == 1 && i == 0) {
						r.w.x.Assert(r.data[i].Get() == 1, "it does not see what was written before the NotifyOne")
					}
				}
				r.w.x.Assert(notified || r.closed.Get(), "refused by an open queue")
				return
			}
			r.w.x.Await("woken", func() bool { return c.spy.wakes.Get() > seen })
		}
	})
}

// leaver waits, and gives up before it is polled again. A notification that it got it hands on.
func (r *room) leaver() {
	r.tellers++
	c := r.comer()
	r.w.Go(fmt.Sprintf("leave%d", len(r.comers)), func() {
		if notified, ready := r.q.Wait(c.spy.cx(), &c.wait); !ready {
			c.wait.Drop()
		} else if notified {
			r.q.NotifyOne()
		}
	})
}

// notifier makes an item, and notifies one.
func (r *room) notifier() {
	r.tellers++
	i := r.count
	r.count++
	r.w.Go(fmt.Sprintf("notify%d", i+1), func() {
		r.items.Add(1)
		r.data[i].Set(1)
		r.q.NotifyOne()
		r.told[i].Set(true)
	})
}

// everybody makes enough for everybody, and notifies all. Who waited before is woken.
func (r *room) everybody() {
	r.tellers++
	r.w.Go("all", func() {
		r.items.Add(enough)
		r.letsGo(r.q.NotifyAll)
	})
}

func (r *room) closer() {
	r.tellers++
	r.w.Go("close", func() {
		r.closed.Set(true)
		r.letsGo(r.q.Close)
	})
}

// letsGo does f, and checks that it has woken all that waited, if nobody else does.
func (r *room) letsGo(f func()) {
	var wakes [4]int
	for i, c := range r.comers {
		if wakes[i] = -1; r.tellers == 1 && c.waits.Get() && !c.moves {
			wakes[i] = c.spy.wakes.Get()
		}
	}
	defer func() {
		for i, c := range r.comers {
			r.w.x.Assert(wakes[i] < 0 || c.spy.wakes.Get() > wakes[i] || !c.waits.Get(), "comer %d waited, and was not woken", i+1)
		}
	}()
	f()
}

// nothing notifies all, with nothing to be had.
func (r *room) nothing() {
	r.tellers++
	r.w.Go("nothing", r.q.NotifyAll)
}

// A roomOp is what a thread does there.
type roomOp struct {
	name string
	do   func(r *room)
}

var roomOps = []roomOp{
	{"take", func(r *room) { r.taker(false) }},
	{"take with 2 wakers", func(r *room) { r.taker(true) }},
	{"leave", (*room).leaver},
	{"notify", (*room).notifier},
	{"notify all", (*room).everybody},
	{"close", (*room).closer},
}

// roomed is the scenario of some of the operations, by number, all at the same time.
func roomed(full bool, ops ...int) Scenario {
	names := make([]string, len(ops))
	for i, o := range ops {
		names[i] = roomOps[o].name
	}
	return Scenario{"WaitQueue", strings.Join(names, ", "), func(w *world) {
		r := newRoom(w)
		for _, o := range ops {
			roomOps[o].do(r)
		}
	}, full}
}

// choices calls f with all ways to choose k of n, again and again, in order.
func choices(n, k int, f func(chosen []int)) {
	var pick func(from int, chosen []int)
	pick = func(from int, chosen []int) {
		if len(chosen) == k {
			f(chosen)
			return
		}
		for i := from; i < n; i++ {
			pick(i, append(chosen[:len(chosen):len(chosen)], i))
		}
	}
	pick(0, nil)
}

func waitQueues() (all []Scenario) {
	for k := 1; k <= 3; k++ {
		choices(len(roomOps), k, func(ops []int) { all = append(all, roomed(false, ops...)) })
	}
	const take, leave, notify, notifyAll, closes = 0, 2, 3, 4, 5
	all = append(all,
		roomed(true, take, take, notify, notify),
		roomed(true, take, leave, notify, notify),
		roomed(true, take, leave, leave, notify),
		roomed(false, take, leave, notify, closes),
		roomed(true, take, leave, notify, notifyAll),
		roomed(true, take, take, leave, notifyAll),
		roomed(true, take, take, take, notifyAll), // a second batch
		roomed(false, take, take, take, closes),
		roomed(false, take, take, notifyAll, closes),
	)
	return append(all, waitQueueMore...)
}

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

var waitQueueMore = []Scenario{
	{"WaitQueue", "1 waits alone, 1 notifies", alone(1, false), false},
	{"WaitQueue", "1 waits alone, 2 notify", alone(2, false), false},
	{"WaitQueue", "1 waits alone, 3 notify", alone(3, false), false},
	{"WaitQueue", "1 waits alone, 2 notify, close", alone(2, true), false},
	{"WaitQueue", "1 waits, 1 leaves, 1 notifies", unlucky(1, 0), false},
	{"WaitQueue", "1 waits, 2 leave, 1 notifies", unlucky(2, 0), true},
	{"WaitQueue", "1 waits, 1 leaves, 1 notifies, 1 all, for nothing", unlucky(1, 1), false},
	{"WaitQueue", "3 are let go on, a newcomer, notify", newcomers, false},
	{"WaitQueue", "3 are let go on, a wake panics, 1 leaves", brokenRoom((*rouse.WaitQueue).NotifyAll), false},
	{"WaitQueue", "3 wait, close, a wake panics, 1 leaves", brokenRoom((*rouse.WaitQueue).Close), false},
	{"WaitQueue", "a task, notify", waitingTask(1, detachedO, wakesTask), false},
	{"WaitQueue", "a task, 2 notify", waitingTask(2, detachedO, wakesTask, wakesTask), false},
	{"WaitQueue", "a task, notify, 1 leaves", waitingTask(1, detachedO, wakesTask, leavesRoom), false},
	{"WaitQueue", "a task, notify, close", waitingTask(1, detachedO, wakesTask, closesRoom), false},
	{"WaitQueue", "a joined task, notify, abort", waitingTask(1, joinedO, wakesTask, abortsTask), false},
	{"WaitQueue", "a joined task, 2 notify, abort", waitingTask(2, joinedO, wakesTask, wakesTask, abortsTask), true},
	{"WaitQueue", "an uncounted task, notify, abort", waitingTask(1, uncounted, wakesTask, abortsTask), false},
}
