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
		roomed(true, take, leave, notify, closes),
		roomed(true, take, take, take, closes),
		roomed(true, take, take, notifyAll, closes),
	)
	return append(all, waitQueueMore...)
}
