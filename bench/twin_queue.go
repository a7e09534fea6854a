package bench

import (
	"sync"

	"github.com/rouse-go/rouse/bench/harness"
)

// chanQueue pushes and pops on one goroutine, batch at a time, through a
// buffered channel.
func chanQueue(n, batch int) harness.Sample {
	ch := make(chan *int, batch)
	nodes := make([]*int, batch)
	for i := range nodes {
		nodes[i] = new(int)
	}
	rs, popped := harness.Rounds(n, batch), 0
	s := harness.Timed(rs*batch, func() {
		for range rs {
			for _, p := range nodes {
				ch <- p
			}
			for i := range nodes {
				nodes[i] = <-ch
				popped++
			}
		}
	})
	return s.Count("popped", popped)
}

// chanProducers: several goroutines send to one that receives.
func chanProducers(n, producers int) harness.Sample {
	ch := make(chan *int, 1024)
	node := new(int)
	return harness.Produce(n, producers,
		func() func() {
			return func() {
				for range harness.QueueRound {
					ch <- node
				}
			}
		},
		func(want int) {
			for range want {
				<-ch
			}
		})
}

// ownedLive is how many tasks are on the shelf that a task joins and leaves.
const ownedLive = 1000

// mapOwned adds and removes a task among others in a map behind a mutex.
func mapOwned(n, _ int) harness.Sample {
	var mu sync.Mutex
	live := make(map[*int]struct{})
	for range ownedLive {
		live[new(int)] = struct{}{}
	}
	p := new(int)
	s := harness.Timed(n, func() {
		for range n {
			mu.Lock()
			live[p] = struct{}{}
			mu.Unlock()
			mu.Lock()
			delete(live, p)
			mu.Unlock()
		}
	})
	return s.Count("live", len(live))
}

// mutexCell: the callback of the one who waits, behind a mutex.
func mutexCell(n, _ int) harness.Sample {
	var mu sync.Mutex
	var slot func()
	wakes := 0
	wake := func() { wakes++ }
	s := harness.Timed(n, func() {
		for range n {
			mu.Lock()
			slot = wake
			mu.Unlock()
			mu.Lock()
			f := slot
			slot = nil
			mu.Unlock()
			f()
		}
	})
	return s.Count("wakes", wakes)
}
