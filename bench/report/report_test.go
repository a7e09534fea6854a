package main

import (
	"math"
	"strings"
	"testing"
)

func TestParseSample(t *testing.T) {
	s, err := parseSample("rouse/sweep\t17.500\tops=100 polls=200\trun=3.250")
	if err != nil {
		t.Fatal(err)
	}
	if s.value != 17.5 || s.work["ops"] != 100 || s.work["polls"] != 200 || s.aux != 3.25 {
		t.Errorf("got %+v", s)
	}
	for _, bad := range []string{"", "op", "op\tx\tops=1", "op\t1\tops=x", "op\t1\tops=1\trun=x"} {
		if _, err := parseSample(bad); err == nil {
			t.Errorf("%q was taken for a sample", bad)
		}
	}
}

func TestSummary(t *testing.T) {
	s := summary([]float64{5, 1, 4, 2, 3})
	if s.median != 3 || s.q1 != 2 || s.q3 != 4 || s.low != 1 {
		t.Errorf("got %+v", s)
	}
	if s := summary([]float64{7}); s.median != 7 || s.q1 != 7 || s.q3 != 7 {
		t.Errorf("one value: got %+v", s)
	}
}

func twoSides(ours, theirs []float64, work1, work2 map[string]int) *measurement {
	return &measurement{row: op("clone-drop", "", "tokio"), sides: []*side{
		{op: "rouse/clone-drop", values: ours, work: work1},
		{op: "tokio/clone-drop", values: theirs, work: work2},
	}}
}

func TestRatioIsOfPairs(t *testing.T) {
	// The machine slowed down halfway: the medians would say 1.
	m := twoSides([]float64{1, 1, 4}, []float64{2, 2, 8}, nil, nil)
	c := m.comparisons()[0]
	if c.ratio.median != 0.5 || c.peer != "tokio" {
		t.Errorf("got %+v", c)
	}
}

func TestDifferentWorkIsRefused(t *testing.T) {
	same := twoSides(nil, nil, map[string]int{"ops": 1, "polls": 5}, map[string]int{"ops": 1, "polls": 5, "extra": 1})
	if err := same.checkWork(); err != nil {
		t.Error(err)
	}
	other := twoSides(nil, nil, map[string]int{"ops": 1, "polls": 5}, map[string]int{"ops": 1, "polls": 6})
	if err := other.checkWork(); err == nil || !strings.Contains(err.Error(), "polls") {
		t.Errorf("got %v", err)
	}
}

func TestGoals(t *testing.T) {
	r := &results{}
	r.add(twoSides([]float64{9, 9, 9}, []float64{10, 10, 10}, nil, nil))
	r.servers = []serverRow{{name: "RESP ops/s -c 500 -P 1", ours: 90, peers: []serverFigure{{"redcon", 100}}}}
	want := map[string]string{
		"clone-drop / tokio":              "met",
		"RESP ops/s -c 500 -P 1 / redcon": "missed",
		"self-wake / tokio":               "open",
	}
	for _, g := range goals() {
		state := "open"
		if v, ok := g.measured(r); ok {
			state = map[bool]string{true: "met", false: "missed"}[g.met(v)]
		}
		if w, ok := want[g.what]; ok && w != state {
			t.Errorf("%s: %s, want %s", g.what, state, w)
		}
	}
	if lines := r.lines(); !strings.HasPrefix(lines, "ratio\tclone-drop\t9.00\ttokio\t10.00\t0.900\n") {
		t.Errorf("got %q", lines)
	}
}

func TestEveryRowHasItsOperations(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rows() {
		if seen[r.name] {
			t.Errorf("two rows are called %s", r.name)
		}
		seen[r.name] = true
		if !strings.HasPrefix(r.ours, "rouse") || r.note == "" || math.IsNaN(r.memory(r.ours)) {
			t.Errorf("row %+v", r)
		}
	}
	for _, g := range goals() {
		row, _, _ := strings.Cut(g.what, " / ")
		if g.unit == "" && !seen[row] && !strings.HasPrefix(row, "RESP") {
			t.Errorf("goal %q has no row", g.what)
		}
	}
}
