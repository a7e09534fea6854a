package proptest_test

import (
	"slices"
	"testing"

	"github.com/rouse-go/rouse"
	"pgregory.net/rapid"
)

// A node is a task that is ready at its first poll.
type node struct {
	rouse.Header
	id int
}

var nodes = rouse.NewVtable(rouse.Ops[node]{
	Poll:     func(*node, rouse.Context) bool { return true },
	Cancel:   func(*node, rouse.Cause) {},
	Schedule: func(*node, rouse.Notified, rouse.Reason) {},
})

// A fifo is a queue of Notifieds, next to a plain one.
type fifo struct {
	push   func(n rouse.Notified)
	pop    func() (rouse.Notified, bool)
	ids    map[rouse.RawTask]int
	want   []int
	popped []rouse.Notified
}

func newFifo() *fifo { return &fifo{ids: map[rouse.RawTask]int{}} }

func (q *fifo) fresh() rouse.Notified {
	n := &node{id: len(q.ids)}
	notified := nodes.InitNotified(n)
	q.ids[notified.Task()] = n.id
	return notified
}

func (q *fifo) acts() []act {
	enter := func(n rouse.Notified) {
		q.want = append(q.want, q.ids[n.Task()])
		q.push(n)
	}
	return []act{
		{"Push", always, func(*rapid.T) { enter(q.fresh()) }},
		{"Push again", func() bool { return len(q.popped) > 0 }, func(t *rapid.T) {
			i := rapid.IntRange(0, len(q.popped)-1).Draw(t, "which")
			n := q.popped[i]
			q.popped = slices.Delete(q.popped, i, i+1)
			enter(n)
		}},
		{"Pop", always, func(t *rapid.T) {
			n, ok := q.pop()
			if !ok || len(q.want) == 0 {
				if ok || len(q.want) > 0 {
					t.Fatalf("Pop reports %v with %d in the queue", ok, len(q.want))
				}
				return
			}
			if got := q.ids[n.Task()]; got != q.want[0] {
				t.Fatalf("Pop returns %d, want %d", got, q.want[0])
			}
			q.want = q.want[1:]
			q.popped = append(q.popped, n)
		}},
		{"Run", func() bool { return len(q.popped) > 0 }, func(*rapid.T) {
			n := q.popped[len(q.popped)-1]
			q.popped = q.popped[:len(q.popped)-1]
			n.Run()
		}},
	}
}

// closing are the acts of a queue that is a Scheduler, and is closed in the end.
func (q *fifo) closing(s rouse.Scheduler, clos func(), closed *bool) []act {
	dropped := func(t *rapid.T, id int) {
		for task, i := range q.ids {
			if i == id && !task.Snapshot().Complete() {
				t.Fatalf("%d was neither run nor dropped by a closed queue", id)
			}
		}
	}
	return []act{
		{"Schedule", always, func(t *rapid.T) {
			n := q.fresh()
			id := q.ids[n.Task()]
			if rapid.Bool().Draw(t, "yield") {
				s.Yield(n)
			} else {
				s.Schedule(n, rouse.Woken)
			}
			if *closed {
				dropped(t, id)
				return
			}
			q.want = append(q.want, id)
		}},
		{"Close", always, func(t *rapid.T) {
			if !seldom(t) {
				return
			}
			clos()
			for _, id := range q.want {
				dropped(t, id)
			}
			q.want, *closed = nil, true
		}},
	}
}

func runQueueProperty(t *rapid.T) {
	var rq rouse.RunQueue
	q, found, closed := newFifo(), true, false // found: the consumer has found it empty
	told := 0
	if rapid.Bool().Draw(t, "hook") {
		rq.NonEmpty = func() {
			if told++; !found {
				t.Fatalf("told, though the consumer has not found it empty")
			}
		}
	}
	q.push = func(n rouse.Notified) {
		was := rq.Push(n)
		if closed {
			q.want = nil
			if was || !n.Task().Snapshot().Complete() {
				t.Fatalf("Push to a closed queue reports %v, state %v", was, n.Task().Snapshot())
			}
			return
		}
		if was != found {
			t.Fatalf("Push reports %v; the consumer has found it empty: %v", was, found)
		}
		found = false
	}
	q.pop = func() (rouse.Notified, bool) {
		n, ok := rq.Pop()
		found = found || !ok
		return n, ok
	}
	acts := append(q.acts(), q.closing(&rq, rq.Close, &closed)...)
	schedule := &acts[len(acts)-2]
	push := schedule.do
	schedule.do = func(t *rapid.T) {
		before := told
		push(t)
		want := before
		if rq.NonEmpty != nil && found && !closed {
			want++
		}
		if found = false; told != want {
			t.Fatalf("told %d times of one push, want %d", told-before, want-before)
		}
	}
	machine(t, func(*rapid.T) {}, acts...)
}

func localQueueProperty(t *rapid.T) {
	var lq rouse.LocalQueue
	q, closed := newFifo(), false
	q.push, q.pop = lq.Push, lq.Pop
	acts := append(q.acts(), q.closing(&lq, lq.Close, &closed)...)
	for i := range acts {
		if a := &acts[i]; a.name == "Push" || a.name == "Push again" { // which panics
			guard := a.guard
			a.guard = func() bool { return !closed && guard() }
		}
	}
	machine(t, func(t *rapid.T) {
		if lq.Len() != len(q.want) {
			t.Fatalf("Len is %d, want %d", lq.Len(), len(q.want))
		}
	}, acts...)
}

func TestRunQueue(t *testing.T)   { check(t, runQueueProperty) }
func TestLocalQueue(t *testing.T) { check(t, localQueueProperty) }
