package harness

import (
	"sync"
	"sync/atomic"
	"time"
)

// Contend runs f(i) on n goroutines at once, n times the same work, and
// returns the time until all are done.
func Contend(n int, f func(i int)) time.Duration {
	var ready, done sync.WaitGroup
	var start atomic.Bool
	ready.Add(n)
	done.Add(n)
	for i := range n {
		go func() {
			defer done.Done()
			ready.Done()
			for !start.Load() {
			}
			f(i)
		}()
	}
	ready.Wait()
	t := time.Now()
	start.Store(true)
	done.Wait()
	return time.Since(t)
}

// Pair runs play(1) on a goroutine of its own and play(0) here.
func Pair(n int, play func(me int)) Sample {
	var other sync.WaitGroup
	return Timed(n, func() {
		other.Add(1)
		go func() { defer other.Done(); play(1) }()
		play(0)
		other.Wait()
	})
}

// QueueRound is how many nodes a producer pushes between two barriers.
const QueueRound = 1 << 14

// Produce has producers goroutines push QueueRound nodes each while this one
// pops them all, again and again; the time runs from the start of a round until
// its last node is popped.
func Produce(n, producers int, producer func() (push func()), pop func(want int)) Sample {
	rs := Rounds(n, QueueRound*producers)
	var start []chan struct{}
	finished := make(chan struct{})
	for range producers {
		begin, push := make(chan struct{}), producer()
		start = append(start, begin)
		go func() {
			for range begin {
				push()
				finished <- struct{}{}
			}
		}()
	}
	s := Sample{}
	for range rs {
		for _, begin := range start {
			begin <- struct{}{}
		}
		t := time.Now()
		pop(producers * QueueRound)
		s.Elapsed += time.Since(t)
		s.Ops += producers * QueueRound
		for range producers {
			<-finished
		}
	}
	for _, begin := range start {
		close(begin)
	}
	return s.Count("popped", s.Ops)
}
