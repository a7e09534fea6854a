package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A killer is a set of tests, compiled once.
type killer struct {
	name  string
	dir   string // of the package
	tags  string
	args  []string
	limit time.Duration // a mutant that needs longer hangs

	binary string
	skip   []string // tests that fail in the instrumented copy though nothing is mutated
}

// killers in the order in which they are tried: the quick ones first. Those
// with a tag of the kit's are tried on the code that needs it, too; the
// explorer's are tried on all.
func killers() []*killer {
	machines := []string{"-test.run=^Test(Verbs|State|Actor|Task|WakerCell|RunQueue|LocalQueue|Owned)$", "-rapid.nofailfile", "-rapid.seed=1"}
	ks := []*killer{
		{name: "state machines", dir: "proptest", args: machines},
		{name: "unit tests", dir: ".", args: []string{"-test.short"}},
		{name: "state machines, debug", dir: "proptest", tags: "rouse_debug", args: machines},
		{name: "unit tests, debug", dir: ".", tags: "rouse_debug", args: []string{"-test.short"}},
		{name: "unit tests, tracing", dir: ".", tags: "rouse_trace", args: []string{"-test.short"}},
		{name: "unit tests, exploring", dir: ".", tags: "rouse_explore", args: []string{"-test.short"}},
	}
	for _, dir := range []string{"proptest/scenarios", "proptest/gallery"} {
		if _, err := os.Stat(dir); err == nil {
			ks = append(ks, &killer{name: dir, dir: dir, tags: "rouse_explore", args: []string{"-test.short"}})
		}
	}
	return ks
}

// fits reports whether the killer's build has the mutant's code.
func (k *killer) fits(m *mutant) bool {
	if m.build != "" {
		return k.tags == m.build
	}
	return k.tags == "" || k.tags == "rouse_explore"
}

// compile builds the test binary of the tree as it is.
func (k *killer) compile(tree, binary string) error {
	k.binary = binary
	cmd := exec.Command("go", "test", "-c", "-vet=off", "-tags", k.tags, "-o", binary, "./"+k.dir)
	cmd.Dir = tree
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", k.name, err, out)
	}
	return nil
}

var failedTest = regexp.MustCompile(`(?m)^--- FAIL: (\w+)`)

// calibrate runs the original. Tests that look at the source or at what the
// compiler made of it fail in the copy: they are left out. The time that the
// others need sets the limit.
func (k *killer) calibrate(tree string) error {
	k.limit = 5 * time.Minute
	for range 5 {
		start := time.Now()
		killed, out := k.run(tree, 0)
		if !killed {
			k.limit = 5*time.Second + 5*time.Since(start)
			return nil
		}
		failed := failedTest.FindAllStringSubmatch(out, -1)
		if len(failed) == 0 {
			return fmt.Errorf("%s fail on the original:\n%s", k.name, out)
		}
		for _, f := range failed {
			if !slices.Contains(k.skip, f[1]) {
				k.skip = append(k.skip, f[1])
			}
		}
	}
	return fmt.Errorf("%s: more and more tests fail on the original: %v", k.name, k.skip)
}

// run reports whether the tests notice a mutant.
func (k *killer) run(tree string, id int) (killed bool, out string) {
	ctx, cancel := context.WithTimeout(context.Background(), k.limit)
	defer cancel()
	args := append([]string{"-test.failfast", "-test.timeout=0"}, k.args...)
	if id == 0 {
		args[0] = "-test.failfast=false"
	}
	if len(k.skip) > 0 {
		args = append(args, "-test.skip=^("+strings.Join(k.skip, "|")+")$")
	}
	// A mutant may allocate without end, or write failures without end.
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", `ulimit -v 8000000; exec nice -n 10 "$0" "$@"`, k.binary}, args...)...)
	cmd.Dir = filepath.Join(tree, k.dir)
	cmd.Env = append(os.Environ(), fmt.Sprintf("ROUSE_MUTANT=%d", id))
	cmd.WaitDelay = time.Second
	var b limited
	cmd.Stdout, cmd.Stderr = &b, &b
	err := cmd.Run()
	return err != nil, b.String()
}

// limited keeps the first of what is written.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if l.Len() < 1<<16 {
		l.Buffer.Write(p)
	}
	return len(p), nil
}
