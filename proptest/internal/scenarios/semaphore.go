//go:build rouse_explore

package scenarios

import (
	"fmt"
	"strings"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A gate is a Semaphore, and those who pass it.
type gate struct {
	w      *world
	q      rouse.Semaphore
	total  explore.Ghost[int] // permits that were made
	held   explore.Ghost[int]
	lone   bool // there is one permit, for ever: who has it is alone
	inside explore.Var[int]
	closed explore.Ghost[bool]
	comers []*passer
}

// A passer is who waits for permits.
type passer struct {
	spy   *spy
	wait  rouse.Waiter
	n     int
	waits explore.Ghost[bool] // its last poll was not ready
}

func newGate(w *world, permits int) *gate {
	g := &gate{w: w}
	w.x.Name(g, "gate")
	g.total.Set(permits)
	g.q.Release(permits)
	w.before = append(w.before, func() {
		waiting, served := 0, false
		for _, c := range g.comers {
			if c.waits.Get() {
				waiting++
				served = served || c.n > g.total.Get()
			}
		}
		w.x.Assert(waiting == 0 || served && !g.closed.Get(), "%d wait, and all could be served", waiting)
		w.x.Assert(g.held.Get() == 0, "%d permits are still held", g.held.Get())
		for _, c := range g.comers {
			c.wait.Drop()
		}
		if !g.closed.Get() {
			w.x.Assert(g.q.TryAcquire(g.total.Get()), "permits are lost")
			w.x.Assert(!g.q.TryAcquire(1), "permits have been made up")
		}
		g.q.Close()
		for _, c := range g.comers {
			acquired, ready := g.q.Acquire(c.spy.cx(), &c.wait, c.n)
			w.x.Assert(ready && !acquired, "a closed Semaphore lets somebody pass")
		}
	})
	return g
}

func (g *gate) comer(n int) *passer {
	c := &passer{spy: g.w.spy(), n: n}
	g.comers = append(g.comers, c)
	g.w.x.Name(c, "comer%d", len(g.comers))
	return c
}

// passed is called with the permits, and gives them back.
func (g *gate) passed(n int) {
	held := add(&g.held, n)
	g.w.x.Assert(held <= g.total.Get(), "%d permits are held, of %d", held, g.total.Get())
	if g.lone && n > 0 {
		g.inside.Set(g.inside.Get() + 1)
	}
	g.w.x.At("passed", uint64(n))
	add(&g.held, -n)
	g.q.Release(n)
}

func (g *gate) poll(c *passer) (acquired, ready bool) {
	g.w.x.Do(func() {
		acquired, ready = g.q.Acquire(c.spy.cx(), &c.wait, c.n)
		c.waits.Set(!ready)
	})
	g.w.x.Assert(!ready || acquired || g.closed.Get(), "refused by an open Semaphore")
	return
}

// passer waits for n permits, so many times.
func (g *gate) passer(n, times int) {
	c := g.comer(n)
	g.w.x.Daemon(fmt.Sprintf("pass%d", len(g.comers)), func() {
		g.w.x.Await("start", always)
		for times > 0 {
			g.w.x.At("pass", uint64(times))
			seen := c.spy.wakes.Get()
			switch acquired, ready := g.poll(c); {
			case acquired:
				times--
				g.passed(n)
			case ready:
				return
			default:
				g.w.x.Await("woken", func() bool { return c.spy.wakes.Get() > seen })
			}
		}
	})
}

// leaver gives up if it cannot pass at once.
func (g *gate) leaver(n int) {
	c := g.comer(n)
	g.w.Go(fmt.Sprintf("leave%d", len(g.comers)), func() {
		switch acquired, ready := g.poll(c); {
		case acquired:
			g.passed(n)
		case !ready:
			g.w.x.Do(func() {
				c.wait.Drop()
				c.waits.Set(false)
			})
		}
	})
}

// tries passes if it can do so at once.
func (g *gate) tries() {
	g.w.Go("try", func() {
		if g.q.TryAcquire(1) {
			g.passed(1)
		}
	})
}

// releaser makes one permit more.
func (g *gate) releaser() {
	g.lone = false
	g.w.Go("release", func() {
		add(&g.total, 1)
		g.q.Release(1)
	})
}

func (g *gate) closer() {
	g.w.Go("close", func() {
		g.closed.Set(true)
		g.q.Close()
	})
}

// A gateOp is what a thread does there.
type gateOp struct {
	name string
	do   func(g *gate)
}

var gateOps = []gateOp{
	{"pass", func(g *gate) { g.passer(1, 1) }},
	{"pass with 2", func(g *gate) { g.passer(2, 1) }},
	{"leave", func(g *gate) { g.leaver(1) }},
	{"leave with 2", func(g *gate) { g.leaver(2) }},
	{"try", (*gate).tries},
	{"release", (*gate).releaser},
	{"close", (*gate).closer},
}

// gated is the scenario of some of the operations, by number, all at the same time.
func gated(full bool, permits int, ops ...int) Scenario {
	names := make([]string, len(ops))
	for i, o := range ops {
		names[i] = gateOps[o].name
	}
	return Scenario{"Semaphore", fmt.Sprintf("of %d: %s", permits, strings.Join(names, ", ")), func(w *world) {
		g := newGate(w, permits)
		g.lone = permits == 1
		for _, o := range ops {
			gateOps[o].do(g)
		}
	}, full}
}

func semaphores() (all []Scenario) {
	for permits := 0; permits <= 2; permits++ {
		for k := 1; k <= 3; k++ {
			choices(len(gateOps), k, func(ops []int) { all = append(all, gated(k > 2 && permits != 1, permits, ops...)) })
		}
	}
	const pass, pass2, leave, leave2, try, release, closes = 0, 1, 2, 3, 4, 5, 6
	return append(all,
		Scenario{"Semaphore", "3 wait for 3, a wake panics, 1 leaves", brokenGate(func(g *gate) { g.total.Set(3); g.q.Release(3) }), false},
		Scenario{"Semaphore", "3 wait, close, a wake panics, 1 leaves", brokenGate(func(g *gate) { g.closed.Set(true); g.q.Close() }), false},
		Scenario{"Semaphore", "a joined task that locks, one that passes, abort", lockingTask, true},
	)
}

// brokenGate is the body of a scenario of three that wait, of whom the first one's waker panics when f
// lets them go on. What the leaver was given comes back.
func brokenGate(f func(g *gate)) func(w *world) {
	return func(w *world) {
		g := newGate(w, 0)
		for i := range 3 {
			c := g.comer(1)
			if i == 0 {
				c.spy.onWake = func() { panic(errRaised) }
			}
			g.poll(c)
		}
		w.Go("all", func() {
			defer func() { w.x.Assert(recover() == any(errRaised), "the panic did not go on") }()
			f(g)
		})
		w.Go("leave", func() {
			g.comers[2].wait.Drop()
			g.comers[2].waits.Set(false)
		})
		last := w.before
		w.before = append(w.before[:0:0], func() {
			for i, c := range g.comers[:2] {
				w.x.Assert(c.spy.wakes.Get() == 1, "comer %d was woken %d times", i+1, c.spy.wakes.Get())
				acquired, ready := g.q.Acquire(c.spy.cx(), &c.wait, 1)
				w.x.Assert(ready && acquired != g.closed.Get(), "comer %d: acquired %v, ready %v", i+1, acquired, ready)
				c.waits.Set(false)
				if acquired {
					g.q.Release(1)
				}
			}
		})
		w.before = append(w.before, last...)
	}
}

// lockingTask is a task that takes the one permit, and gives it back in its destructor at the latest, while
// another passes and somebody aborts it.
func lockingTask(w *world) {
	g := newGate(w, 1)
	t := w.newTask("a")
	wait, has := new(rouse.Waiter), false
	t.before = func(cx rouse.Context) {
		acquired, ready := g.q.Acquire(cx, wait, 1)
		if ready {
			w.x.Assert(acquired, "refused by an open Semaphore")
			add(&g.held, 1)
			has = true
			t.signal()
		}
	}
	t.inDrop = func() {
		wait.Drop()
		if has {
			add(&g.held, -1)
			g.q.Release(1)
		}
	}
	t.need = 1
	t.spawn(joinedO)
	t.pinnedAborter()
	t.joiner()
	g.passer(1, 1)
	w.executors(1)
}
