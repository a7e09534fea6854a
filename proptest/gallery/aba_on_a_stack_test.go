//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A stack whose links lie in what it stacks. Pop reads the top and the link of the top, and swaps
// one for the other if the top is still the same: the same node, though not in the same place.
type stack struct{ top explore.Pointer[node] }

type node struct {
	next explore.Pointer[node]
	in   explore.Ghost[bool]
}

func (s *stack) push(n *node) {
	n.in.Set(true)
	for {
		top := s.top.Load()
		n.next.Store(top)
		if s.top.CompareAndSwap(top, n) {
			return
		}
	}
}

func (s *stack) pop() *node {
	for {
		n := s.top.Load()
		if n == nil {
			return nil
		}
		next := n.next.Load()
		if s.top.CompareAndSwap(n, next) { // the bug: n may have left and come back, and next be gone
			return n
		}
	}
}

// take pops a node, and checks that it was in the stack.
func (s *stack) take(x *explore.Exec) *node {
	n := s.pop()
	if n != nil {
		x.Assert(n.in.Get(), "a node was popped twice")
		n.in.Set(false)
	}
	return n
}

var abaOnAStack = bug{
	name:   "aba-on-a-stack",
	within: 5,
	fails:  "a node was popped twice",
	faulty: func(x *explore.Exec) {
		s, a, b := new(stack), new(node), new(node)
		x.Name(s, "stack")
		x.Name(a, "a")
		x.Name(b, "b")
		s.push(b)
		s.push(a)
		x.Go("worker", func() { s.take(x) })
		x.Go("other", func() {
			n := s.take(x)
			s.take(x)
			s.push(n)
		})
		x.Final(func() {
			for s.take(x) != nil {
			}
		})
	},
	// The consumer of a RunQueue takes all that was pushed in one swap, so nothing is compared.
	right: func(x *explore.Exec) {
		rouse.Restart()
		q := new(rouse.RunQueue)
		x.Name(q, "queue")
		v := rouse.NewVtable(rouse.Ops[queuedTask]{
			Poll:     func(t *queuedTask, _ rouse.Context) bool { increment(&t.runs); return true },
			Cancel:   func(*queuedTask, rouse.Cause) {},
			Schedule: func(_ *queuedTask, n rouse.Notified, _ rouse.Reason) { q.Push(n) },
		})
		a, b, c := new(queuedTask), new(queuedTask), new(queuedTask)
		q.Push(v.InitNotified(a))
		q.Push(v.InitNotified(b))
		last := v.InitNotified(c)
		x.Go("producer", func() { q.Push(last) })
		x.Go("consumer", func() {
			if n, ok := q.Pop(); ok {
				q.Push(n) // it is not its turn
			}
			runAll(q)
		})
		x.Final(func() {
			runAll(q)
			runs := [...]int{a.runs.Get(), b.runs.Get(), c.runs.Get()}
			x.Assert(runs == [...]int{1, 1, 1}, "runs of a, b, c: %v", runs)
		})
	},
}

type queuedTask struct {
	rouse.Header
	runs explore.Ghost[int]
}

func runAll(q *rouse.RunQueue) {
	for n, ok := q.Pop(); ok; n, ok = q.Pop() {
		n.Run()
	}
}
