package executor

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
)

// These benchmarks are of tasks, each beside the same with goroutines. The report
// of the README is made by alternating them: go test -bench . -count 5.

func BenchmarkYield(b *testing.B) {
	for _, tasks := range []int{1, 1000} {
		b.Run(fmt.Sprintf("tasks/%d", tasks), func(b *testing.B) {
			e := New(0)
			defer e.Shutdown(background)
			g := NewGroup(e)
			for b.Loop() {
				for range tasks {
					left := perLoop / tasks
					g.Go(rouse.FutureFunc[error](func(cx rouse.Context) (error, bool) {
						if left--; left < 0 {
							return nil, true
						}
						cx.Waker().WakeByRef()
						return nil, false
					}))
				}
				rouse.BlockOn(background, g.Wait())
			}
			per(b, perLoop)
		})
		b.Run(fmt.Sprintf("goroutines/%d", tasks), func(b *testing.B) {
			for b.Loop() {
				var all sync.WaitGroup
				for range tasks {
					all.Add(1)
					go func() {
						defer all.Done()
						for range perLoop / tasks {
							runtime.Gosched()
						}
					}()
				}
				all.Wait()
			}
			per(b, perLoop)
		})
	}
}

// perLoop is how many operations one turn of a benchmark consists of.
const perLoop = 100_000

func per(b *testing.B, n int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/each")
}

func BenchmarkChannel(b *testing.B) {
	for _, capacity := range []int{1, 16, 128} {
		b.Run(fmt.Sprintf("tasks/%d", capacity), func(b *testing.B) {
			e := New(0)
			defer e.Shutdown(background)
			for b.Loop() {
				c := NewChannel[int](capacity)
				p, r := Spawn(e, &producer{c: c, end: perLoop}), Spawn(e, &consumer{c: c})
				p.Join(background)
				c.Close()
				r.Join(background)
			}
			per(b, perLoop)
		})
		b.Run(fmt.Sprintf("goroutines/%d", capacity), func(b *testing.B) {
			for b.Loop() {
				c, done := make(chan int, capacity), make(chan int)
				go func() {
					for i := range perLoop {
						c <- i
					}
					close(c)
				}()
				go func() {
					sum := 0
					for v := range c {
						sum += v
					}
					done <- sum
				}()
				<-done
			}
			per(b, perLoop)
		})
	}
}

func BenchmarkSpawnJoin(b *testing.B) {
	b.Run("tasks", func(b *testing.B) {
		e := New(0)
		defer e.Shutdown(background)
		handles := make([]rouse.JoinHandle[int], perLoop)
		for b.Loop() {
			for i := range handles {
				handles[i] = Spawn(e, rouse.Ready(i))
			}
			for i := range handles {
				if v, err := handles[i].Join(background); v != i || err != nil {
					b.Fatal(v, err)
				}
			}
		}
		per(b, perLoop)
	})
	b.Run("goroutines", func(b *testing.B) {
		out := make([]int, perLoop)
		for b.Loop() {
			var all sync.WaitGroup
			for i := range out {
				all.Add(1)
				go func() {
					out[i] = i
					all.Done()
				}()
			}
			all.Wait()
		}
		per(b, perLoop)
	})
}

// BenchmarkSleeping reports the memory of a task, and of a goroutine, that sleeps.
func BenchmarkSleeping(b *testing.B) {
	const sleepers = 1_000_000
	b.Run("tasks", func(b *testing.B) {
		for b.Loop() {
			e := New(0)
			before := memory()
			for range sleepers {
				j := Spawn(e, Sleep(time.Hour))
				j.Detach()
			}
			for e.hasWork() {
				time.Sleep(time.Millisecond)
			}
			b.ReportMetric(float64(memory()-before)/sleepers, "B/each")
			ctx, cancel := context.WithCancel(background)
			cancel()
			e.Shutdown(ctx)
		}
	})
	b.Run("goroutines", func(b *testing.B) {
		for b.Loop() {
			before := memory()
			var all sync.WaitGroup
			var asleep sync.WaitGroup
			asleep.Add(sleepers)
			for range sleepers {
				all.Add(1)
				go func() {
					asleep.Done()
					time.Sleep(8 * time.Second)
					all.Done()
				}()
			}
			asleep.Wait()
			b.ReportMetric(float64(memory()-before)/sleepers, "B/each")
			all.Wait()
		}
	})
}

// memory returns what the program has from the system, after a collection.
func memory() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse + m.OtherSys
}
