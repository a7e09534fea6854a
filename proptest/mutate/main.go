// Mutate changes the kit in every small way that its operators know, one at a
// time, and runs the tests on each: a mutant that no test kills shows a test
// that is missing, or stands in equivalent.txt with the reason why nobody can
// tell it from the original.
//
// All mutants of the functions are compiled at once, each as a case of a switch
// at the head of its function, and the environment of a test binary chooses
// one. What killed a mutant is remembered in build/mutate as long as its
// function stays the same, so that a run can be broken off and goes on later.
//
//	go run ./proptest/mutate [-run regexp] [-max n] [-j n] [-list]
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

// targets are the files that are mutated.
var targets = []string{
	"state*.go", "verbs.go", "transition.go", "snapshot.go", "rawtask.go", "ending.go", "join.go", "wake.go", "waker.go",
	"ref.go", "wakercell.go", "runqueue.go", "refused.go", "owned.go", "notified.go", "header.go", "cell.go", "spawn.go", "abort.go",
}

func main() {
	run := flag.String("run", "", "only mutants whose name matches the `regexp`")
	most := flag.Int("max", 0, "stop after so many mutants; 0 is all")
	jobs := flag.Int("j", 2, "mutants under test at a time")
	list := flag.Bool("list", false, "list the mutants")
	fresh := flag.Bool("fresh", false, "forget what earlier runs have found")
	keep := flag.Bool("keep", false, "keep the instrumented copy of the module, and say where it is")
	flag.Parse()

	if err := mutate(*run, *most, *jobs, *list, *fresh, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func mutate(run string, most, jobs int, list, fresh, keep bool) error {
	only, err := regexp.Compile(run)
	if err != nil {
		return err
	}
	tree, err := copyModule()
	if err != nil {
		return err
	}
	if keep {
		fmt.Println("mutate: the copy is", tree)
	} else {
		defer os.RemoveAll(tree)
	}
	all, err := generate(tree)
	if err != nil {
		return err
	}
	if list {
		for _, m := range all {
			if only.MatchString(m.name) {
				fmt.Println(m.name)
			}
		}
		return nil
	}
	equivalents, err := readEquivalents("proptest/mutate/equivalent.txt")
	if err != nil {
		return err
	}
	memory := openMemory(filepath.Join("build", "mutate", "killed.tsv"), fresh)
	defer memory.close()

	c := &campaign{tree: tree, all: all, memory: memory, equivalents: equivalents, only: only, most: most, jobs: jobs}
	start := time.Now()
	if err := c.run(); err != nil {
		return err
	}
	t := c.totals()
	fmt.Printf("mutate: %d mutants in %v: killed %d, equivalent %d, survived %d; %d more do not compile\n",
		t.killed+t.equivalent+t.survived, time.Since(start).Round(time.Second), t.killed, t.equivalent, t.survived, c.invalid)
	for _, k := range c.byKiller() {
		fmt.Println("mutate:   killed by", k)
	}
	if stale := c.stale(); len(stale) > 0 && run == "" && most == 0 {
		return fmt.Errorf("equivalent.txt names what is no mutant, or is killed:\n  %s", strings.Join(stale, "\n  "))
	}
	if t.survived > 0 {
		return fmt.Errorf("%d mutants survived: write the test that tells them from the original, or prove in equivalent.txt that there is none", t.survived)
	}
	return nil
}
