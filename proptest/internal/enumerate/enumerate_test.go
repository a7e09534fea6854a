package enumerate

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func program(threads ...[]Instr) (p Program) {
	for _, code := range threads {
		p.Threads = append(p.Threads, Thread{Code: code})
	}
	return p
}

// The outcomes of programs that are small enough to know them.
func TestOutcomes(t *testing.T) {
	update := []Instr{{Op: Load}, {Op: StoreReg}}
	flag := []Instr{{Op: Set}, {Op: Store, Arg: 1}}
	for name, c := range map[string]struct {
		p    Program
		want []string // the beginnings of the outcomes, in order
	}{
		"additions": {program([]Instr{{Op: Add, Arg: 1}}, []Instr{{Op: Add, Arg: 1}}),
			[]string{"words [2 0 0], plain [0 0], ghosts [0 0], stack [], logs [1; 2;]", "words [2 0 0], plain [0 0], ghosts [0 0], stack [], logs [2; 1;]"}},
		"a lost update": {program(update, update), []string{"words [1", "words [2", "words [2"}},
		"a race": {program([]Instr{{Op: Load}, {Op: Set}}, []Instr{{Op: Load}, {Op: Get}}),
			[]string{"race on plain 0: read by b", "race on plain 0: write by a"}},
		"a flag that is waited for":    {program(flag, []Instr{{Op: Await, Arg: 1}, {Op: Get}}), []string{"words [1"}},
		"a flag that is looked at":     {program(flag, []Instr{{Op: Load}, {Op: Get}}), []string{"race on plain 0: read by b", "words [1"}},
		"a flag that is spun on":       {program(flag, []Instr{{Op: Spin, Arg: 1}, {Op: Get}}), []string{"words [1"}},
		"a flag that is taken away":    {program([]Instr{{Op: Store, Arg: 1}, {Op: Store}}, []Instr{{Op: Spin, Arg: 1}}), []string{"deadlock: b", "words [0"}},
		"a lock":                       {program([]Instr{{Op: Lock}, {Op: Set}, {Op: Unlock}}, []Instr{{Op: Lock}, {Op: Get}, {Op: Unlock}}), []string{"words [0"}},
		"a lock that is kept":          {program([]Instr{{Op: Lock}}, []Instr{{Op: Lock}}), []string{"deadlock: a", "deadlock: b"}},
		"a panic":                      {program([]Instr{{Op: Add, Arg: 1}, {Op: Panic}}), []string{"panic in a"}},
		"a Do that forgets":            {program([]Instr{{Op: Do, Body: []Instr{{Op: Load}}}}, []Instr{{Op: Store, Arg: 2}}), []string{"words [2"}},
		"a stack":                      {program([]Instr{{Op: Push}, {Op: Pop}}), []string{"words [0 0 0], plain [0 0], ghosts [0 0], stack [], logs [0;1;]"}},
		"a node that is passed on":     {program([]Instr{{Op: PoolGet}, {Op: NodeSet}, {Op: PoolPut}, {Op: PoolGet}, {Op: NodeGet}}), []string{"words [0"}},
		"a thread that starts another": {program([]Instr{{Op: Go, Arg: 2}}), []string{"words [1 0 0], plain [0 0], ghosts [0 3]"}},
		"a server": {Program{Threads: []Thread{{Daemon: true, Code: []Instr{{Op: Serve}}}, {Code: []Instr{{Op: Add, Arg: 2}}}}},
			[]string{"words [0 0 0], plain [0 0], ghosts [2 0]"}},
	} {
		got := slices.Sorted(maps.Keys(c.p.Outcomes(1000)))
		same := slices.EqualFunc(got, c.want, strings.HasPrefix)
		if !same {
			t.Errorf("%s: got\n  %s\nwant\n  %s", name, strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
		}
	}
}

// A program that is too large has no outcomes, rather than some of them.
func TestLimit(t *testing.T) {
	adds := slices.Repeat([]Instr{{Op: Add, Arg: 1}}, 5)
	if p := program(adds, adds); p.Outcomes(100) != nil || len(p.Outcomes(10_000)) == 0 {
		t.Error("the limit does not hold")
	}
}

// A random program of each mix can be written down and enumerated.
func TestMixes(t *testing.T) {
	for _, m := range Mixes {
		r := rand.New(rand.NewPCG(1, 2))
		used := map[Op]bool{}
		for i := range 300 {
			p := m.Random(r)
			for _, th := range p.Threads {
				for _, in := range th.Code {
					used[in.Op] = true
				}
			}
			if i >= 20 {
				continue
			}
			if got := p.Outcomes(2000); got != nil && len(got) == 0 {
				t.Errorf("%s: no outcome of\n%v", m.Name, p)
			}
		}
		for _, o := range m.Ops {
			if !used[o] {
				t.Errorf("%s: no %v in 300 programs", m.Name, o)
			}
		}
	}
}
