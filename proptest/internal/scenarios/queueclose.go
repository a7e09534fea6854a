//go:build rouse_explore

package scenarios

import (
	"fmt"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A shutter is a RunQueue that is closed while others push.
type shutter struct {
	w     *world
	q     rouse.RunQueue
	tasks [4]entrant
	sent  int
	ended [4]explore.Ghost[int]
	data  [4]explore.Var[int] // written before the Push
	first func()              // what the end of the first task does besides
}

// An entrant is a task whose Notified is pushed once.
type entrant struct {
	rouse.Header
	g *shutter
	i int
	n rouse.Notified
}

func (e *entrant) end() {
	g := e.g
	g.w.x.Assert(add(&g.ended[e.i], 1) == 1, "task %d has ended twice", e.i+1)
	g.w.x.Assert(g.data[e.i].Get() == 1, "the end of a task does not see what was written before its Push")
	if e.i == 0 {
		call(g.first)
	}
}

func newShutter(w *world) *shutter {
	g := &shutter{w: w}
	rouse.Released = nil
	w.x.Name(g, "shutter")
	v := rouse.NewVtable(rouse.Ops[entrant]{
		Poll: func(e *entrant, _ rouse.Context) bool { e.end(); return true },
		Cancel: func(e *entrant, c rouse.Cause) {
			w.x.Assert(c == rouse.CauseDropped, "task %d ended by %v", e.i+1, c)
			e.end()
		},
		//wakervet:allow notifiedlost nobody wakes these tasks: the scenario has their Notifieds
		Schedule: func(*entrant, rouse.Notified, rouse.Reason) {},
	})
	for i := range g.tasks {
		e := &g.tasks[i]
		e.g, e.i = g, i
		e.n = v.InitNotified(e)
	}
	w.x.Final(func() {
		_, ok := g.q.Pop()
		w.x.Assert(!ok, "a Notified is left in the closed queue")
		for i := range g.sent {
			w.x.Assert(g.ended[i].Get() == 1, "task %d has ended %d times", i+1, g.ended[i].Get())
		}
		rest := g.tasks[g.sent:]
		for i := range rest {
			g.push(&rest[i])
			w.x.Assert(rest[i].Snapshot().Complete(), "a Notified that was pushed into the closed queue is not dropped")
		}
	})
	return g
}

func (g *shutter) push(e *entrant) {
	g.data[e.i].Set(1)
	g.q.Schedule(e.n, rouse.Woken)
}

// closes is the body of a scenario in which the consumer runs so many tasks, if they are there, and
// closes the queue, while producers push so many each. chained says that the end of the first task
// pushes one more.
func closes(runs int, chained bool, producers ...int) func(w *world) {
	return func(w *world) {
		g := newShutter(w)
		for _, n := range producers {
			from := g.sent
			g.sent += n
			w.Go(fmt.Sprintf("producer%d", from+1), func() {
				for i := from; i < from+n; i++ {
					w.x.Do(func() { g.push(&g.tasks[i]) })
				}
			})
		}
		if chained {
			e := &g.tasks[g.sent]
			g.sent++
			g.first = func() { g.push(e) }
		}
		w.Go("consumer", func() {
			for range runs {
				w.x.Do(func() { g.q.RunOne() })
			}
			w.x.Do(g.q.Close)
		})
	}
}

var closedQueues = []Scenario{
	{"RunQueue", "close, 1 producer of 2", closes(0, false, 2), false},
	{"RunQueue", "close, 2 producers", closes(0, false, 1, 1), false},
	{"RunQueue", "run one and close, 2 producers", closes(1, false, 1, 1), false},
	{"RunQueue", "close, 1 producer, and a push by a destructor", closes(0, true, 1), false},
	{"RunQueue", "run one and close, 2 producers, and a push by a destructor", closes(1, true, 1, 1), true},
	{"RunQueue", "close, 3 producers", closes(0, false, 1, 1, 1), true},
	{"RunQueue", "run two and close, 2 producers of 2 and 1", closes(2, false, 2, 1), true},
}
