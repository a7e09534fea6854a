package proptest_test

import (
	"slices"
	"testing"

	"github.com/rouse-go/rouse"
	"pgregory.net/rapid"
)

const ring = 256 // a StealQueue has room for so many

// A crate is a task that knows its number, and whether it was dropped.
type crate struct {
	rouse.Header
	id      int
	dropped bool
}

var crates = rouse.NewVtable(rouse.Ops[crate]{
	Poll:     func(*crate, rouse.Context) bool { return true },
	Cancel:   func(c *crate, _ rouse.Cause) { c.dropped = true },
	Schedule: func(*crate, rouse.Notified, rouse.Reason) {},
})

// A worker is a StealQueue, next to a plain one.
type worker struct {
	q    rouse.StealQueue
	want []int
}

// stealQueueProperty: two workers and the shared queue, by one goroutine.
func stealQueueProperty(t *rapid.T) {
	var all []*crate
	var shared rouse.SharedQueue
	var over []int // what is in the shared one
	var workers [2]worker
	closed := false
	numbers := map[rouse.RawTask]int{}
	fresh := func() (rouse.Notified, int) {
		c := &crate{id: len(all)}
		all = append(all, c)
		n := crates.InitNotified(c)
		numbers[n.Task()] = c.id
		return n, c.id
	}
	share := func(ids ...int) {
		if !closed {
			over = append(over, ids...)
			return
		}
		for _, id := range ids {
			if !all[id].dropped {
				t.Fatalf("%d was pushed to a closed queue, and not dropped", id)
			}
		}
	}
	popped := func(t *rapid.T, n rouse.Notified, ok bool, want int) {
		t.Helper()
		if !ok {
			if want >= 0 {
				t.Fatalf("nothing was popped, want %d", want)
			}
			return
		}
		if got := numbers[n.Task()]; got != want || !n.Next().IsZero() {
			t.Fatalf("popped %d, want %d; it is linked: %v", got, want, !n.Next().IsZero())
		}
		n.Run()
		if all[want].dropped {
			t.Fatalf("%d was dropped before", want)
		}
	}
	first := func(q *[]int) int {
		if len(*q) == 0 {
			return -1
		}
		id := (*q)[0]
		*q = (*q)[1:]
		return id
	}
	push := func(w *worker) {
		n, id := fresh()
		w.q.Push(n, &shared)
		if len(w.want) < ring {
			w.want = append(w.want, id)
			return
		}
		spilled := append(slices.Clone(w.want[:ring/2]), id)
		w.want = w.want[ring/2:]
		share(spilled...)
	}
	draw := func(t *rapid.T) (w, other *worker) {
		i := rapid.IntRange(0, 1).Draw(t, "worker")
		return &workers[i], &workers[1-i]
	}
	machine(t,
		func(t *rapid.T) {
			for i := range workers {
				if got := workers[i].q.Len(); got != len(workers[i].want) {
					t.Fatalf("worker %d has %d, want %d", i, got, len(workers[i].want))
				}
			}
			if shared.Len() != len(over) {
				t.Fatalf("the shared queue has %d, want %d", shared.Len(), len(over))
			}
		},
		act{"Push", always, func(t *rapid.T) {
			w, _ := draw(t)
			for range rapid.SampledFrom([]int{1, 2, 5, 100, ring}).Draw(t, "times") {
				push(w)
			}
		}},
		act{"Pop", always, func(t *rapid.T) {
			w, _ := draw(t)
			for range rapid.SampledFrom([]int{1, 2, 5, 100}).Draw(t, "times") {
				n, ok := w.q.Pop()
				popped(t, n, ok, first(&w.want))
			}
		}},
		act{"Steal", always, func(t *rapid.T) {
			w, other := draw(t)
			n, ok := w.q.Steal(&other.q)
			if len(w.want) > ring/2 || len(other.want) == 0 {
				popped(t, n, ok, -1)
				return
			}
			half := (len(other.want) + 1) / 2
			popped(t, n, ok, other.want[0])
			w.want = append(w.want, other.want[1:half]...)
			other.want = other.want[half:]
		}},
		act{"Take", always, func(t *rapid.T) {
			w, _ := draw(t)
			n, ok := w.q.Take(&shared)
			count := min((len(over)+1)/2, ring/2, ring-len(w.want)+1)
			popped(t, n, ok, first(&over))
			if ok {
				w.want = append(w.want, over[:count-1]...)
				over = over[count-1:]
			}
		}},
		act{"share", always, func(t *rapid.T) {
			n, id := fresh()
			shared.Push(n)
			share(id)
		}},
		act{"Pop of the shared", always, func(t *rapid.T) {
			n, ok := shared.Pop()
			popped(t, n, ok, first(&over))
		}},
		act{"Close", always, func(t *rapid.T) {
			if !seldom(t) {
				return
			}
			shared.Close()
			closed = true
			for _, id := range over {
				if !all[id].dropped {
					t.Fatalf("%d was in a queue that was closed, and not dropped", id)
				}
			}
			over = nil
		}},
	)
}

func TestStealQueue(t *testing.T) { check(t, stealQueueProperty) }
