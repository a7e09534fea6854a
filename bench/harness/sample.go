// Package harness runs operations and reports what they cost, in the form that
// the Rust program of bench/peers has too, so that bench/report can run both
// alternately.
package harness

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// A Sample is what one timed run of an operation reports.
type Sample struct {
	Elapsed time.Duration
	Ops     int     // operations timed
	Value   float64 // the figure when it is no time (bytes per task); else 0
	Work    []Work  // what was really done
	Aux     string  // name of a second figure
	AuxVal  float64
}

// A Work is a number of things done. Two programs that ran the same operation
// report the same counts, or their times are not compared.
type Work struct {
	What string
	N    int
}

// Timed times f, which does n operations. It is not inlined so that tools can
// count instructions in it alone.
//
//go:noinline
func Timed(n int, f func()) Sample {
	start := time.Now()
	f()
	return Sample{Elapsed: time.Since(start), Ops: n}
}

// Count returns s with one more count of work.
func (s Sample) Count(what string, n int) Sample {
	s.Work = append(s.Work, Work{what, n})
	return s
}

// WithTime returns s with a second time, that of all operations.
func (s Sample) WithTime(what string, d time.Duration) Sample {
	return s.With(what, float64(d.Nanoseconds())/float64(s.Ops))
}

// With returns s with a second figure, per operation.
func (s Sample) With(what string, v float64) Sample {
	s.Aux, s.AuxVal = what, v
	return s
}

// PerOp returns nanoseconds (or bytes) per operation.
func (s Sample) PerOp() float64 {
	if s.Value != 0 {
		return s.Value
	}
	return float64(s.Elapsed.Nanoseconds()) / float64(s.Ops)
}

// Line formats the sample as
// op<TAB>ns per op<TAB>ops=N counter=N…[<TAB>aux=ns], the Rust program's form.
func (s Sample) Line(op string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\t%.3f\tops=%d", op, s.PerOp(), s.Ops)
	for _, c := range s.Work {
		fmt.Fprintf(&b, " %s=%d", c.What, c.N)
	}
	if s.Aux != "" {
		fmt.Fprintf(&b, "\t%s=%.3f", s.Aux, s.AuxVal)
	}
	return b.String()
}

// Rounds returns how many rounds of size batch hold at least n operations.
func Rounds(n, batch int) int { return (n + batch - 1) / batch }

// ResidentBytes returns the resident set size, 0 where the system does not
// tell it.
func ResidentBytes() float64 {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	f := strings.Fields(string(data))
	if len(f) < 2 {
		return 0
	}
	pages, err := strconv.ParseFloat(f[1], 64)
	if err != nil {
		return 0
	}
	return pages * float64(os.Getpagesize())
}

// Shuffle puts v in the order of a fixed pseudo-random permutation, the same
// one as in the Rust program.
func Shuffle[T any](v []T) {
	x := uint64(0x9E3779B97F4A7C15)
	for i := len(v) - 1; i > 0; i-- {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		j := x % uint64(i+1)
		v[i], v[j] = v[j], v[i]
	}
}
