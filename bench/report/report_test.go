package main

import (
	"bufio"
	"bytes"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rouse-go/rouse/bench"
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
	if s.median != 3 || s.q1 != 2 || s.q3 != 4 || s.low != 1 || math.Abs(s.spread()-100.0/3) > 1e-9 {
		t.Errorf("got %+v", s)
	}
	if s := summary([]float64{7}); s.median != 7 || s.q1 != 7 || s.q3 != 7 || s.spread() != 0 {
		t.Errorf("one value: got %+v", s)
	}
	if s := summary([]float64{0, 0}); s.spread() != 0 {
		t.Errorf("nothing measured has a spread of %v", s.spread())
	}
}

func twoSides(ours, theirs []float64, work1, work2 map[string]int) *measurement {
	return &measurement{row: op("clone-drop", "", "tokio"), sides: []*side{
		{op: "rouse/clone-drop", values: ours, aux: make([]float64, len(ours)), work: work1},
		{op: "tokio/clone-drop", values: theirs, aux: make([]float64, len(theirs)), work: work2},
	}}
}

func TestRatioIsOfPairs(t *testing.T) {
	// The machine slowed down halfway: the medians would say 1.
	q := twoSides([]float64{1, 1, 4}, []float64{2, 2, 8}, nil, nil).outcome().ratios[0]
	if q.median != 0.5 || q.undisturbed != 0.5 || q.peer != "tokio" {
		t.Errorf("got %+v", q)
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

// What cannot be run is named, and costs no other row.
func TestWhatIsMissing(t *testing.T) {
	ps := &programs{why: map[string]string{"rouse-executor": "it is not there"}}
	m, err := measure(ps, row{name: "x", ours: "rouse-executor/yield@1"}, options{})
	if err != nil {
		t.Fatal(err)
	}
	if out := m.outcome(); len(out.sides) > 0 || !slices.Equal(out.left, []string{"rouse-executor/yield@1: it is not there"}) {
		t.Errorf("got %+v", out)
	}
	if _, err := measure(ps, op("clone-drop", ""), options{}); err == nil {
		t.Error("an operation that should be there may be missing")
	}
}

func TestProgramsNames(t *testing.T) {
	p := &program{as: "tokio-1.48", ops: map[string]string{"tokio-1.48/yield@": "tokio/yield@"}}
	ps := &programs{all: []*program{p}}
	if found, ok := ps.find("tokio-1.48/yield@4"); !ok || found != p {
		t.Error("not found")
	}
	if own, ok := p.own("tokio-1.48/yield@4"); !ok || own != "tokio/yield@4" {
		t.Errorf("%q", own)
	}
	if _, ok := ps.find("tokio/yield@4"); ok {
		t.Error("the old tokio was taken for the new one")
	}
}

func TestGoals(t *testing.T) {
	r := &record{rows: []*outcome{twoSides([]float64{9, 9, 9}, []float64{10, 10, 10}, nil, nil).outcome()}}
	r.servers = []serverRow{{name: "RESP ops/s -c 500 -P 1", ours: 90, peers: []serverFigure{{"redcon", 100}}}}
	want := map[string]string{
		"clone-drop / tokio":              "met",
		"RESP ops/s -c 500 -P 1 / redcon": "missed",
		"self-wake / tokio":               "open",
	}
	for _, g := range goals() {
		_, state := g.state(r)
		if w, ok := want[g.what]; ok && w != state {
			t.Errorf("%s: %s, want %s", g.what, state, w)
		}
		delete(want, g.what)
	}
	if len(want) > 0 {
		t.Errorf("no such goals: %v", want)
	}
}

func TestRows(t *testing.T) {
	all := rows(4)
	seen := map[string]row{}
	for _, r := range all {
		if _, twice := seen[r.name]; twice {
			t.Errorf("two rows are called %s", r.name)
		}
		seen[r.name] = r
		ours := strings.HasPrefix(r.ours, "rouse") || strings.HasPrefix(r.ours, "locked/")
		if !ours || r.note == "" || math.IsNaN(r.memory(r.ours)) || strings.Contains(r.name, "\t") {
			t.Errorf("row %+v", r)
		}
		if found, ok := find(r.name); !ok || found.ours != r.ours && r.threads == 0 || found.threads != r.threads {
			t.Errorf("find(%q) = %+v", r.name, found)
		}
	}
	for _, g := range goals() {
		row, peer, compared := strings.Cut(g.what, " / ")
		if !compared || strings.HasPrefix(row, "RESP") {
			continue
		}
		if r, ok := seen[row]; !ok || !slices.ContainsFunc(r.peers, func(p string) bool { return strings.HasPrefix(p, peer+"/") }) {
			t.Errorf("goal %q has no row", g.what)
		}
	}
	if _, ok := find("no such row"); ok {
		t.Error("found a row that is not there")
	}
}

func TestThreadCounts(t *testing.T) {
	for most, want := range map[int][]int{1: {1, 2}, 2: {1, 2}, 6: {1, 2, 4, 6}, 16: {1, 2, 4, 8, 16}} {
		if got := threadCounts(most); !slices.Equal(got, want) {
			t.Errorf("up to %d: %v, want %v", most, got, want)
		}
	}
}

func TestHistory(t *testing.T) {
	r := sampleRecord()
	r.host.Commit = "abc"
	lines := r.history()
	if want := "abc\t2026-01-02 03:04:05\tA CPU, 2 cores\trouse/clone-drop\t12.00\t40"; !slices.Contains(lines, want) {
		t.Errorf("%q does not have %q", lines, want)
	}
	text := mergeHistory("", lines)
	if again := mergeHistory(text, lines); again != text {
		t.Errorf("the same lines twice:\n%s", again)
	}
	other := strings.Replace(lines[0], "abc\t", "def\t", 1)
	if grown := mergeHistory(text, []string{other}); grown != text+other+"\n" {
		t.Errorf("another commit:\n%s", grown)
	}
}

func TestCompareText(t *testing.T) {
	for word, q := range map[string]ratio{
		"faster": {median: .9, q1: .85, q3: .95},
		"slower": {median: 1.1, q1: 1.05, q3: 1.2},
		"":       {median: 1.01, q1: 1.005, q3: 1.02},
	} {
		line := compareText(&outcome{name: "rouse/clone-drop", sides: make([]figure, 2), ratios: []ratio{q}})
		if got := strings.Contains(line, "faster"); got != (word == "faster") {
			t.Errorf("%q, want %s", line, word)
		}
		if got := strings.Contains(line, "slower"); got != (word == "slower") {
			t.Errorf("%q, want %s", line, word)
		}
	}
}

func TestUnpackAndCommon(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "old")
	if err := unpack(filepath.Join("..", ".."), "no-such-commit", dir); err == nil {
		t.Error("unpacked a commit that is not there")
	}
	ops := func(names ...string) *program {
		p := &program{ops: map[string]string{}}
		for _, n := range names {
			p.ops[n] = n
		}
		return p
	}
	now := ops("rouse/clone-drop", "rouse/new", "rouse/owned@", "rouse/sweep", "goroutine/spawn-join", "rouse-queue/self-wake")
	then := ops("rouse/clone-drop", "rouse/owned@", "rouse/sweep", "goroutine/spawn-join", "rouse-queue/self-wake")
	if got := common(now, then, options{only: regexp.MustCompile("")}); !slices.Equal(got, []string{"rouse-queue/self-wake", "rouse/clone-drop"}) {
		t.Errorf("%q", got)
	}
}

// Every operation of every row is in one of the programs.
func TestRowsHaveTheirOperations(t *testing.T) {
	root := filepath.Join("..", "..")
	var sources strings.Builder
	for _, file := range []string{"bench/twins/main.go", "bench/peers/src/main.rs", "examples/executor/cmd/ops/main.go"} {
		b, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		sources.Write(b)
	}
	kit, twins := bench.Kit(), bench.Twins()
	for _, r := range rows(2) {
		for _, op := range append([]string{r.ours}, r.peers...) {
			op = strings.Replace(op, "tokio-1.48/", "tokio/", 1)
			if base, _, threads := strings.Cut(op, "@"); threads {
				op = base + "@"
			}
			if kit[op] == nil && twins[op] == nil && !strings.Contains(sources.String(), `"`+op+`"`) {
				t.Errorf("%s: no program has %s", r.name, op)
			}
		}
	}
}

// A figure that cannot be is taken again, and is an error if it stays.
func TestImpossibleSamplesAreTakenAgain(t *testing.T) {
	answer := func(lines string) *measurement {
		p := &program{in: nopCloser{}, lines: bufio.NewScanner(strings.NewReader(lines)), ops: map[string]string{"a/b": "a/b"}}
		return &measurement{sides: []*side{{op: "a/b", program: p}}, n: 1}
	}
	good := answer("a/b\t-3\tops=1\na/b\t0\tops=1\na/b\t7\tops=1\n")
	if err := good.take(good.sides[0]); err != nil || !slices.Equal(good.sides[0].values, []float64{7}) {
		t.Errorf("%v, %v", good.sides[0].values, err)
	}
	bad := answer(strings.Repeat("a/b\t-3\tops=1\n", 10))
	if err := bad.take(bad.sides[0]); err == nil {
		t.Error("a negative figure was accepted")
	}
}

type nopCloser struct{ bytes.Buffer }

func (nopCloser) Write(p []byte) (int, error) { return len(p), nil }
func (nopCloser) Close() error                { return nil }
