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
	flag  string            // what introduces a flag: - or --
	ops   map[string]string // what the program itself calls each of its operations
	as    string            // if not empty: it is there for tokio alone, by this name
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

// programs are those that could be built; why says what the implementations of
// the others lack.
type programs struct {
	all []*program
	why map[string]string
}

// executorOps is the package of examples/executor's operations.
const executorOps = "executor/cmd/ops"

// build builds the programs and starts them.
func build(o options) (ps *programs, err error) {
	out, err := filepath.Abs(filepath.Join(o.root, "build"))
	if err != nil {
		return nil, err
	}
	ps = &programs{why: map[string]string{}}
	add := func(name, dir, pkg string) {
		path := filepath.Join(out, name)
		if err == nil {
			err = command(filepath.Join(o.root, dir), "go", "build", "-o", path, pkg)
		}
		ps.all = append(ps.all, &program{path: path, flag: "-"})
	}
	add("bench-ops", ".", "./bench/ops")
	add("bench-twins", "bench/twins", ".")
	if _, none := os.Stat(filepath.Join(o.root, "examples", executorOps)); none == nil {
		add("bench-executor", "examples", "./"+executorOps)
	} else {
		ps.why["rouse-executor"] = "there is no examples/" + executorOps
	}
	if err != nil {
		return nil, err
	}
	if !o.goOnly {
		if _, err := exec.LookPath("cargo"); err != nil {
			return nil, errors.New("cargo is not installed, and the peers are Rust; -go-only, or make bench, does without")
		}
		peers := filepath.Join(o.root, "bench", "peers")
		for dir, as := range map[string]string{peers: "", filepath.Join(peers, "tokio-1.48"): "tokio-1.48"} {
			if err := command(dir, "cargo", "build", "--quiet", "--release", "--locked"); err != nil {
				return nil, err
			}
			ps.all = append(ps.all, &program{path: filepath.Join(dir, "target", "release", "peers"), flag: "--", as: as})
		}
	}
	for i, p := range ps.all {
		if err := p.start(); err != nil {
			ps.all = ps.all[:i]
			ps.close()
			return nil, err
		}
	}
	if o.goOnly {
		ps.why[""] = "a run of Go alone"
	}
	return ps, nil
}

// missing says why an operation that cannot be found is not there. It is empty
// for one that should be.
func (ps *programs) missing(op string) string {
	impl, _, _ := strings.Cut(op, "/")
	if why, ok := ps.why[impl]; ok {
		return why
	}
	return ps.why[""]
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
	p.ops = map[string]string{}
	for _, op := range strings.Fields(string(list)) {
		if impl, what, _ := strings.Cut(op, "/"); p.as == "" {
			p.ops[op] = op
		} else if impl == "tokio" {
			p.ops[p.as+"/"+what] = op
		}
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

func (ps *programs) close() {
	for _, p := range ps.all {
		p.close()
	}
}

func (p *program) close() {
	p.in.Close()
	p.cmd.Wait()
}

// restart gives back the memory of what was measured.
func (p *program) restart() error {
	p.close()
	return p.start()
}

// find returns the program that has op, which may end in @THREADS.
func (ps *programs) find(op string) (*program, bool) {
	for _, p := range ps.all {
		if _, ok := p.own(op); ok {
			return p, true
		}
	}
	return nil, false
}

// own returns what the program itself calls op.
func (p *program) own(op string) (string, bool) {
	base, threads, contended := strings.Cut(op, "@")
	if contended {
		base += "@"
	}
	own, ok := p.ops[base]
	return own + threads, ok
}

type sample struct {
	value float64 // ns or bytes per operation
	work  map[string]int
	aux   float64
}

func (p *program) sample(op string, n int) (sample, error) {
	own, _ := p.own(op)
	if _, err := fmt.Fprintf(p.in, "%s %d\n", own, n); err != nil {
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
