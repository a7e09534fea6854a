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
)

var programs = flag.Int("programs", 150, "random programs to compare the searches on")

// The soundness of the prunings is tested on random programs: with the cache, with the reduction,
// and with both, the search must reach exactly the final states, deadlocks and races that the
// bare walk over all interleavings reaches.

type instr struct {
	op  string
	obj int
	arg uint64
}

func (i instr) String() string { return fmt.Sprintf("%s %d,%d", i.op, i.obj, i.arg) }

type program [][]instr

func (p program) String() string {
	var b strings.Builder
	for _, th := range p {
		fmt.Fprintln(&b, th)
	}
	return b.String()
}

type node struct {
	v    Uint64
	next Pointer[node]
}

var number = regexp.MustCompile(`#\d+`)

// shared is what the threads of a program work on.
type shared struct {
	word  [3]Uint64
	plain [2]Var[int]
	ghost [2]Ghost[int]
	mu    [2]Mutex
	top   Pointer[node]
	out   [3]Ghost[string]
}

func randomProgram(r *rand.Rand, ops []string) program {
	p := make(program, 2+r.IntN(2))
	for i := range p {
		held := -1
		for range 1 + r.IntN(9/len(p)) {
			in := instr{ops[r.IntN(len(ops))], r.IntN(2), uint64(r.IntN(3))}
			switch in.op {
			case "lock":
				if held >= 0 {
					in = instr{"unlock", held, 0}
					held = -1
				} else {
					held = in.obj
				}
			}
			p[i] = append(p[i], in)
		}
		if held >= 0 && r.IntN(8) > 0 {
			p[i] = append(p[i], instr{"unlock", held, 0})
		}
	}
	return p
}

// run interprets one thread. Its register decides what some operations do.
func (s *shared) run(x *Exec, id int, code []instr) {
	var reg uint64
	var mine *node
	log := ""
	for _, in := range code {
		switch in.op {
		case "load":
			reg = s.word[in.obj].Load()
		case "store":
			s.word[in.obj].Store(in.arg)
		case "store reg":
			s.word[in.obj].Store(reg + 1)
		case "add":
			reg = s.word[in.obj].Add(in.arg)
		case "swap":
			reg = s.word[in.obj].Swap(in.arg)
		case "cas":
			if s.word[in.obj].CompareAndSwap(in.arg, in.arg+1) {
				reg += 10
			}
		case "cas reg":
			if !s.word[in.obj].CompareAndSwap(reg, reg+1) {
				reg = 0
			}
		case "if":
			if reg&1 == 1 {
				s.word[2].Add(1)
			}
		case "get":
			reg = uint64(s.plain[in.obj].Get())
		case "set":
			s.plain[in.obj].Set(int(reg + in.arg))
		case "if set":
			if reg&1 == 1 {
				s.plain[in.obj].Set(int(in.arg))
			}
		case "ghost get":
			reg = uint64(s.ghost[in.obj].Get())
		case "ghost set":
			s.ghost[in.obj].Set(int(reg + in.arg))
		case "lock":
			s.mu[in.obj].Lock()
		case "trylock":
			if s.mu[in.obj].TryLock() {
				s.mu[in.obj].Unlock()
				reg++
			}
		case "unlock":
			s.mu[in.obj].Unlock()
		case "await":
			x.Await("word", func() bool { return s.word[in.obj].Load() >= in.arg })
		case "await ghost":
			x.Await("ghost", func() bool { return s.ghost[in.obj].Get() >= int(in.arg) })
		case "inc":
			for {
				v := s.word[in.obj].Load()
				if v > in.arg+1 {
					break
				}
				if s.word[in.obj].CompareAndSwap(v, v+1) {
					reg = v
					break
				}
			}
		case "push":
			n := &node{}
			n.v.Store(reg)
			for {
				old := s.top.Load()
				n.next.Store(old)
				if s.top.CompareAndSwap(old, n) {
					break
				}
			}
			mine = n
		case "pop":
			if n := s.top.Load(); n != nil {
				if s.top.CompareAndSwap(n, n.next.Load()) {
					reg = n.v.Add(1)
				}
			}
		case "mine":
			if mine != nil {
				reg = mine.v.Load()
			}
		case "go":
			x.Go("child", func() { s.run(x, -1, []instr{{"add", in.obj, 1}, {"ghost set", 1, in.arg}}) })
		case "spin":
			for s.word[in.obj].Load() == 0 && reg < 3 {
				Pause()
				reg++
			}
		}
		log += fmt.Sprint(reg, ";")
	}
	if id >= 0 {
		s.out[id].Set(log)
	}
}

// outcomes is the set of everything that can become of p.
func (p program) outcomes(c Config) (map[string]bool, Report) {
	set := map[string]bool{}
	e := newEngine(c, func(x *Exec) {
		s := &shared{}
		for i, code := range p {
			x.Go(string(rune('a'+i)), func() { s.run(x, i, code) })
		}
		x.Final(func() {
			var b strings.Builder
			for i := range s.word {
				fmt.Fprint(&b, s.word[i].v.Load(), " ")
			}
			for i := range s.plain {
				fmt.Fprint(&b, s.plain[i].v, s.ghost[i].v, " ")
			}
			n := 0
			for t := s.top.v.Load(); t != nil; t = t.next.v.Load() {
				n++
				fmt.Fprint(&b, "node ", t.v.v.Load(), " ")
			}
			for i := range s.out {
				fmt.Fprint(&b, s.out[i].v, " | ")
			}
			set[b.String()] = true
		})
	})
	// Automatic labels number objects in the order of the execution.
	e.collect = func(f *Failure) { set["failure: "+number.ReplaceAllString(f.Message, "")] = true }
	return set, e.runAll()
}

func TestPruningIsSound(t *testing.T) {
	mixes := map[string][]string{
		"words":   {"load", "store", "store reg", "add", "swap", "cas", "cas reg", "if"},
		"plain":   {"load", "add", "cas", "get", "set", "if set", "store"},
		"ghosts":  {"add", "ghost get", "ghost set", "load", "if"},
		"locks":   {"lock", "lock", "add", "trylock", "get", "set"},
		"await":   {"await", "add", "store", "await ghost", "ghost set", "load"},
		"nodes":   {"push", "pop", "mine", "add"},
		"retries": {"inc", "inc", "push", "pop", "load"},
		"threads": {"go", "load", "ghost get", "spin", "add"},
	}
	modes := map[string]Config{
		"cache":     {NoReduction: true},
		"reduction": {NoCache: true},
		"both":      {},
	}
	for _, name := range slices.Sorted(maps.Keys(mixes)) {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, hashString(name)))
			var total, failing int
			schedules := map[string]int{}
			for range *programs {
				p := randomProgram(r, mixes[name])
				bare := Config{NoCache: true, NoReduction: true, MaxSchedules: 4_000}
				want, rep := p.outcomes(bare)
				if !rep.Exhausted {
					continue
				}
				total++
				schedules["bare"] += rep.Schedules
				for k := range want {
					if strings.HasPrefix(k, "failure") {
						failing++
						break
					}
				}
				for mode, c := range modes {
					if name == "retries" {
						c.RetryLoops = true
					}
					got, rep := p.outcomes(c)
					schedules[mode] += rep.Schedules
					if !maps.Equal(got, want) {
						for k := range want {
							if !got[k] {
								t.Errorf("%s misses %s", mode, k)
							}
						}
						for k := range got {
							if !want[k] {
								t.Errorf("%s invents %s", mode, k)
							}
						}
						t.Fatalf("program:\n%v", p)
					}
				}
			}
			t.Logf("%d programs, %d of them can fail; schedules %v", total, failing, schedules)
		})
	}
}
