package bench

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rouse-go/rouse/bench/harness"
)

// pieceTwins returns the twins of pieces.
func pieceTwins() harness.Ops {
	return harness.Ops{
		"chan/steal-queue":                  func(n, _ int) harness.Sample { return chanQueue(n, 1) },
		"chan/steal-queue-32":               func(n, _ int) harness.Sample { return chanQueue(n, 32) },
		"chan1/park-permit":                 chanPermit,
		"cond/park-permit":                  condPermit,
		"chan1/park-ping-pong":              chan1PingPong,
		"cond/park-ping-pong":               condPingPong,
		"chan1/notify-wait":                 chanPermit,
		"chan1/notify-kept":                 chanNotified,
		"chan/semaphore":                    chanSemaphore,
		"chan/semaphore-try":                chanSemaphoreTry,
		"mutexmap/owned@":                   mapContended,
		"goroutine/spawn-join-all@":         goJoinAll,
		"goroutine/yield@":                  goYield,
		"goroutine/channel@":                goChannel,
		"goroutine/sleeping-bytes":          goSleepingBytes,
		"workloop-publishing/wake-run-idle": publishingRuns,
		"workloop-publishing/wake-notified": publishingNotified,
		"locked/add":                        lockedAdd,
		"locked/cas":                        lockedCAS,
	}
}

// chanPermit: a permit in a channel of capacity 1, and its taking.
func chanPermit(n, _ int) harness.Sample {
	ch, taken := make(chan struct{}, 1), 0
	return harness.Timed(n, func() {
		for range n {
			select {
			case ch <- struct{}{}:
			default:
			}
			<-ch
			taken++
		}
	}).Count("ready", taken)
}

// condPermit: the same as a flag with a sync.Cond.
func condPermit(n, _ int) harness.Sample {
	var mu sync.Mutex
	cond, permit := sync.NewCond(&mu), false
	return harness.Timed(n, func() {
		for range n {
			mu.Lock()
			permit = true
			cond.Signal()
			mu.Unlock()

			mu.Lock()
			for !permit {
				cond.Wait()
			}
			permit = false
			mu.Unlock()
		}
	})
}

// chanSemaphore: places in a buffered channel are permits.
func chanSemaphore(n, _ int) harness.Sample {
	ch, taken := make(chan struct{}, 1), 0
	return harness.Timed(n, func() {
		for range n {
			ch <- struct{}{}
			taken++
			<-ch
		}
	}).Count("ready", taken)
}

func chanSemaphoreTry(n, _ int) harness.Sample {
	ch, taken := make(chan struct{}, 1), 0
	return harness.Timed(n, func() {
		for range n {
			select {
			case ch <- struct{}{}:
				taken++
			default:
			}
			<-ch
		}
	}).Count("ready", taken)
}

// mapContended is mapOwned from several goroutines at once.
func mapContended(n, threads int) harness.Sample {
	var mu sync.Mutex
	live := make(map[*int]struct{})
	d := harness.Contend(threads, func(int) {
		p := new(int)
		for range n {
			mu.Lock()
			live[p] = struct{}{}
			mu.Unlock()
			mu.Lock()
			delete(live, p)
			mu.Unlock()
		}
	})
	return harness.Sample{Elapsed: d, Ops: n}.Count("live", len(live))
}

// goJoinAll: a goroutine starts n others, and waits for what they return.
func goJoinAll(n, threads int) harness.Sample {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads))
	var done sync.WaitGroup
	sum := 0
	return harness.Timed(n, func() {
		out := make([]int, n)
		done.Add(n)
		for i := range n {
			go func() { defer done.Done(); out[i] = i + 1 }()
		}
		done.Wait()
		for _, v := range out {
			sum += v
		}
	}).Count("sum", sum)
}

// goYield: a goroutine that lets the others go first, of which there are none.
func goYield(n, threads int) harness.Sample {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads))
	yields := 0
	return harness.Timed(n, func() {
		for range n {
			runtime.Gosched()
			yields++
		}
	}).Count("yields", yields)
}

// channelCapacity is how many messages a bounded channel holds, the Rust
// program's too.
const channelCapacity = 64

// goChannel: one goroutine sends, another receives.
func goChannel(n, threads int) harness.Sample {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads))
	ch, sum := make(chan int, channelCapacity), 0
	return harness.Timed(n, func() {
		go func() {
			for i := range n {
				ch <- i + 1
			}
			close(ch)
		}()
		for v := range ch {
			sum += v
		}
	}).Count("sum", sum)
}

// goSleepingBytes is the resident memory of a goroutine that sleeps. None of them
// ends before the program does.
func goSleepingBytes(n, _ int) harness.Sample {
	runtime.GC()
	before := harness.ResidentBytes()
	var asleep sync.WaitGroup
	asleep.Add(n)
	for range n {
		go func() {
			asleep.Done()
			time.Sleep(time.Hour)
		}()
	}
	asleep.Wait()
	runtime.GC()
	return harness.Sample{Ops: n, Value: (harness.ResidentBytes() - before) / float64(n)}
}

// beginPublishing is begin, but who finds the loop notified already publishes
// what it wrote, as the kit does.
func (l *workLoop) beginPublishing() bool {
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
			if l.state.CompareAndSwap(loopAgain, loopAgain) {
				return false
			}
		}
	}
}

func publishingRuns(n, _ int) harness.Sample {
	var l workLoop
	runs := 0
	return harness.Timed(n, func() {
		for range n {
			if l.beginPublishing() {
				runs++
				for l.finish() {
					runs++
				}
			}
		}
	}).Count("runs", runs)
}

func publishingNotified(n, _ int) harness.Sample {
	var l workLoop
	l.begin()
	l.begin()
	started := 0
	return harness.Timed(n, func() {
		for range n {
			if l.beginPublishing() {
				started++
			}
		}
	}).Count("started", started)
}

// lockedAdd is what one locked instruction costs here: the kit's operations
// are so many of them, and what is between.
func lockedAdd(n, _ int) harness.Sample {
	var word atomic.Uint64
	return harness.Timed(n, func() {
		for range n {
			word.Add(1)
		}
	})
}

func lockedCAS(n, _ int) harness.Sample {
	var word atomic.Uint64
	return harness.Timed(n, func() {
		for i := range uint64(n) {
			word.CompareAndSwap(i, i+1)
		}
	})
}
