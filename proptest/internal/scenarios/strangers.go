//go:build rouse_explore

package scenarios

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// Two runtimes in one process. Each closes on a thread of its own, which drops what it has: by
// Notified.Drop, or by Close of a queue. What is done by the destructors of one is never the
// other's: it runs on its own runtime's thread, before that has closed, and a panic comes out there.

// A stranger is a runtime: it has a queue of the kit's, and one task in it.
type stranger struct {
	w         *world
	name      string
	closing   explore.Ghost[bool] // its thread is at it
	closed    explore.Ghost[bool]
	destroyed explore.Ghost[int]
	raises    bool
	inDrop    func()
	join      rouse.JoinHandle[int]
}

// A guest is the future of a stranger's task, which is never polled.
type guest struct{ r *stranger }

func (g guest) Poll(rouse.Context) (int, bool) {
	g.r.w.x.Failf("a task of %s was polled", g.r.name)
	return 0, false
}

func (g guest) Drop() {
	r := g.r
	r.w.x.Assert(r.closing.Get() && !r.closed.Get(), "a destructor of %s runs when %s is not closing", r.name, r.name)
	r.w.x.Assert(add(&r.destroyed, 1) == 1, "a future of %s was destroyed twice", r.name)
	call(r.inDrop)
	if r.raises {
		panic(errRaised)
	}
}

// A way is how a runtime drops what it has.
type way struct {
	name  string
	sched func() (s rouse.Scheduler, close func())
}

var ways = []way{
	{"Notified.Drop", func() (rouse.Scheduler, func()) {
		q := new(rouse.LocalQueue)
		s := rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) { q.Push(n) })
		return s, func() {
			for n, ok := q.Pop(); ok; n, ok = q.Pop() {
				n.Drop()
			}
		}
	}},
	{"LocalQueue.Close", func() (rouse.Scheduler, func()) { q := new(rouse.LocalQueue); return q, q.Close }},
	{"RunQueue.Close", func() (rouse.Scheduler, func()) { q := new(rouse.RunQueue); return q, q.Close }},
}

// strangers is the body of a scenario of two runtimes. between is what the destructors have to do
// with the other runtime; held is done by b's thread around its close.
func strangers(c way, between func(a, b *stranger) (held func(close func()))) func(w *world) {
	return func(w *world) {
		released := new(explore.Ghost[int])
		rouse.Released = func(rouse.RawTask) { add(released, 1) }
		a, b := &stranger{w: w, name: "a"}, &stranger{w: w, name: "b"}
		var closes []func()
		for _, r := range []*stranger{a, b} {
			s, shut := c.sched()
			w.x.Name(r, r.name)
			r.join = rouse.Spawn(s, guest{r})
			closes = append(closes, shut)
		}
		held := between(a, b)
		for i, r := range []*stranger{a, b} {
			w.Go("close "+r.name, func() {
				shut := func() { w.x.Do(func() { r.shut(closes[i]) }) }
				if r == b && held != nil {
					held(shut)
					return
				}
				shut()
			})
		}
		w.x.Final(func() {
			for _, r := range []*stranger{a, b} {
				w.x.Assert(r.destroyed.Get() == 1, "the future of %s was destroyed %d times", r.name, r.destroyed.Get())
				if !r.join.IsZero() {
					_, ready := r.join.TryJoin()
					w.x.Assert(ready, "the joiner of %s is not resolved", r.name)
				}
			}
			w.x.Assert(released.Get() == 2, "of 2 tasks %d were released", released.Get())
		})
	}
}

// shut closes the runtime: when that returns its task has ended, and what its destructor raised,
// and nothing else, came out.
func (r *stranger) shut(f func()) {
	r.closing.Set(true)
	raised := func() (v any) {
		defer func() { v = recover() }()
		f()
		return nil
	}()
	r.w.x.Assert(r.destroyed.Get() == 1, "%s has closed, and its future was destroyed %d times", r.name, r.destroyed.Get())
	r.w.x.Assert(r.join.IsZero() || r.join.IsFinished(), "%s has closed, and its joiner is not resolved", r.name)
	// A task that is joined keeps its panic for the joiner.
	r.w.x.Assert((raised != nil) == (r.raises && r.join.IsZero()), "%s raised %v", r.name, raised)
	r.closed.Set(true)
}

// What a destructor may have to do with a stranger.
var dealings = []struct {
	name string
	do   func(a, b *stranger) (held func(close func()))
}{
	{"nothing", func(a, b *stranger) func(func()) { return nil }},
	{"a's destructor waits until b has closed", func(a, b *stranger) func(func()) {
		a.inDrop = func() { a.w.x.Await("b's end", b.closed.Get) }
		return nil
	}},
	{"a's destructor waits for the joiner of b's task", func(a, b *stranger) func(func()) {
		a.inDrop = func() { a.w.x.Await("b's task", func() bool { return b.join.IsFinished() }) }
		return nil
	}},
	{"a's destructor takes a lock that b holds while it closes", func(a, b *stranger) func(func()) {
		mu := new(explore.Mutex)
		a.w.x.Name(mu, "lock")
		a.inDrop = func() {
			mu.Lock()
			mu.Unlock()
		}
		return func(shut func()) {
			mu.Lock()
			shut()
			mu.Unlock()
		}
	}},
	{"a's destructor panics, joined", func(a, b *stranger) func(func()) { a.raises = true; return nil }},
	{"both destructors panic, detached", func(a, b *stranger) func(func()) {
		a.raises, b.raises = true, true
		a.join.Detach()
		b.join.Detach()
		return nil
	}},
}

var twoRuntimes = func() (all []Scenario) {
	for _, c := range ways {
		for _, d := range dealings {
			all = append(all, Scenario{"two runtimes", c.name + ": " + d.name, strangers(c, d.do), false})
		}
	}
	return
}()
