package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A killer is a set of tests, compiled once, when it is first needed.
type killer struct {
	once  sync.Once
	built atomic.Bool
	err   error
	name  string
	dir   string // of the package
	tags  string
	args  []string
	limit time.Duration // a mutant that needs longer hangs
	walks bool          // through interleavings
	slow  bool          // tried on what the others leave
	whole *killer       // of a scout: the killer whose test it is

	binary string
}

// killers in the order in which they are tried: the quick ones first. Those
// with a tag of the kit's are tried on the code that needs it; the explorer's
// are tried on all. Tests that judge the source, or what the compiler makes of
// it, are left out: what they say of a copy with mutants is no kill.
func killers() []*killer {
	machines := []string{"-test.run=^Test(Verbs|Actor|Mailbox|Task|WakerCell|RunQueue|LocalQueue|Owned|Parker|WaitQueue|Semaphore|StealQueue)$", "-rapid.nofailfile", "-rapid.seed=1"}
	const long = "RefusedChain"
	unit := []string{"-test.short", "-test.skip=" + long + "|Production|Inlining|TransitionsDoc|Vendor|Exports|Fragments|Programs|Tutorial|EveryType|Announcements|Links|MakeTargets|MakeNeeds|MessagesOfThePage|NamesOfMigrating|NothingUnderneath|TablesAreTyped", "-rapid.nofailfile", "-rapid.seed=1"}
	ks := []*killer{
		{name: "state machines", dir: "proptest", args: machines},
		{name: "unit tests", dir: ".", args: unit},
		{name: "costs", dir: ".", tags: "rouse_explore", args: []string{"-test.run=^Test(Budget|PieceBudget|TransitionCosts)$"}},
		{name: "long chains", dir: ".", args: []string{"-test.short", "-test.run=" + long}, slow: true},
		{name: "state machines, debug", dir: "proptest", tags: "rouse_debug", args: machines},
		{name: "unit tests, debug", dir: ".", tags: "rouse_debug", args: unit},
		{name: "unit tests, tracing", dir: ".", tags: "rouse_trace", args: unit},
	}
	for _, dir := range []string{"proptest/internal/scenarios", "proptest/gallery"} {
		if _, err := os.Stat(dir); err == nil {
			ks = append(ks, &killer{name: dir, dir: dir, tags: "rouse_explore", args: []string{"-test.short"}, walks: true, slow: true})
		}
	}
	return ks
}

// killersOf returns the quick or the slow killers that are tried on a mutant.
// Where an operation is torn the walks through interleavings are likely to notice,
// and the quick ones, of a few, if these do not.
func killersOf(ks []*killer, m *mutant, slow bool) (fit []*killer) {
	for _, k := range ks {
		// Where a tag adds nothing to the code, its tests seldom see more.
		late := k.slow || m.torn || m.build == "" && k.tags != ""
		if late == slow && k.fits(m) {
			fit = append(fit, k)
		}
	}
	// First what is likely to see it.
	slices.SortStableFunc(fit, func(a, b *killer) int { return cmp.Compare(a.blind(m), b.blind(m)) })
	return fit
}

// sees are what the names of mutants have that the tests of a build are there to see.
var sees = map[string]*regexp.Regexp{
	"rouse_debug": regexp.MustCompile(`token|spend|borrow|\.(begin|end)\(`),
	"rouse_trace": regexp.MustCompile(`[tT]race|submitted|Outcome|Yielded|bound`),
}

// blind is less for a killer that is more likely to see the mutant.
func (k *killer) blind(m *mutant) int {
	switch re := sees[k.tags]; {
	case m.torn && !k.walks:
		return 4
	case !k.slow && k.tags == "":
		return 0
	case re != nil && re.MatchString(m.name):
		return 1
	case k.walks:
		return 2
	}
	return 3
}

// ready compiles and calibrates the killer, the first time.
func (k *killer) ready(tree string) error {
	k.once.Do(func() {
		if k.whole != nil {
			k.binary = k.whole.binary
			if k.err = k.calibrate(tree); k.err == nil {
				k.built.Store(true)
			}
			return
		}
		start := time.Now()
		name := strings.NewReplacer(" ", "-", ",", "", "/", "-").Replace(k.name)
		if k.err = k.compile(tree, filepath.Join(tree, name+".test")); k.err != nil {
			return
		}
		took := time.Since(start)
		if k.err = k.calibrate(tree); k.err == nil {
			fmt.Printf("mutate: %s: built in %v, limit %v\n", k.name, took.Round(time.Millisecond), k.limit.Round(time.Millisecond))
			k.built.Store(true)
		}
	})
	return k.err
}

// fits reports whether the killer's build has the mutant's code. What belongs
// to no tag is in all builds, and may be told from the original in one only.
func (k *killer) fits(m *mutant) bool {
	return m.build == "" || k.tags == m.build
}

// compile builds the test binary of the tree as it is.
func (k *killer) compile(tree, binary string) error {
	k.binary = binary
	cmd := exec.Command("sh", "-c", "exec "+*through+` "$0" "$@"`,
		"go", "test", "-c", "-vet=off", "-trimpath", "-tags", k.tags, "-o", binary, "./"+k.dir)
	cmd.Dir = tree
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", k.name, err, out)
	}
	return nil
}

// failedTest matches the report of a test, or of a subtest.
var failedTest = regexp.MustCompile(`(?m)^ *--- FAIL: (\S+)`)

// failed returns the innermost test that failed first.
func failed(out string) (test string) {
	for _, m := range failedTest.FindAllStringSubmatch(out, -1) {
		if test == "" || strings.HasPrefix(m[1], test+"/") {
			test = m[1]
		}
	}
	return test
}

// calibrate runs the original. The time that it needs sets the limit.
func (k *killer) calibrate(tree string) (err error) {
	k.limit, err = k.measure(tree)
	return err
}

func (k *killer) measure(tree string) (limit time.Duration, err error) {
	long := k.like()
	long.limit = 10 * time.Minute
	start := time.Now()
	found, out, err := long.attempt(tree, 0)
	if err == nil && found != "" {
		err = fmt.Errorf("%s fail on the original: %s\n%s", k.name, found, out)
	}
	return 4*time.Second + 6*time.Since(start), err
}

// like returns a killer with the same tests.
func (k *killer) like() *killer {
	return &killer{name: k.name, dir: k.dir, tags: k.tags, args: k.args, binary: k.binary, limit: k.limit}
}

// run returns how the tests notice a mutant: the test that fails, the panic or
// fatal error that ends the process, or that it does not end. That is believed
// if it happens twice, with a limit measured anew between: the machine may be
// busier than it was.
func (k *killer) run(tree string, id int, measure func() (time.Duration, error)) (found string, err error) {
	found, _, err = k.attempt(tree, id)
	if found != hangs {
		return found, err
	}
	again := k.like()
	if again.limit, err = measure(); err != nil {
		return "", err
	}
	again.limit = max(again.limit, k.limit)
	found, _, err = again.attempt(tree, id)
	return found, err
}

const hangs = "hangs"

// attempt runs the tests once. A process that ends in another way than by a
// failure, a panic or the limit is an error, and no kill.
func (k *killer) attempt(tree string, id int) (found, out string, err error) {
	args := append([]string{"-test.failfast", "-test.timeout=0"}, k.args...)
	// A mutant may allocate without end, run without end, or write without end.
	// Each exec keeps the process, so that it is the test binary that is killed.
	ctx, cancel := context.WithTimeout(context.Background(), k.limit)
	defer cancel()
	sh := fmt.Sprintf(`ulimit -v 8000000 2>/dev/null; exec %s "$0" "$@"`, *through)
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", sh, k.binary}, args...)...)
	cmd.Dir = filepath.Join(tree, k.dir)
	cmd.Env = append(os.Environ(), fmt.Sprintf("ROUSE_MUTANT=%d", id))
	cmd.WaitDelay = time.Second
	var b limited
	cmd.Stdout, cmd.Stderr = &b, &b
	err = cmd.Run()
	out = b.String()
	if err == nil {
		return "", out, nil
	}
	if ctx.Err() != nil {
		return hangs, out, nil
	}
	if test := failed(out); test != "" {
		return test, out, nil
	}
	if m := crash.FindString(out); m != "" {
		return m, out, nil
	}
	return "", out, fmt.Errorf("%s: mutant %d: %w, and no test failed:\n%s", k.name, id, err, out)
}

// crash is how a process reports what its tests cannot.
var crash = regexp.MustCompile(`(?m)^(panic|fatal error|runtime|SIG[A-Z]+): .{0,60}`)

// limited keeps the first of what is written.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if l.Len() < 1<<16 {
		l.Buffer.Write(p)
	}
	return len(p), nil
}
