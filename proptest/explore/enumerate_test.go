package explore

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rouse-go/rouse/proptest/internal/enumerate"
)

var (
	programs     = flag.Int("programs", 1500, "small programs to compare the search with an enumeration on")
	programsSeed = flag.Uint64("programs.seed", 0, "of half of them; 0 draws one")
)

// searched is everything that the search finds can become of p, in the words of package enumerate.
func searched(c Config, p enumerate.Program) (map[string]bool, Report) {
	set := map[string]bool{}
	c.RetryLoops = p.Retry
	e := newEngine(c, func(x *Exec) {
		s := &small{x: x, pool: Pool{New: func() any { return new(node) }}, out: make([]Ghost[string], len(p.Threads))}
		if p.Named {
			x.Name(s, "s")
		}
		for i, t := range p.Threads {
			start := x.Go
			if t.Daemon {
				start = x.Daemon
			}
			start(enumerate.Name(i), func() { (&smallThread{small: s, id: i}).run(t.Code) })
		}
		x.Final(func() { set[s.final().String()] = true })
	})
	e.collect = func(f *Failure) { set[f.outcome()] = true }
	return set, e.runAll()
}

var (
	panicked    = regexp.MustCompile(`^panic in \w+`)
	stuckThread = regexp.MustCompile(`(\w+) in \S+`)
	ofPlain     = regexp.MustCompile(`plains\[(\d+)\]`)
	racedOn     = regexp.MustCompile(`^race on [^:]*`)
)

// outcome is the failure in the words of package enumerate.
func (f *Failure) outcome() string {
	switch {
	case f.Race != nil:
		where := "a node"
		if m := ofPlain.FindStringSubmatch(f.Race.Location); m != nil {
			where = "plain " + m[1]
		}
		op := "read"
		if f.Race.Second.Write {
			op = "write"
		}
		return fmt.Sprintf("race on %s: %s by %s", where, op, f.Race.Second.Thread)
	case strings.HasPrefix(f.Message, "deadlock: "):
		var names []string
		for _, m := range stuckThread.FindAllStringSubmatch(f.Message[len("deadlock: "):], -1) {
			names = append(names, m[1])
		}
		return enumerate.Deadlock(names)
	}
	if m := panicked.FindString(f.Message); m != "" {
		return m
	}
	return f.Message
}

// disagreement compares what the search finds with what there is, and describes the difference.
func disagreement(c Config, p enumerate.Program, want map[string]bool) (diff string, r Report) {
	got, r := searched(c, p)
	if !r.Exhausted {
		return "", r
	}
	if !p.Named { // the location has no name
		got, want = unlocated(got), unlocated(want)
	}
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if !got[k] {
			diff += "  it misses " + k + "\n"
		}
	}
	for _, k := range slices.Sorted(maps.Keys(got)) {
		if !want[k] {
			diff += "  it invents " + k + "\n"
		}
	}
	return diff, r
}

func unlocated(set map[string]bool) map[string]bool {
	out := map[string]bool{}
	for k := range set {
		out[racedOn.ReplaceAllString(k, "race")] = true
	}
	return out
}

// What the comparison is for: it tells of what is missed, and of what is invented.
func TestDisagreement(t *testing.T) {
	p := enumerate.Program{Threads: []enumerate.Thread{
		{Code: []enumerate.Instr{{Op: enumerate.Load}, {Op: enumerate.StoreReg}}},
		{Code: []enumerate.Instr{{Op: enumerate.Load}, {Op: enumerate.StoreReg}}},
	}}
	want := p.Outcomes(1000)
	if diff, _ := disagreement(Config{}, p, want); diff != "" {
		t.Error(diff)
	}
	for k := range want {
		less := maps.Clone(want)
		delete(less, k)
		if diff, _ := disagreement(Config{}, p, less); diff != "  it invents "+k+"\n" {
			t.Errorf("without %s: %q", k, diff)
		}
	}
	want["another"] = true
	if diff, _ := disagreement(Config{}, p, want); diff != "  it misses another\n" {
		t.Errorf("with another: %q", diff)
	}
}

// TestSmallPrograms compares the search with the enumeration of package enumerate: on random
// programs, both must come to the same ends, deadlocks, panics and races. Half of the programs are
// the same each time. The line that it prints last is for the summary of all proofs.
func TestSmallPrograms(t *testing.T) {
	drawn := *programsSeed
	if drawn == 0 {
		drawn = uint64(time.Now().UnixNano())
	}
	t.Logf("the drawn seed is -programs.seed=%d", drawn)
	modes := []struct {
		name string
		Config
	}{
		{"the search", Config{MaxSchedules: 2000}},
		{"without the reduction", Config{MaxSchedules: 2000, NoReduction: true}},
		{"without the cache", Config{MaxSchedules: 500, NoCache: true}},
	}
	tried, failed := 0, 0
	for _, m := range enumerate.Mixes {
		t.Run(m.Name, func(t *testing.T) {
			n := max(1, *programs/len(enumerate.Mixes))
			var compared, searched, failing, states int
			for i := range n {
				seed := uint64(1)
				if i%2 == 1 {
					seed = drawn
				}
				r := rand.New(rand.NewPCG(seed+uint64(i), hashString(m.Name)))
				p := m.Random(r)
				want := p.Outcomes(5000)
				if want == nil {
					continue
				}
				compared++
				tried++
				bad := false
				for _, mode := range modes {
					diff, r := disagreement(mode.Config, p, want)
					states += r.States
					if r.Exhausted {
						searched++
					}
					if diff != "" {
						bad = true
						t.Errorf("seed %d, %s:\n%v%s", seed+uint64(i), mode.name, p, diff)
					}
				}
				if bad {
					failed++
					t.FailNow()
				}
				if slices.ContainsFunc(slices.Collect(maps.Keys(want)), func(s string) bool { return !strings.HasPrefix(s, "words") }) {
					failing++
				}
			}
			t.Logf("%d programs were compared %d times, %d of them can fail; %d states", compared, searched, failing, states)
			if searched < n {
				t.Errorf("%d programs are mostly too large", n)
			}
		})
	}
	if testing.Verbose() {
		fmt.Printf("proof\tsmall-programs\t%d\t%d\n", tried, failed)
	}
}
