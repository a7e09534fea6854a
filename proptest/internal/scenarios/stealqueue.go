//go:build rouse_explore

package scenarios

import (
	"fmt"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A yard is workers with a StealQueue each, and a SharedQueue. What they do is a letter each:
//
//	p  push to its own queue        h  push to the shared one
//	o  pop from its own             g  pop from the shared one
//	s  steal from the next worker   t  take from the shared one
//	b  from the one before          c  close the shared one
//
// Of each task is checked that it is handed out exactly once, and that what was written before it was
// pushed is visible to whom it is handed.
type yard struct {
	w      *world
	shared rouse.SharedQueue
	hands  []*hand
	tasks  [8]crate
	pushed int
}

// A crate is a task.
type crate struct {
	rouse.Header
	note   rouse.Notified
	data   explore.Var[int]
	handed explore.Ghost[int]
}

type hand struct {
	q    rouse.StealQueue
	does string
}

// worked is the body of a scenario of workers. Before they start each queue of theirs has had, and lost, so
// many tasks: then a ring comes to its end.
func worked(before int, does ...string) func(w *world) {
	return func(w *world) {
		y := &yard{w: w}
		w.x.Name(y, "yard")
		crates := rouse.NewVtable(rouse.Ops[crate]{
			Poll:     func(*crate, rouse.Context) bool { return true },
			Cancel:   func(c *crate, _ rouse.Cause) { y.handed(c) }, // by a closed queue
			Schedule: func(c *crate, n rouse.Notified, _ rouse.Reason) { c.note = n },
		})
		for i := range y.tasks {
			c := &y.tasks[i]
			crates.Init(c)
			c.Wake()
		}
		for _, d := range does {
			h := &hand{does: d}
			w.x.Name(h, "worker%d", len(y.hands)+1)
			y.hands = append(y.hands, h)
			for range before {
				h.q.Push(y.tasks[0].note, &y.shared)
				//wakervet:allow notifiedlost it only moves the queue on
				_, _ = h.q.Pop()
			}
		}
		for i := range y.hands {
			y.hand(i)
		}
		w.x.Final(y.final)
	}
}

func (y *yard) hand(i int) {
	h, mine := y.hands[i], y.pushed
	for _, what := range h.does {
		if what == 'p' || what == 'h' {
			y.pushed++
		}
	}
	y.w.Go(fmt.Sprintf("worker%d", i+1), func() {
		next := mine
		for at, what := range h.does {
			y.w.x.At("worker", uint64(at))
			if what == 'p' || what == 'h' {
				y.tasks[next].data.Set(1)
				y.push(h, what, y.tasks[next].note)
				next++
				continue
			}
			other := y.hands[(i+1)%len(y.hands)]
			if what == 'b' {
				other = y.hands[(i+len(y.hands)-1)%len(y.hands)]
			}
			y.pop(h, other, what)
		}
	})
}

func (y *yard) push(h *hand, what rune, n rouse.Notified) {
	y.w.x.Do(func() {
		if what == 'p' {
			h.q.Push(n, &y.shared)
		} else {
			y.shared.Push(n)
		}
	})
}

func (y *yard) pop(h, other *hand, what rune) {
	var n rouse.Notified
	var ok bool
	switch what {
	case 'o':
		n, ok = h.q.Pop()
	case 's', 'b':
		n, ok = h.q.Steal(&other.q)
	case 't':
		n, ok = h.q.Take(&y.shared)
	case 'g':
		n, ok = y.shared.Pop()
	case 'c':
		y.shared.Close()
	}
	if ok {
		y.w.x.Assert(n.Next().IsZero(), "what was popped links to another")
		y.handed(y.crate(n))
	}
}

func (y *yard) crate(n rouse.Notified) *crate {
	for i := range y.tasks {
		if y.tasks[i].note.Task() == n.Task() {
			return &y.tasks[i]
		}
	}
	y.w.x.Failf("a stranger was popped")
	return nil
}

func (y *yard) handed(c *crate) {
	y.w.x.Assert(c.data.Get() == 1, "who pops it does not see what was written before the Push")
	y.w.x.Assert(add(&c.handed, 1) == 1, "it was handed out twice")
}

// final pops what is left: then each was handed out, and the queues are empty.
func (y *yard) final() {
	for _, h := range y.hands {
		for n, ok := h.q.Pop(); ok; n, ok = h.q.Pop() {
			y.handed(y.crate(n))
		}
		y.w.x.Assert(h.q.Len() == 0, "the length is %d", h.q.Len())
	}
	for n, ok := y.shared.Pop(); ok; n, ok = y.shared.Pop() {
		y.handed(y.crate(n))
	}
	y.w.x.Assert(y.shared.Len() == 0, "the length is %d", y.shared.Len())
	for i := range y.tasks[:y.pushed] {
		y.w.x.Assert(y.tasks[i].handed.Get() == 1, "task %d was handed out %d times", i+1, y.tasks[i].handed.Get())
	}
}

// stealing returns a scenario of workers who do these things.
func stealing(full bool, before int, does ...string) Scenario {
	name := ""
	for i, d := range does {
		if i > 0 {
			name += ", "
		}
		name += d
	}
	if before > 0 {
		name += fmt.Sprintf("; after %d", before)
	}
	return Scenario{"StealQueue", name, worked(before, does...), full}
}

func stealQueues() (all []Scenario) {
	// The first worker against thieves: the ring holds 4.
	for _, before := range []int{0, 1, 3} {
		for _, owner := range []string{"po", "ppo", "pppo", "ppoo", "ppopo", "ppppo", "pppppo", "ppppopp"} {
			all = append(all,
				stealing(false, before, "s", owner),
				stealing(false, before, "so", owner))
		}
		all = append(all,
			stealing(false, before, "ss", "pppp"),
			stealing(false, before, "sos", "ppppp"),
			stealing(false, before, "psoo", "ppp"),
			stealing(false, before, "pppsoo", "ppo"),
			stealing(false, before, "ps", "ps"),
			stealing(false, before, "pso", "ppso"))
	}
	// Two thieves steal from one.
	for _, owner := range []string{"pp", "ppp", "pppo", "ppppo", "ppppop"} {
		all = append(all,
			stealing(false, 3, "s", owner, "b"),
			stealing(len(owner) > 4, 0, "so", owner, "bo"))
	}
	// Two others besides: the last of three steals from the first, the first from the second.
	others := []string{"s", "so", "ps", "t", "tsoo", "h", "hg"}
	for _, owner := range []string{"pp", "ppo", "pppo", "ppppp", "pppppo"} {
		choices(len(others), 2, func(o []int) {
			all = append(all, stealing(len(owner) > 5, 3, others[o[0]], owner, others[o[1]]))
		})
	}
	// The shared queue.
	for _, a := range []string{"h", "g", "t", "c", "pppppo"} {
		for _, b := range []string{"hg", "ht", "hh", "hc", "hhtoo"} {
			all = append(all, stealing(false, 0, a, b), stealing(len(a) > 1, 0, a, b, "h"))
		}
	}
	return append(all,
		stealing(false, 0, "t", "pppppo", "s"),
		stealing(true, 0, "ts", "pppppo", "hto"),
		stealing(false, 0, "c", "ppppp", "t"),
		stealing(false, 0, "c", "hh", "g"))
}
