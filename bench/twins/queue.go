package main

import (
	"github.com/puzpuzpuz/xsync/v4"

	"github.com/rouse-go/rouse/bench/harness"
)

func nodes(n int) []*int {
	v := make([]*int, n)
	for i := range v {
		v[i] = new(int)
	}
	return v
}

// unbounded pushes and pops on one goroutine, batch at a time, through a queue
// of many producers and one consumer.
func unbounded(n, batch int) harness.Sample {
	q := xsync.NewUMPSCQueue[*int]()
	v, rs, popped := nodes(batch), harness.Rounds(n, batch), 0
	s := harness.Timed(rs*batch, func() {
		for range rs {
			for _, p := range v {
				q.Enqueue(p)
			}
			for i := range v {
				v[i] = q.Dequeue()
				popped++
			}
		}
	})
	return s.Count("popped", popped)
}

// unboundedProducers has several goroutines push.
func unboundedProducers(n, producers int) harness.Sample {
	q := xsync.NewUMPSCQueue[*int]()
	node := new(int)
	return harness.Produce(n, producers,
		func() func() {
			return func() {
				for range harness.QueueRound {
					q.Enqueue(node)
				}
			}
		},
		func(want int) {
			for range want {
				q.Dequeue()
			}
		})
}

// bounded is the same through a bounded queue of many on both sides.
func bounded(n, batch int) harness.Sample {
	q := xsync.NewMPMCQueue[*int](max(2, batch))
	v, rs, popped := nodes(batch), harness.Rounds(n, batch), 0
	s := harness.Timed(rs*batch, func() {
		for range rs {
			for _, p := range v {
				if !q.TryEnqueue(p) {
					panic("queue full")
				}
			}
			for i := range v {
				p, ok := q.TryDequeue()
				if !ok {
					panic("queue empty")
				}
				v[i] = p
				popped++
			}
		}
	})
	return s.Count("popped", popped)
}
