// Mutate changes the kit in every small way that its operators know, one at a
// time, and runs the tests on each: a mutant that no test kills shows a test
// that is missing, or stands in equivalent.txt with the reason why nobody can
// tell it from the original.
//
// The operators of gremlins (arithmetic, comparisons, logic, bits, loops) are
// among these; it has none that tears an atomic operation, drops a lock or a
// flag of a mask, and it compiles each mutant by itself.
//
// All mutants of the functions are compiled at once, each as a case of a switch
// at the head of its function, and the environment of a test binary chooses
// one. What killed a mutant is remembered in build/mutate as long as its
// function stays the same, so that a run can be broken off and goes on later.
//
//	go run ./proptest/internal/mutate [-run regexp] [-kind torn|whole] [-sample n [-seed s]] [-j n] [-exec program] [-list]
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// targets are the files that are mutated, others those that are not: what they
// do is to print, to watch or to declare. A file has to be in one of the two.
var (
	targets = []string{
		"state.go", "casloop.go", "workloop.go", "transition.go", "snapshot.go", "rawtask.go", "notified.go", "ending.go", "shortways.go", "panics.go", "join.go", "waker.go", "ref.go",
		"rawwaker.go", "wakercell.go", "runqueue.go", "owned.go", "ownedempty.go", "header.go", "cell.go", "spawn.go", "pool.go",
		"parker.go", "waiter.go", "waitqueue.go", "semaphore.go", "stealqueue.go", "sharedqueue.go",
	}
	others = []string{
		"doc.go", "word*.go", "dump*.go", "joinerror*.go", "trace*.go", "debug*.go", "leaks*.go", "future.go", "scheduler.go", "vtable.go",
	}
)

var through = flag.String("exec", "nice -n 10", "the `program` that runs the compiler and the test binaries")

func main() {
	run := flag.String("run", "", "only mutants whose name matches the `regexp`")
	sample := flag.Int("sample", 0, "only so many, drawn at random, and without memory of earlier runs; 0 is all")
	seed := flag.Uint64("seed", 1, "of the sample")
	jobs := flag.Int("j", 2, "mutants under test at a time")
	kind := flag.String("kind", "", "torn: only mutants that tear an atomic operation; whole: only the others")
	hasty := flag.Bool("hasty", false, "without the slow tests: what they leave is undecided")
	list := flag.Bool("list", false, "list the mutants, and what earlier runs found")
	fresh := flag.Bool("fresh", false, "forget what earlier runs have found")
	flag.Parse()

	only, err := regexp.Compile(*run)
	if err == nil {
		err = mutate(&campaign{only: only, kind: *kind, sample: *sample, seed: *seed, jobs: *jobs, hasty: *hasty}, *list, *fresh)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

// tree is where the instrumented copy of the module is made: always there, so
// that what is compiled of it is compiled once.
var tree = filepath.Join("build", "mutate", "tree")

func mutate(c *campaign, list, fresh bool) (err error) {
	if c.tree, err = filepath.Abs(tree); err != nil {
		return err
	}
	if list { // beside a run, perhaps
		if c.tree, err = os.MkdirTemp("", "mutants"); err != nil {
			return err
		}
		defer os.RemoveAll(c.tree)
	} else if err := os.MkdirAll(filepath.Dir(c.tree), 0o755); err != nil {
		return err
	} else if err := lock(c.tree + ".lock"); err != nil {
		return err
	}
	if err := copyModule(c.tree); err != nil {
		return err
	}
	if c.all, err = generate(c.tree); err != nil {
		return err
	}
	if c.equivalents, err = readEquivalents("proptest/internal/mutate/equivalent.txt"); err != nil {
		return err
	}
	c.memory = openMemory(filepath.Join("build", "mutate", "killed.tsv"), fresh && !list)
	defer c.memory.close()
	if list {
		c.list()
		return nil
	}

	start := time.Now()
	if err := c.run(); err != nil {
		return err
	}
	t := c.totals()
	fmt.Printf("mutate: %d mutants in %v: killed %d (%d of them by earlier runs and the tests of then: -fresh tries them again), equivalent %d, survived %d; %d more do not compile\n",
		t.killed+t.equivalent+t.survived, time.Since(start).Round(time.Second), t.killed, c.known, t.equivalent, t.survived, c.invalid)
	for _, line := range []string{
		fmt.Sprintf("mutants-killed\t%d\t0", t.killed),
		fmt.Sprintf("mutants-equivalent\t%d\t0", t.equivalent),
		fmt.Sprintf("mutants-survived\t%d\t%d", t.survived, t.survived),
		fmt.Sprintf("mutants-undecided\t%d\t0", c.undecided),
	} {
		fmt.Println("proof\t" + line)
	}
	for _, k := range c.byKiller() {
		fmt.Println("mutate:   killed by", k)
	}
	if len(c.refuted) > 0 {
		return fmt.Errorf("equivalent.txt lists what a test has killed:\n  %s", strings.Join(c.refuted, "\n  "))
	}
	if stale := c.stale(); len(stale) > 0 && c.sample == 0 && c.only.String() == "" && c.kind == "" {
		return fmt.Errorf("equivalent.txt names what is no mutant:\n  %s", strings.Join(stale, "\n  "))
	}
	if t.survived > 0 {
		return fmt.Errorf("%d mutants survived: write the test that tells them from the original, or prove in equivalent.txt that there is none", t.survived)
	}
	return nil
}
