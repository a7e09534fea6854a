package explore

import "testing"

// Two threads of n steps each on words of their own: with nothing pruned, the schedules are the
// interleavings, which are (2n over n).
func TestCountsInterleavings(t *testing.T) {
	for n, want := range map[int]int{1: 2, 2: 6, 3: 20, 5: 252, 8: 12870} {
		r := Run(Config{NoCache: true, NoReduction: true}, func(x *Exec) {
			var w [2]Uint64
			for i := range w {
				x.Go(string(rune('a'+i)), func() {
					for range n {
						w[i].Add(1)
					}
				})
			}
		})
		if r.Schedules != want || r.Complete != want || !r.Exhausted {
			t.Errorf("n = %d: %v, want %d schedules", n, r, want)
		}
		p := Run(Config{}, func(x *Exec) {
			var w [2]Uint64
			for i := range w {
				x.Go(string(rune('a'+i)), func() {
					for range n {
						w[i].Add(1)
					}
				})
			}
		})
		t.Log(p)
		p = Run(Config{NoReduction: true}, func(x *Exec) {
			var w [2]Uint64
			for i := range w {
				x.Go(string(rune('a'+i)), func() {
					for range n {
						w[i].Add(1)
					}
				})
			}
		})
		t.Log(p)
	}
}

func TestLostUpdate(t *testing.T) {
	scenario := func(inc func(*Uint64)) func(x *Exec) {
		return func(x *Exec) {
			var w Uint64
			x.Go("a", func() { inc(&w) })
			x.Go("b", func() { inc(&w) })
			x.Final(func() { x.Assert(w.Load() == 2, "w = %d", w.Load()) })
		}
	}
	r := CheckFails(t, Config{}, 10, scenario(func(w *Uint64) { w.Store(w.Load() + 1) }))
	t.Log(r.Failure)
	Check(t, Config{}, scenario(func(w *Uint64) { w.Add(1) }))
}

func BenchmarkShort(b *testing.B) {
	for b.Loop() {
		r := Run(Config{NoCache: true, NoReduction: true}, func(x *Exec) {
			w := new([2]Uint64)
			for i := range w {
				x.Go("t", func() {
					for range 9 {
						w[i].Add(1)
					}
				})
			}
		})
		b.ReportMetric(float64(r.Elapsed.Nanoseconds())/float64(r.Schedules), "ns/schedule")
		b.ReportMetric(float64(r.Elapsed.Nanoseconds())/float64(r.Steps), "ns/step")
	}
}
