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

// node is what a small program's stack is made of.
type node struct {
	v    Uint64
	next Pointer[node]
	data Var[uint64]
}

// small is a program of package enumerate on instrumented objects.
type small struct {
	x      *Exec
	words  [enumerate.Words]Uint64
	plains [enumerate.Plains]Var[uint64]
	ghosts [enumerate.Ghosts]Ghost[uint64]
	locks  [enumerate.Locks]Mutex
	top    Pointer[node]
	pool   Pool
	out    []Ghost[string]
}

// smallThread is the state of a thread.
type smallThread struct {
	*small
	id   int
	reg  uint64
	mine *node
	log  string
}

func (t *smallThread) run(code []enumerate.Instr) {
	for i, in := range code {
		t.do(i, in)
		t.log += fmt.Sprint(t.reg, ";")
	}
	if t.id >= 0 {
		t.out[t.id].Set(t.log)
	}
}

func (t *smallThread) forget(i int) {
	t.reg, t.mine, t.log = 0, nil, ""
	t.x.At("instruction", uint64(i))
}

func (t *smallThread) do(i int, in enumerate.Instr) {
	word, plain, ghost, mu := &t.words[in.Obj], &t.plains[in.Obj], &t.ghosts[in.Obj], &t.locks[in.Obj]
	switch in.Op {
	case enumerate.Load:
		t.reg = word.Load()
	case enumerate.Store:
		word.Store(in.Arg)
	case enumerate.StoreReg:
		word.Store(t.reg + 1)
	case enumerate.Add:
		t.reg = word.Add(in.Arg)
	case enumerate.Swap:
		t.reg = word.Swap(in.Arg)
	case enumerate.CAS:
		if word.CompareAndSwap(in.Arg, in.Arg+1) {
			t.reg += 10
		}
	case enumerate.CASReg:
		if !word.CompareAndSwap(t.reg, t.reg+1) {
			t.reg = 0
		}
	case enumerate.IfAdd:
		if t.reg&1 == 1 {
			t.words[enumerate.Words-1].Add(1)
		}
	case enumerate.Inc:
		t.increment(word, in.Arg, func() {})
	case enumerate.SpinCAS:
		t.increment(word, in.Arg, Pause)
	case enumerate.Get:
		t.reg = plain.Get()
	case enumerate.Set:
		plain.Set(t.reg + in.Arg)
	case enumerate.IfSet:
		if t.reg&1 == 1 {
			plain.Set(in.Arg)
		}
	case enumerate.IfGet:
		if t.reg&1 == 1 {
			t.reg = plain.Get()
		}
	case enumerate.GhostGet:
		t.reg = ghost.Get()
	case enumerate.GhostSet:
		ghost.Set(t.reg + in.Arg)
	case enumerate.Lock:
		mu.Lock()
	case enumerate.Unlock:
		mu.Unlock()
	case enumerate.TryLock:
		if mu.TryLock() {
			mu.Unlock()
			t.reg++
		}
	case enumerate.Await:
		t.x.Await("word", func() bool { return word.Load() >= in.Arg })
	case enumerate.AwaitGhost:
		t.x.Await("ghost", func() bool { return ghost.Get() >= in.Arg })
	case enumerate.AwaitAny:
		t.x.Await("any", func() bool {
			return t.words[0].Load() == 0 || t.words[1].Load() == 1 || t.plains[0].Get() == 0
		})
	case enumerate.Go:
		t.x.Go(enumerate.Child, func() { (&smallThread{small: t.small, id: -1}).run(enumerate.ChildCode(in)) })
	case enumerate.Panic:
		if t.reg&1 == 1 {
			panic("odd")
		}
	case enumerate.Do:
		t.reg = Do(t.x, func() uint64 {
			inner := &smallThread{small: t.small}
			inner.mine = t.mine
			for i, in := range in.Body {
				inner.do(i, in)
			}
			return inner.reg & 1
		})
	case enumerate.At:
		t.forget(i)
	case enumerate.Spin:
		for word.Load() < in.Arg {
			Pause()
		}
	case enumerate.SpinTwo:
		for {
			if t.words[0].Load() == 1 {
				t.reg = 1
				break
			}
			if t.words[1].Load() == 1 {
				t.reg = 2
				break
			}
			Pause()
		}
	case enumerate.SpinSwap:
		for word.Swap(0) == 0 {
			Pause()
		}
	case enumerate.SpinLock:
		for !mu.TryLock() {
			Pause()
		}
		mu.Unlock()
	case enumerate.Serve:
		for {
			t.forget(i)
			t.x.Await("a request", func() bool { return word.Load() >= 1 })
			word.Sub(1)
			t.ghosts[0].Update(func(n uint64) uint64 { return n + 1 })
		}
	default:
		t.onNodes(in)
	}
}

func (t *smallThread) onNodes(in enumerate.Instr) {
	switch in.Op {
	case enumerate.Push:
		n := new(node)
		n.v.Store(t.reg)
		for {
			old := t.top.Load()
			n.next.Store(old)
			if t.top.CompareAndSwap(old, n) {
				break
			}
		}
		t.mine = n
	case enumerate.Pop:
		for {
			n := t.top.Load()
			t.mine = n
			if n == nil {
				break
			}
			if t.top.CompareAndSwap(n, n.next.Load()) {
				t.reg = n.v.Add(1)
				break
			}
		}
	case enumerate.PoolGet:
		t.mine = t.pool.Get().(*node)
	}
	if t.mine == nil {
		return
	}
	switch in.Op {
	case enumerate.Mine:
		t.reg = t.mine.v.Load()
	case enumerate.NodeGet:
		t.reg = t.mine.data.Get()
	case enumerate.NodeSet:
		t.mine.data.Set(t.reg)
	case enumerate.PoolPut:
		t.pool.Put(t.mine)
		t.mine = nil
	}
}

func (t *smallThread) increment(word *Uint64, limit uint64, pause func()) {
	for {
		v := word.Load()
		if v > limit+1 {
			return
		}
		if word.CompareAndSwap(v, v+1) {
			t.reg = v
			return
		}
		pause()
	}
}

// final is what the program has left.
func (s *small) final() (f enumerate.Final) {
	for i := range f.Words {
		f.Words[i] = s.words[i].Load()
	}
	for i := range f.Plains {
		f.Plains[i] = s.plains[i].Get()
	}
	for i := range f.Ghosts {
		f.Ghosts[i] = s.ghosts[i].Get()
	}
	for n := s.top.Load(); n != nil; n = n.next.Load() {
		f.Stack = append(f.Stack, [2]uint64{n.v.Load(), n.data.Get()})
	}
	for i := range s.out {
		f.Logs = append(f.Logs, s.out[i].Get())
	}
	return f
}

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
