package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A part is a chain of commands that prove one thing, and say so by lines.
type part struct {
	name  string
	note  string   // what of it is run
	dir   string   // without which there is nothing to run
	items []string // that it must report
	steps [][]string

	mu     sync.Mutex
	runs   bool
	last   string   // of its output
	tail   []string // the end of its output
	counts map[string]count
	lacks  []string // what it did not run
	took   time.Duration
	err    error
}

// A count is of one item.
type count struct{ n, failed int }

func (p *part) now() (last string, runs bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last, p.runs
}

func (p *part) run() {
	start := time.Now()
	p.mu.Lock()
	p.runs, p.counts = true, map[string]count{}
	p.mu.Unlock()
	err := p.all()

	p.mu.Lock()
	defer p.mu.Unlock()
	p.runs, p.took = false, time.Since(start)
	for _, item := range p.items {
		if _, ok := p.counts[item]; !ok && err == nil {
			err = fmt.Errorf("it says nothing about %s", item)
		}
	}
	p.err = err
	if err == nil {
		fmt.Printf("proof: ok %s (%v)\n", p.name, p.took.Round(100*time.Millisecond))
		return
	}
	p.blame()
	fmt.Printf("proof: FAILED %s (%v): %v\n  %s\n", p.name, p.took.Round(100*time.Millisecond), err, strings.Join(p.tail, "\n  "))
}

// blame makes the failure one of an item's, if none has it.
func (p *part) blame() {
	for _, item := range p.items {
		if p.counts[item].failed > 0 {
			return
		}
	}
	c := p.counts[p.items[0]]
	c.failed++
	p.counts[p.items[0]] = c
}

func (p *part) all() error {
	if p.dir != "" {
		if _, err := os.Stat(p.dir); err != nil {
			return fmt.Errorf("%s is missing", p.dir)
		}
	}
	log, err := os.Create(filepath.Join(logs, p.name+".log"))
	if err != nil {
		return err
	}
	defer log.Close()
	var failed error
	for _, step := range p.steps {
		fmt.Fprintln(log, "$", strings.Join(step, " "))
		if err := p.step(step, log); err != nil && failed == nil {
			failed = fmt.Errorf("%s: %w", strings.Join(step, " "), err)
		}
	}
	return failed
}

func (p *part) step(args []string, log io.Writer) error {
	cmd := exec.Command(args[0], args[1:]...)
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	read := make(chan struct{})
	go func() {
		defer close(read)
		for in := bufio.NewReader(r); ; {
			line, err := in.ReadString('\n')
			if line != "" {
				io.WriteString(log, line)
				p.line(strings.TrimRight(line, "\r\n"))
			}
			if err != nil {
				return
			}
		}
	}()
	err := cmd.Run()
	w.Close()
	<-read
	return err
}

var (
	counted = regexp.MustCompile(`\bproof\t([a-z-]+)\t(\d+)\t(\d+)\s*$`)
	// A fuzz target is counted by what the go command says of it.
	fuzzed = regexp.MustCompile(`^--- (PASS|FAIL): Fuzz\w+ \(`)
	lacked = regexp.MustCompile(`^matrix: (not run: .*)`)
)

func (p *part) line(s string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m := counted.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[2])
		failed, _ := strconv.Atoi(m[3])
		p.add(m[1], count{n, failed})
		return
	}
	if m := fuzzed.FindStringSubmatch(s); m != nil {
		c := count{n: 1}
		if m[1] == "FAIL" {
			c.failed = 1
		}
		p.add("fuzz-targets", c)
	}
	if m := lacked.FindStringSubmatch(s); m != nil && !slices.Contains(p.lacks, m[1]) {
		p.lacks = append(p.lacks, m[1]) // said at once, and again at its end
	}
	if strings.TrimSpace(s) == "" {
		return
	}
	p.last = s
	if p.tail = append(p.tail, s); len(p.tail) > 40 {
		p.tail = slices.Delete(p.tail, 0, 1)
	}
}

func (p *part) add(item string, c count) {
	old := p.counts[item]
	p.counts[item] = count{old.n + c.n, old.failed + c.failed}
}
