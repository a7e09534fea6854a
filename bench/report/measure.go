package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// A side is one implementation in a row, and its samples.
type side struct {
	op      string // implementation/operation
	program *program
	values  []float64
	aux     []float64 // the second figure of each sample
	work    map[string]int
}

func (s *side) name() string {
	name, _, _ := strings.Cut(s.op, "/")
	return name
}

// A measurement is a row with the samples of all its sides; the kit's is first.
type measurement struct {
	row
	n     int
	sides []*side
	left  []string // sides that were not run, and why
}

// measure takes the samples of a row, all sides in turn, in the opposite order
// every other time, so that what disturbs the machine disturbs all alike.
func measure(ps *programs, r row, o options) (*measurement, error) {
	m := &measurement{row: r}
	for _, op := range append([]string{r.ours}, r.peers...) {
		p, ok := ps.find(op)
		switch why := ps.missing(op); {
		case !ok && why != "":
			m.left = append(m.left, op+": "+why)
			continue
		case !ok:
			return nil, fmt.Errorf("no program has %s", op)
		case r.memory(op) > availableMemory():
			m.left = append(m.left, fmt.Sprintf("%s: needs %.0f GB of memory", op, r.memory(op)/1e9))
			continue
		}
		m.sides = append(m.sides, &side{op: op, program: p})
	}
	if len(m.sides) == 0 || m.sides[0].op != r.ours {
		m.sides = nil
		return m, nil
	}
	return m, m.run(o)
}

// fewest is the number of pairs that a comparison takes at least.
const fewest = 7

// run takes the samples.
func (m *measurement) run(o options) error {
	if err := m.calibrate(o.sample); err != nil {
		return err
	}
	pairs := o.pairs
	switch {
	case m.alone: // memory, which hardly differs
		pairs = 3
	case m.iters >= 100*many:
		pairs = 5
	case m.iters >= many || o.quick && m.iters > 0:
		pairs = fewest
	}
	for pair := range pairs {
		order := slices.Clone(m.sides)
		if pair%2 == 1 {
			slices.Reverse(order)
		}
		for _, s := range order {
			if err := m.take(s); err != nil {
				return err
			}
		}
	}
	return m.checkWork()
}

// calibrate finds the number of operations with which the slowest side takes
// about d.
func (m *measurement) calibrate(d time.Duration) error {
	if m.iters != 0 {
		m.n = m.iters
		return nil
	}
	const trial = 2000
	slowest := 0.0
	for _, s := range m.sides {
		best := math.Inf(1)
		for range 2 {
			got, err := s.program.sample(s.op, trial)
			if err != nil {
				return err
			}
			best = min(best, got.value)
		}
		slowest = max(slowest, best)
	}
	m.n = max(trial, int(float64(d.Nanoseconds())/slowest))
	return nil
}

func (m *measurement) take(s *side) error {
	got, err := m.sample(s)
	// The system may have taken back more memory meanwhile than the tasks needed.
	for tries := 0; err == nil && got.value <= 0; tries++ {
		if tries == 5 {
			return fmt.Errorf("%s: %v is no figure", s.op, got.value)
		}
		got, err = m.sample(s)
	}
	if err != nil {
		return err
	}
	for k, v := range s.work {
		if got.work[k] != v {
			return fmt.Errorf("%s: %s=%d in one sample, %d in another", s.op, k, v, got.work[k])
		}
	}
	s.values, s.aux, s.work = append(s.values, got.value), append(s.aux, got.aux), got.work
	return nil
}

func (m *measurement) sample(s *side) (sample, error) {
	got, err := s.program.sample(s.op, m.n)
	if err == nil && m.alone {
		err = s.program.restart()
	}
	return got, err
}

// checkWork compares what the sides counted. A peer in Rust shares all of the
// kit's counters, a twin what it has.
func (m *measurement) checkWork() error {
	ours := m.sides[0]
	for _, s := range m.sides[1:] {
		for k, v := range s.work {
			if w, ok := ours.work[k]; ok && w != v {
				return fmt.Errorf("different work: %s counted %s=%d, %s %d", ours.op, k, w, s.op, v)
			}
		}
	}
	return nil
}

// outcome summarizes the samples.
func (m *measurement) outcome() *outcome {
	out := &outcome{name: m.name, left: m.left}
	for i, s := range m.sides {
		v := summary(s.values)
		out.sides = append(out.sides, figure{impl: s.name(), median: v.median, spread: v.spread(), low: v.low, aux: summary(s.aux).median})
		if i == 0 {
			continue
		}
		ratios := make([]float64, len(s.values))
		for k := range ratios {
			ratios[k] = m.sides[0].values[k] / s.values[k]
		}
		of := summary(ratios)
		q := ratio{peer: s.name(), median: of.median, q1: of.q1, q3: of.q3}
		if m.unit == "" {
			q.undisturbed = out.sides[0].low / v.low
		}
		out.ratios = append(out.ratios, q)
	}
	return out
}

type stats struct{ median, q1, q3, low float64 }

func summary(v []float64) stats {
	v = slices.Sorted(slices.Values(v))
	at := func(q float64) float64 {
		x := q * float64(len(v)-1)
		i := int(x)
		if i+1 == len(v) {
			return v[i]
		}
		return v[i] + (x-float64(i))*(v[i+1]-v[i])
	}
	return stats{median: at(0.5), q1: at(0.25), q3: at(0.75), low: v[0]}
}

// spread is half the distance of the quartiles, in per cent of the median.
func (s stats) spread() float64 {
	if s.median == 0 {
		return 0
	}
	return 50 * (s.q3 - s.q1) / s.median
}
