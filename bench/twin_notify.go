package bench

import (
	"iter"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/rouse-go/rouse/bench/harness"
)

// The twins are what a Go programmer writes where no task kit is at hand. They
// wake goroutines, or loops, instead of tasks; the names say which.

// chanNotified: the notification of a capacity-1 channel that is already full.
// It publishes nothing: the select takes its default branch after a load.
func chanNotified(n, _ int) harness.Sample {
	ch := make(chan struct{}, 1)
	ch <- struct{}{}
	coalesced := 0
	s := harness.Timed(n, func() {
		for range n {
			select {
			case ch <- struct{}{}:
			default:
				coalesced++
			}
		}
	})
	return s.Count("coalesced", coalesced)
}

// chanContended is the same from several goroutines.
func chanContended(n, threads int) harness.Sample {
	ch := make(chan struct{}, 1)
	ch <- struct{}{}
	d := harness.Contend(threads, func(int) {
		for range n {
			select {
			case ch <- struct{}{}:
			default:
			}
		}
	})
	return harness.Sample{Elapsed: d, Ops: n}
}

// chanSelfWake: a loop that notifies itself through a capacity-1 channel.
func chanSelfWake(n, _ int) harness.Sample {
	ch := make(chan struct{}, 1)
	ch <- struct{}{}
	polls, wakes := 0, 0
	s := harness.Timed(n, func() {
		for range ch {
			if polls++; polls >= n {
				return
			}
			wakes++
			select {
			case ch <- struct{}{}:
			default:
			}
		}
	})
	return s.Count("polls", polls).Count("wakes", wakes)
}

// mutexNotified: a flag behind a mutex, already set.
func mutexNotified(n, _ int) harness.Sample {
	var mu sync.Mutex
	notified, coalesced := true, 0
	s := harness.Timed(n, func() {
		for range n {
			mu.Lock()
			if notified {
				coalesced++
			}
			notified = true
			mu.Unlock()
		}
	})
	return s.Count("coalesced", coalesced)
}

// goschedSelfWake: two goroutines that only yield to each other on one
// processor's queue, the nearest thing to a task that reschedules itself.
func goschedSelfWake(n, _ int) harness.Sample {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	polls := 0
	var other sync.WaitGroup
	yield := func(n int) {
		for range n {
			polls++
			runtime.Gosched()
		}
	}
	s := harness.Timed(n, func() {
		other.Add(1)
		go func() { defer other.Done(); yield(n / 2) }()
		yield(n - n/2)
		other.Wait()
	})
	return s.Count("polls", polls)
}

// pullSelfWake: a coroutine of iter.Pull, resumed and suspended.
func pullSelfWake(n, _ int) harness.Sample {
	polls := 0
	next, stop := iter.Pull(func(yield func(int) bool) {
		for yield(polls) {
			polls++
		}
	})
	defer stop()
	s := harness.Timed(n, func() {
		for range n {
			next()
		}
	})
	next()
	return s.Count("polls", polls)
}

// condPingPong: two goroutines, a mutex, and one sync.Cond each way.
func condPingPong(n, _ int) harness.Sample {
	var mu sync.Mutex
	cond := [2]*sync.Cond{sync.NewCond(&mu), sync.NewCond(&mu)}
	turn, polls := 0, 0
	play := func(me int) {
		mu.Lock()
		defer mu.Unlock()
		for range n {
			for turn != me {
				cond[me].Wait()
			}
			polls++
			turn = 1 - me
			cond[turn].Signal()
		}
	}
	return harness.Pair(n, play).Count("polls", polls)
}

// chanPingPong: two goroutines over two unbuffered channels.
func chanPingPong(n, _ int) harness.Sample { return overChannels(n, 0) }

// chan1PingPong: the same over channels of capacity 1.
func chan1PingPong(n, _ int) harness.Sample { return overChannels(n, 1) }

func overChannels(n, capacity int) harness.Sample {
	ch := [2]chan struct{}{make(chan struct{}, capacity), make(chan struct{}, capacity)}
	var polls [2]int
	play := func(me int) {
		for range n {
			if me == 0 {
				ch[1] <- struct{}{}
				<-ch[0]
			} else {
				<-ch[1]
				ch[0] <- struct{}{}
			}
			polls[me]++
		}
	}
	return harness.Pair(n, play).Count("polls", polls[0]+polls[1])
}

// A workLoop is the three-state work loop of franz-go's client
// (pkg/kgo/atomic_maybe_work.go), in our own words: whoever finds it idle
// starts the loop, whoever finds it busy makes it go round once more.
type workLoop struct{ state atomic.Uint32 }

const (
	loopIdle = iota
	loopWorking
	loopAgain
)

func (l *workLoop) begin() bool {
	for {
		switch l.state.Load() {
		case loopIdle:
			if l.state.CompareAndSwap(loopIdle, loopWorking) {
				return true
			}
		case loopWorking:
			if l.state.CompareAndSwap(loopWorking, loopAgain) {
				return false
			}
		default:
			return false
		}
	}
}

func (l *workLoop) finish() (again bool) {
	for {
		switch l.state.Load() {
		case loopAgain:
			l.state.Store(loopWorking)
			return true
		default:
			if l.state.CompareAndSwap(loopWorking, loopIdle) {
				return false
			}
		}
	}
}

func loopNotified(n, _ int) harness.Sample {
	var l workLoop
	l.begin()
	l.begin()
	started := 0
	s := harness.Timed(n, func() {
		for range n {
			if l.begin() {
				started++
			}
		}
	})
	return s.Count("started", started)
}

func loopWakeRunIdle(n, _ int) harness.Sample {
	var l workLoop
	polls := 0
	s := harness.Timed(n, func() {
		for range n {
			if l.begin() {
				polls++
				for l.finish() {
					polls++
				}
			}
		}
	})
	return s.Count("runs", polls)
}

func loopSelfWake(n, _ int) harness.Sample {
	var l workLoop
	polls := 0
	s := harness.Timed(n, func() {
		for again := l.begin(); again; again = l.finish() {
			if polls++; polls < n {
				l.begin()
			}
		}
	})
	return s.Count("polls", polls)
}
