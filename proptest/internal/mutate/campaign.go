package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"sync"
	"time"
)

// A campaign is the run over all mutants.
type campaign struct {
	tree        string
	all         []*mutant
	memory      *memory
	equivalents map[string]string
	only        *regexp.Regexp
	kind        string // "torn", "whole", or "" for both
	sample      int    // mutants, drawn with the seed; 0 is all
	seed        uint64
	jobs        int
	hasty       bool // leave out the slow killers
	undecided   int  // by the hasty

	killers []*killer
	scouts  scouts
	invalid int
	known   int      // killed by earlier runs
	refuted []string // killed by them, and listed as equivalent
	failure error    // of the tool, not of a test

	mu       sync.Mutex
	verdicts map[*mutant]verdict
	global   sync.Mutex // compiles, one at a time
	copied   bool       // the tree for mutants of declarations
}

// A verdict is the killer's name, or one of these.
type verdict string

const (
	survived   verdict = ""
	equivalent verdict = "equivalent"
	invalid    verdict = "invalid"
)

func (c *campaign) run() error {
	c.verdicts = map[*mutant]verdict{}
	c.killers = killers()
	var todo []*mutant
	for _, m := range c.all {
		for _, k := range c.killers {
			c.scouts.learn(k, m, verdict(c.memory.killedBy(m)))
		}
		switch {
		case !c.selects(m):
		case m.id < 0 || c.memory.killedBy(m) == string(invalid):
			c.invalid++
		case c.equivalents[m.name] != "":
			if by := c.memory.killedBy(m); by != "" {
				c.refuted = append(c.refuted, m.name+" (by "+by+")")
			}
			c.verdicts[m] = equivalent
		case c.memory.killedBy(m) != "":
			c.verdicts[m] = verdict(c.memory.killedBy(m))
			c.known++
		default:
			todo = append(todo, m)
		}
	}
	if c.sample > 0 {
		todo, c.known = c.draw(), 0
	}
	// Those of declarations last: each has to be compiled.
	for _, declared := range []bool{false, true} {
		left := slices.DeleteFunc(slices.Clone(todo), func(m *mutant) bool { return (m.fn == nil) != declared })
		if err := c.both(left); err != nil {
			return err
		}
	}
	return nil
}

// both tries the quick tests on mutants, and the slow ones on what they leave.
func (c *campaign) both(todo []*mutant) error {
	for _, slow := range []bool{false, true} {
		left := c.phase(todo, slow)
		if c.failure != nil {
			return c.failure
		}
		if len(todo) > 0 {
			fmt.Printf("mutate: the %s tests leave %d of %d\n", map[bool]string{false: "quick", true: "slow"}[slow], len(left), len(todo))
		}
		todo = left
		if c.hasty {
			for _, m := range todo {
				fmt.Printf("mutate: UNDECIDED %s\n", m.name)
			}
			c.undecided += len(todo)
			return nil
		}
	}
	for _, m := range todo {
		fmt.Printf("mutate: SURVIVED %s\n", m.name)
		c.verdict(m, survived)
	}
	return nil
}

// phase tries the quick or the slow killers on mutants, and returns what they
// leave. Slow ones are kept for what the quick ones leave.
func (c *campaign) phase(todo []*mutant, slow bool) (left []*mutant) {
	lives := make([]bool, len(todo))
	work := make(chan int)
	var all sync.WaitGroup
	for range c.jobs {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := range work {
				if c.failed() {
					continue
				}
				v, err := c.try(todo[i], slow)
				switch {
				case err != nil:
					c.fail(err)
				case v == survived:
					lives[i] = true
					fmt.Printf("mutate: alive: %s\n", todo[i].name)
				default:
					c.verdict(todo[i], v)
				}
			}
		}()
	}
	next := time.Now()
	for i, m := range todo {
		work <- i
		if now := time.Now(); now.After(next) {
			next = now.Add(10 * time.Second)
			fmt.Printf("mutate: %d of %d; killed %d; %s\n", i+1, len(todo), c.totals().killed, m.name)
		}
	}
	close(work)
	all.Wait()
	for i, m := range todo {
		if lives[i] {
			left = append(left, m)
		}
	}
	return left
}

// list prints the mutants that compile, each behind its killer, as far as known.
func (c *campaign) list() {
	for _, m := range c.all {
		by := c.memory.killedBy(m)
		if c.equivalents[m.name] != "" {
			by = string(equivalent)
		}
		if m.id > 0 && by != string(invalid) && c.selects(m) {
			fmt.Printf("%s\t%s\n", cmp.Or(by, "-"), m.name)
		}
	}
}

func (c *campaign) selects(m *mutant) bool {
	return c.only.MatchString(m.name) && (c.kind == "" || m.torn == (c.kind == "torn"))
}

// draw picks a sample of the mutants, whose verdicts are then found anew.
func (c *campaign) draw() (todo []*mutant) {
	var of []*mutant
	for _, m := range c.all {
		if c.selects(m) && m.id > 0 {
			of = append(of, m)
		}
	}
	rand.New(rand.NewPCG(c.seed, 0)).Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
	c.verdicts = map[*mutant]verdict{}
	of = of[:min(c.sample, len(of))]
	for _, m := range of {
		if c.equivalents[m.name] != "" {
			c.verdicts[m] = equivalent
		} else {
			todo = append(todo, m)
		}
	}
	fmt.Printf("mutate: a sample of %d of %d mutants, seed %d\n", len(of), len(c.all), c.seed)
	return todo
}

func (c *campaign) failed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failure != nil
}

func (c *campaign) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failure == nil {
		fmt.Println("mutate: ERROR:", err)
		c.failure = err
	}
}

func (c *campaign) verdict(m *mutant, v verdict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch v {
	case invalid:
		c.invalid++
		c.memory.remember(m, string(v))
		return
	case survived:
	default:
		c.memory.remember(m, string(v))
	}
	c.verdicts[m] = v
}
