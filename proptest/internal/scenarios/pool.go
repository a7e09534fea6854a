//go:build rouse_explore

package scenarios

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// A house is a Pool, and the tasks that live in its cells. Who lives where, the explorer finds: two
// tasks in one cell write to it at once, and one of them is never polled.
type house struct {
	w     *world
	pool  rouse.Pool[int, tenant]
	polls [9]count
	made  int
}

// A tenant is a future that is ready at once, in a house.
type tenant struct {
	g *house
	i int
}

func (v tenant) Poll(rouse.Context) (int, bool) {
	v.g.w.x.Assert(v.g.polls[v.i].add(1) == 1, "task %d was polled twice", v.i+1)
	return v.i, true
}

// A porter is a scheduler that holds one Notified, for one thread.
type porter struct{ n rouse.Notified }

func (p *porter) Schedule(n rouse.Notified, _ rouse.Reason) { p.n = n }
func (p *porter) Yield(n rouse.Notified)                    { p.n = n }

// spawn spawns the next n tasks, one after the other, and returns what runs them.
func (g *house) spawn(n int) (spawn, run func()) {
	from := g.made
	g.made += n
	porters := make([]porter, n)
	spawn = func() {
		for i := range porters {
			g.w.x.Do(func() { g.pool.SpawnDetached(&porters[i], tenant{g, from + i}) })
		}
	}
	run = func() {
		for i := range porters {
			g.w.x.Do(porters[i].n.Run)
		}
	}
	return
}

// A tenancies says what threads do: spawn so many and run them; or run so many that were spawned
// before.
type tenancies struct{ spawns, runs []int }

// lodging is the body of a scenario of a Pool with so many released tasks.
func lodging(empty int, b tenancies) func(w *world) {
	return func(w *world) {
		g := &house{w: w}
		rouse.Released = nil
		w.x.Name(g, "house")
		spawn, run := g.spawn(empty)
		spawn()
		var others []func()
		for _, n := range b.runs {
			spawn, run := g.spawn(n)
			spawn()
			others = append(others, run)
		}
		run()
		for i, run := range others {
			w.Go(fmt.Sprintf("runner%d", i+1), run)
		}
		for i, n := range b.spawns {
			spawn, run := g.spawn(n)
			w.Go(fmt.Sprintf("spawner%d", i+1), func() {
				spawn()
				run()
			})
		}
		w.x.Final(func() {
			spawn, run := g.spawn(1)
			spawn()
			run()
			for i := range g.made {
				w.x.Assert(g.polls[i].v == 1, "task %d was polled %d times", i+1, g.polls[i].v)
			}
		})
	}
}

var pools = []Scenario{
	{"Pool", "spawn, release", lodging(0, tenancies{[]int{1}, []int{1}}), false},
	{"Pool", "spawn 2, release 2", lodging(0, tenancies{[]int{2}, []int{2}}), false},
	{"Pool", "2 releases", lodging(0, tenancies{nil, []int{1, 1}}), false},
	{"Pool", "2 releases, spawn", lodging(0, tenancies{[]int{1}, []int{1, 1}}), false},
	{"Pool", "2 spawns of 1 cell", lodging(1, tenancies{[]int{1, 1}, nil}), false},
	{"Pool", "2 spawns of 2 cells", lodging(2, tenancies{[]int{1, 1}, nil}), false},
	{"Pool", "2 spawns of 3 cells, which is more than are kept", lodging(3, tenancies{[]int{1, 1}, nil}), false},
	{"Pool", "spawn 2 and 1 of 2 cells", lodging(2, tenancies{[]int{2, 1}, nil}), false},
	{"Pool", "2 spawns of 1 cell, release", lodging(1, tenancies{[]int{1, 1}, []int{1}}), false},
	{"Pool", "3 spawns of 2 cells", lodging(2, tenancies{[]int{1, 1, 1}, nil}), false},
	{"Pool", "spawn 2 and 1 of 3 cells, release", lodging(3, tenancies{[]int{2, 1}, []int{1}}), true},
	{"Pool", "spawn 2, 2 releases of 2 and 1", lodging(1, tenancies{[]int{2}, []int{2, 1}}), true},
}
