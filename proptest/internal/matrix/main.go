// Matrix runs the tests of the kit on all architectures and systems that this
// machine can run or emulate, and compiles and vets them for the others. What
// the machine lacks is named, and how to get it.
//
//	go run ./proptest/internal/matrix [-quick] [-lacking=fail|list] [-run regexp]
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

var (
	quick   = flag.Bool("quick", false, "only what runs without an emulator")
	lacking = flag.String("lacking", "fail", "what comes of an architecture whose emulator is not there: fail, or list it")
	only    = flag.String("run", "", "only those whose name matches the `regexp`")
	jobs    = flag.Int("j", 2, "how many at a time")
)

func main() {
	flag.Parse()
	re, err := regexp.Compile(*only)
	if err != nil || *lacking != "fail" && *lacking != "list" {
		flag.Usage()
		os.Exit(2)
	}
	var m matrix
	turn := make(chan struct{}, *jobs)
	var all sync.WaitGroup
	for i, t := range targets {
		if i > 0 && t.name() == native().name() {
			continue
		}
		if !re.MatchString(t.name()) {
			continue
		}
		if *quick && (t.emulator != nil || t.compiles) {
			m.skipped = append(m.skipped, t.name())
			continue
		}
		all.Add(1)
		go func() {
			defer all.Done()
			turn <- struct{}{}
			defer func() { <-turn }()
			m.try(t)
		}()
	}
	all.Wait()
	if !m.sum() {
		os.Exit(1)
	}
}

// A matrix is the sum of what was tried.
type matrix struct {
	mu                       sync.Mutex
	passed, compiled, failed int
	lacks                    []string
	skipped                  []string // for -quick
}

func (m *matrix) try(t target) {
	start := time.Now()
	out, err := t.test()
	m.mu.Lock()
	defer m.mu.Unlock()
	var l lack
	switch took := time.Since(start).Round(time.Millisecond); {
	case errors.As(err, &l):
		m.lacks = append(m.lacks, fmt.Sprintf("not run: %s (%s missing: %s)", t.name(), l.what, l.remedy))
		fmt.Println("matrix:", m.lacks[len(m.lacks)-1])
	case err != nil:
		m.failed++
		fmt.Printf("matrix: FAILED %s after %v: %v\n%s", t.name(), took, err, out)
	case t.compiles:
		m.compiled++
		fmt.Printf("matrix: ok %s: compiles, vet is silent (%v)\n", t.name(), took)
	default:
		m.passed++
		fmt.Printf("matrix: ok %s: tests pass (%v)\n", t.name(), took)
	}
}

// sum prints the totals, and reports whether all is well.
func (m *matrix) sum() bool {
	failed := m.failed
	if *lacking == "fail" {
		failed += len(m.lacks)
	}
	for _, l := range m.lacks {
		fmt.Println("matrix:", l)
	}
	if len(m.skipped) > 0 {
		fmt.Printf("matrix: not run: %s (-quick)\n", strings.Join(m.skipped, ", "))
	}
	fmt.Printf("matrix: tests pass on %d, %d more compile, %d fail, %d were not run\n", m.passed, m.compiled, m.failed, len(m.lacks)+len(m.skipped))
	fmt.Printf("proof\tarchitectures\t%d\t%d\n", m.passed, failed)
	if m.compiled > 0 {
		fmt.Printf("proof\tarchitectures-compiled\t%d\t0\n", m.compiled)
	}
	return failed == 0
}

// test runs the tests of a target, or vets what only compiles.
func (t target) test() (string, error) {
	env := append(os.Environ(), "GOOS="+t.os, "GOARCH="+t.arch, "CGO_ENABLED=0")
	if t.compiles {
		out, err := command(env, "go", "vet", "./...")
		if err != nil {
			return out, err
		}
		for _, p := range packages {
			if out, err := command(env, "go", "test", "-c", "-o", os.DevNull, p); err != nil {
				return out, err
			}
		}
		return "", nil
	}
	args := []string{"test", "-short", "-vet=off", "-timeout=20m"}
	if t.emulator != nil {
		program, more, err := t.emulator()
		if err != nil {
			return "", err
		}
		args = append(args, "-exec="+program)
		env = append(env, more...)
	}
	return command(env, "go", append(args, packages...)...)
}

func command(env []string, name string, args ...string) (string, error) {
	var b bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &b, &b
	if err := cmd.Run(); err != nil {
		return b.String(), fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return b.String(), nil
}

// bin is where programs are that are installed for the matrix alone.
func bin() string { d, _ := filepath.Abs(filepath.Join("build", "bin")); return d }
