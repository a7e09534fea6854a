package workqueue_test

import (
	"fmt"
	"sync"
	"testing"

	clientgo "k8s.io/client-go/util/workqueue"
)

func benchBoth(b *testing.B, bench func(b *testing.B, q clientgo.TypedInterface[string], keys []string)) {
	keys := make([]string, 1000)
	for i := range keys {
		keys[i] = fmt.Sprintf("namespace-%d/name-%d", i%10, i)
	}
	for _, name := range []string{"rouse", "client-go"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			bench(b, queues[name](), keys)
		})
	}
}

// BenchmarkCycle is an item that is added, got and done.
func BenchmarkCycle(b *testing.B) {
	benchBoth(b, func(b *testing.B, q clientgo.TypedInterface[string], keys []string) {
		for i := range b.N {
			q.Add(keys[i%len(keys)])
			k, _ := q.Get()
			q.Done(k)
		}
	})
}

// BenchmarkAddedAgain adds an item that is due already.
func BenchmarkAddedAgain(b *testing.B) {
	benchBoth(b, func(b *testing.B, q clientgo.TypedInterface[string], keys []string) {
		for _, k := range keys {
			q.Add(k)
		}
		b.ResetTimer()
		for i := range b.N {
			q.Add(keys[i%len(keys)])
		}
	})
}

// BenchmarkBacklog is a cycle while a thousand items are due.
func BenchmarkBacklog(b *testing.B) {
	benchBoth(b, func(b *testing.B, q clientgo.TypedInterface[string], keys []string) {
		for _, k := range keys {
			q.Add(k)
		}
		b.ResetTimer()
		for range b.N {
			k, _ := q.Get()
			q.Add(k) // while it is processed
			q.Done(k)
		}
	})
}

// BenchmarkWorkers has four producers and four workers.
func BenchmarkWorkers(b *testing.B) {
	benchBoth(b, func(b *testing.B, q clientgo.TypedInterface[string], keys []string) {
		var workers, producers sync.WaitGroup
		for range 4 {
			workers.Add(1)
			go func() {
				defer workers.Done()
				for k, shutdown := q.Get(); !shutdown; k, shutdown = q.Get() {
					q.Done(k)
				}
			}()
		}
		b.ResetTimer()
		for p := range 4 {
			producers.Add(1)
			go func() {
				defer producers.Done()
				for i := range b.N / 4 {
					q.Add(keys[(i*7+p)%len(keys)])
				}
			}()
		}
		producers.Wait()
		q.ShutDown()
		workers.Wait()
	})
}
