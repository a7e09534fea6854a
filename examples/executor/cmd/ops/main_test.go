package main

import (
	"testing"

	"github.com/rouse-go/rouse/bench/harness"
)

// Each operation does what it was asked to.
func TestWork(t *testing.T) {
	const n = 1000
	for name, c := range map[string]struct {
		op   harness.Op
		want harness.Work
	}{
		"spawnJoinAll": {spawnJoinAll, harness.Work{What: "sum", N: n * (n + 1) / 2}},
		"yields":       {yields, harness.Work{What: "yields", N: n}},
		"channel":      {channel, harness.Work{What: "sum", N: n * (n + 1) / 2}},
	} {
		for workers := 1; workers <= 2; workers++ {
			s := c.op(n, workers)
			if s.Ops != n || len(s.Work) != 1 || s.Work[0] != c.want {
				t.Errorf("%s with %d workers: %+v, want %+v", name, workers, s, c.want)
			}
		}
	}
	if s := sleepingBytes(n, 1); s.Ops != n {
		t.Errorf("sleepingBytes: %+v", s)
	}
}
