// Ops runs operations of the executor for bench/report, which compares them with
// those of tokio's runtimes and with goroutines; see bench/harness.
package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/bench/harness"
	"github.com/rouse-go/rouse/examples/executor"
)

func main() {
	harness.Main("executor-ops", harness.Ops{
		"rouse-executor/spawn-join-all@": spawnJoinAll,
		"rouse-executor/yield@":          yields,
		"rouse-executor/channel@":        channel,
		"rouse-executor/sleeping-bytes":  sleepingBytes,
	})
}

// run runs a future as a task of an executor with so many workers.
func run[F rouse.Future[harness.Sample]](workers int, f func(*executor.Executor) F) harness.Sample {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(workers))
	e := executor.New(workers)
	j := executor.Spawn(e, f(e))
	s, err := j.Join(context.Background())
	if err == nil {
		err = e.Shutdown(context.Background())
	}
	if err != nil {
		panic(fmt.Sprint("executor: ", err))
	}
	return s
}

// spawnJoinAll: a task spawns n others, and joins them all.
func spawnJoinAll(n, workers int) harness.Sample {
	return run(workers, func(e *executor.Executor) *spawner { return &spawner{e: e, n: n} })
}

type spawner struct {
	e      *executor.Executor
	n      int
	start  time.Time
	joins  []rouse.JoinHandle[int]
	joined int
	sum    int
}

func (s *spawner) Poll(cx rouse.Context) (got harness.Sample, ready bool) {
	if s.joins == nil {
		s.start = time.Now()
		s.joins = make([]rouse.JoinHandle[int], s.n)
		for i := range s.joins {
			s.joins[i] = executor.Spawn(s.e, rouse.Ready(i+1))
		}
	}
	for ; s.joined < s.n; s.joined++ {
		res, ready := s.joins[s.joined].Poll(cx)
		if !ready {
			return got, false
		}
		s.sum += res.Value
	}
	got = harness.Sample{Elapsed: time.Since(s.start), Ops: s.n}
	return got.Count("sum", s.sum), true
}

// yields: a task that lets the others go first, of which there are none.
func yields(n, workers int) harness.Sample {
	return run(workers, func(*executor.Executor) *yielder { return &yielder{n: n} })
}

//wakervet:allow futuredrop the future of Yield has no destructor
type yielder struct {
	n, done int
	start   time.Time
	yield   rouse.Future[struct{}]
}

func (y *yielder) Poll(cx rouse.Context) (got harness.Sample, ready bool) {
	if y.yield == nil {
		y.start, y.yield = time.Now(), executor.Yield()
	}
	for {
		if _, ready := y.yield.Poll(cx); !ready {
			return got, false
		}
		if y.done++; y.done == y.n {
			got = harness.Sample{Elapsed: time.Since(y.start), Ops: y.n}
			return got.Count("yields", y.done), true
		}
		y.yield = executor.Yield()
	}
}

// capacity is how many messages the channel holds, the peers' too.
const capacity = 64

// channel: one task sends, another receives.
func channel(n, workers int) harness.Sample {
	return run(workers, func(e *executor.Executor) *receiver {
		return &receiver{e: e, n: n, c: executor.NewChannel[int](capacity)}
	})
}

type sender struct {
	c    *executor.Channel[int]
	wait rouse.Waiter
	n, i int
}

func (s *sender) Poll(cx rouse.Context) (none struct{}, ready bool) {
	for ; s.i < s.n; s.i++ {
		if _, ready := s.c.Send(cx, &s.wait, s.i+1); !ready {
			return none, false
		}
	}
	s.c.Close()
	return none, true
}

func (s *sender) Drop() { s.wait.Drop() }

type receiver struct {
	e     *executor.Executor
	c     *executor.Channel[int]
	wait  rouse.Waiter
	n     int
	start time.Time
	sum   int
}

func (r *receiver) Poll(cx rouse.Context) (got harness.Sample, ready bool) {
	if r.start.IsZero() {
		r.start = time.Now()
		j := executor.Spawn(r.e, &sender{c: r.c, n: r.n})
		j.Detach()
	}
	for {
		v, ready := r.c.Recv(cx, &r.wait)
		if !ready {
			return got, false
		}
		if !v.OK {
			got = harness.Sample{Elapsed: time.Since(r.start), Ops: r.n}
			return got.Count("sum", r.sum), true
		}
		r.sum += v.Value
	}
}

func (r *receiver) Drop() { r.wait.Drop() }

// sleepingBytes is the resident memory of a task that sleeps.
func sleepingBytes(n, _ int) harness.Sample {
	e := executor.New(0)
	runtime.GC()
	before := harness.ResidentBytes()
	for range n {
		j := executor.Spawn(e, executor.Sleep(time.Hour))
		j.Detach()
	}
	for e.Stats().Wakers < uint64(n) { // each that sleeps has left one with its timer
		time.Sleep(time.Millisecond)
	}
	runtime.GC()
	s := harness.Sample{Ops: n, Value: (harness.ResidentBytes() - before) / float64(n)}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	e.Shutdown(ended)
	return s
}
