package explore

import (
	"fmt"
	"testing"
)

// task is a small task protocol: wakers notify a word, a runner polls while it is notified.
func task(wakers, wakes int, scoped bool) func(x *Exec) {
	const running, notified = 1, 2
	return func(x *Exec) {
		op := func(f func()) { f() }
		if scoped {
			op = x.Do
		}
		w := new(Uint64)
		var queue, sent, seen Ghost[int]
		done := new(Uint64)
		for i := range wakers {
			x.Go(fmt.Sprint("waker", i), func() {
				for range wakes {
					op(func() {
						sent.Set(sent.Get() + 1)
						for {
							s := w.Load()
							if w.CompareAndSwap(s, s|notified) {
								if s == 0 {
									queue.Set(queue.Get() + 1)
								}
								return
							}
						}
					})
				}
				done.Add(1)
			})
		}
		x.Go("runner", func() {
			for {
				x.Await("work", func() bool { return queue.Get() > 0 || done.Load() == uint64(wakers) })
				if queue.Get() == 0 {
					return
				}
				op(func() {
					queue.Set(queue.Get() - 1)
					w.Sub(notified - running)
					seen.Set(sent.Get())
					if w.Sub(running)&notified != 0 {
						queue.Set(queue.Get() + 1)
					}
				})
			}
		})
		x.Final(func() { x.Assert(seen.Get() == sent.Get(), "the last wake is not seen") })
	}
}

func benchmark(b *testing.B, c Config, body func(x *Exec)) {
	var r Report
	for b.Loop() {
		r = Run(c, body)
	}
	if r.Failure != nil {
		b.Fatal(r.Failure)
	}
	b.ReportMetric(float64(r.Schedules), "schedules")
	b.ReportMetric(float64(r.States), "states")
	b.ReportMetric(float64(r.Elapsed.Nanoseconds())/float64(r.Schedules), "ns/schedule")
	b.ReportMetric(float64(r.Elapsed.Nanoseconds())/float64(r.Steps), "ns/step")
}

func BenchmarkBare(b *testing.B) {
	benchmark(b, Config{NoCache: true, NoReduction: true}, independent(8))
}

func BenchmarkTask(b *testing.B) {
	for name, c := range map[string]Config{"cache": {NoReduction: true}, "both": {}, "retry": {RetryLoops: true}} {
		for _, n := range [][2]int{{2, 1}, {2, 2}, {3, 1}} {
			b.Run(fmt.Sprint(name, n), func(b *testing.B) { benchmark(b, c, task(n[0], n[1], true)) })
		}
		b.Run(name+"/unscoped", func(b *testing.B) { benchmark(b, c, task(2, 1, false)) })
	}
}

func BenchmarkShort(b *testing.B) {
	benchmark(b, Config{NoCache: true, NoReduction: true}, independent(3))
}

func BenchmarkOneThread(b *testing.B) {
	benchmark(b, Config{NoCache: true}, func(x *Exec) {
		w := new(Uint64)
		x.Go("a", func() {
			for range 5000 {
				w.Add(1)
			}
		})
	})
}
