package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// A program answers the lines "OP ITERS" that it reads with one sample each.
type program struct {
	path  string
	flag  string // what introduces a flag: - or --
	ops   map[string]bool
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

type programs []*program

// build builds the programs and starts them.
func build(o options) (ps programs, err error) {
	out, err := filepath.Abs(filepath.Join(o.root, "build"))
	if err != nil {
		return nil, err
	}
	goProgram := func(name, dir, pkg string) *program {
		path := filepath.Join(out, name)
		if err == nil {
			err = command(filepath.Join(o.root, dir), "go", "build", "-o", path, pkg)
		}
		return &program{path: path, flag: "-"}
	}
	ps = programs{goProgram("bench-ops", ".", "./bench/ops"), goProgram("bench-twins", "bench/twins", ".")}
	if err != nil {
		return nil, err
	}
	if !o.goOnly {
		if _, err := exec.LookPath("cargo"); err != nil {
			return nil, errors.New("cargo is not installed, and the peers are Rust; -go-only, or make bench, does without")
		}
		dir := filepath.Join(o.root, "bench", "peers")
		if err := command(dir, "cargo", "build", "--quiet", "--release", "--locked"); err != nil {
			return nil, err
		}
		ps = append(ps, &program{path: filepath.Join(dir, "target", "release", "peers"), flag: "--"})
	}
	for i, p := range ps {
		if err := p.start(); err != nil {
			ps[:i].close()
			return nil, err
		}
	}
	return ps, nil
}

func command(dir, name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Dir, c.Stdout, c.Stderr = dir, os.Stderr, os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}

func (p *program) start() error {
	list, err := exec.Command(p.path, p.flag+"list").Output()
	if err != nil {
		return fmt.Errorf("%s: %w", p.path, err)
	}
	p.ops = map[string]bool{}
	for _, op := range strings.Fields(string(list)) {
		p.ops[op] = true
	}
	p.cmd = exec.Command(p.path, p.flag+"serve")
	p.cmd.Stderr = os.Stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return err
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	p.lines = bufio.NewScanner(stdout)
	return p.cmd.Start()
}

func (ps programs) close() {
	for _, p := range ps {
		p.in.Close()
		p.cmd.Wait()
	}
}

// restart gives back the memory of what was measured.
func (p *program) restart() error {
	programs{p}.close()
	return p.start()
}

// find returns the program that has op, which may end in @THREADS.
func (ps programs) find(op string) (*program, bool) {
	base := op
	if before, _, ok := strings.Cut(op, "@"); ok {
		base = before + "@"
	}
	for _, p := range ps {
		if p.ops[base] {
			return p, true
		}
	}
	return nil, false
}

type sample struct {
	value float64 // ns or bytes per operation
	work  map[string]int
	aux   float64
}

func (p *program) sample(op string, n int) (sample, error) {
	if _, err := fmt.Fprintf(p.in, "%s %d\n", op, n); err != nil {
		return sample{}, fmt.Errorf("%s: %w", op, err)
	}
	if !p.lines.Scan() {
		return sample{}, fmt.Errorf("%s ended at %s %d", p.path, op, n)
	}
	return parseSample(p.lines.Text())
}

// parseSample reads op<TAB>value<TAB>counter=N …[<TAB>aux=ns].
func parseSample(line string) (s sample, err error) {
	f := strings.Split(line, "\t")
	if len(f) < 3 {
		return s, fmt.Errorf("not a sample: %q", line)
	}
	if s.value, err = strconv.ParseFloat(f[1], 64); err != nil {
		return s, fmt.Errorf("not a sample: %q", line)
	}
	s.work = map[string]int{}
	for _, w := range strings.Fields(f[2]) {
		k, v, _ := strings.Cut(w, "=")
		if s.work[k], err = strconv.Atoi(v); err != nil {
			return s, fmt.Errorf("not a sample: %q", line)
		}
	}
	if len(f) > 3 {
		_, v, _ := strings.Cut(f[3], "=")
		s.aux, err = strconv.ParseFloat(v, 64)
	}
	return s, err
}
