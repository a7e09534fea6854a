package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
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
	failure error // of the tool, not of a test

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
			// Tried all the same when nothing else is: a test may kill it now.
			c.verdicts[m] = equivalent
		case c.memory.killedBy(m) != "":
			c.verdicts[m] = verdict(c.memory.killedBy(m))
		default:
			todo = append(todo, m)
		}
	}
	if c.sample > 0 {
		todo = c.draw()
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

func (c *campaign) try(m *mutant, slow bool) (verdict, error) {
	if m.fn == nil {
		return c.tryDeclaration(m, slow)
	}
	for _, k := range append(c.scouts.on(m, slow), killersOf(c.killers, m, slow)...) {
		if k.whole != nil {
			if err := c.ready(k.whole); err != nil {
				return "", err
			}
		}
		if err := c.ready(k); err != nil {
			return "", err
		}
		if found, _, err := k.run(c.tree, m.id); found != "" || err != nil {
			v := verdict(k.name + ": " + found)
			c.scouts.learn(cmp.Or(k.whole, k), m, v)
			return v, err
		}
	}
	return survived, nil
}

// ready builds a killer of the tree while no declaration in it is changed.
func (c *campaign) ready(k *killer) error {
	if k.built.Load() {
		return nil
	}
	c.global.Lock()
	defer c.global.Unlock()
	return k.ready(c.tree)
}

// tryDeclaration compiles the tests with the mutant in place, in a copy of the
// module that has no other mutants, and so compiles in a moment.
func (c *campaign) tryDeclaration(m *mutant, slow bool) (verdict, error) {
	c.global.Lock()
	defer c.global.Unlock()
	for _, k := range killersOf(c.killers, m, slow) {
		if err := k.ready(c.tree); err != nil {
			return "", err
		}
	}
	plain := filepath.Join(filepath.Dir(c.tree), "plain")
	if !c.copied {
		if err := copyModule(plain); err != nil {
			return "", err
		}
		c.copied = true
	}
	path := filepath.Join(plain, m.file)
	defer os.WriteFile(path, m.source.text, 0o644)
	if err := os.WriteFile(path, []byte(m.source.apply(0, len(m.source.text), m.edits)), 0o644); err != nil {
		return "", err
	}
	for _, k := range killersOf(c.killers, m, slow) {
		one := killer{name: k.name, dir: k.dir, tags: k.tags, args: k.args, limit: k.limit}
		if one.compile(plain, filepath.Join(plain, filepath.Base(k.binary))) != nil {
			return invalid, nil
		}
		if found, _, err := one.run(plain, 0); found != "" || err != nil {
			return verdict(k.name + ": " + found), err
		}
	}
	return survived, nil
}

// A total counts verdicts.
type total struct{ killed, equivalent, survived int }

func (c *campaign) totals() (t total) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, v := range c.verdicts {
		switch v {
		case survived:
			t.survived++
		case equivalent:
			t.equivalent++
		default:
			t.killed++
		}
	}
	return t
}

func (c *campaign) byKiller() (lines []string) {
	n := map[string]int{}
	for _, v := range c.verdicts {
		if v != survived && v != equivalent {
			by, _, _ := strings.Cut(string(v), ": ")
			n[by]++
		}
	}
	for v, n := range n {
		lines = append(lines, fmt.Sprintf("%s: %d", v, n))
	}
	sort.Strings(lines)
	return lines
}

// stale returns the names in equivalent.txt of what is no mutant.
func (c *campaign) stale() (names []string) {
	known := map[string]bool{}
	for _, m := range c.all {
		known[m.name] = m.id > 0
	}
	for name := range c.equivalents {
		if !known[name] {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// readEquivalents reads names, each on a line, followed by indented lines with
// the proof that holds for all names before it. Lines with # are comments.
func readEquivalents(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	proofs := map[string]string{}
	var names []string
	proven := true
	for _, line := range strings.Split(string(text), "\n") {
		switch trimmed := strings.TrimSpace(line); {
		case trimmed == "" || line[0] == '#':
		case line[0] == '\t' || line[0] == ' ':
			for _, name := range names {
				proofs[name] += trimmed + " "
			}
			proven = true
		default:
			if proven {
				names = nil
			}
			names, proven = append(names, trimmed), false
		}
	}
	if !proven {
		return nil, fmt.Errorf("%s: no proof follows %q", path, names)
	}
	return proofs, nil
}
