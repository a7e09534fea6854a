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

func runQueueProperty(t *rapid.T) {
	var rq rouse.RunQueue
	q, found := newFifo(), true // found: the consumer has found it empty
	q.push = func(n rouse.Notified) {
		if was := rq.Push(n); was != found {
			t.Fatalf("Push reports %v; the consumer has found it empty: %v", was, found)
		}
		found = false
	}
	q.pop = func() (rouse.Notified, bool) {
		n, ok := rq.Pop()
		found = found || !ok
		return n, ok
	}
	machine(t, func(*rapid.T) {}, q.acts()...)
}

func localQueueProperty(t *rapid.T) {
	var lq rouse.LocalQueue
	q := newFifo()
	q.push, q.pop = lq.Push, lq.Pop
	machine(t, func(t *rapid.T) {
		if lq.Len() != len(q.want) {
			t.Fatalf("Len is %d, want %d", lq.Len(), len(q.want))
		}
	}, q.acts()...)
}

func TestRunQueue(t *testing.T)   { check(t, runQueueProperty) }
func TestLocalQueue(t *testing.T) { check(t, localQueueProperty) }
