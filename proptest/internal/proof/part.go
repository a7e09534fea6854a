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

// A part is a number of commands that prove one thing, and say so by lines.
type part struct {
	name  string
	note  string   // what of it is run
	dir   string   // without which there is nothing to run
	items []string // that it must report
	steps [][]string
	apart bool // the steps can run at the same time

	begin sync.Once
	start time.Time
	log   *os.File

	mu     sync.Mutex
	left   int // chains that have not ended
	must   int // chains, of which each must report every item
	last   string
	tail   []string // the end of its output
	counts map[string]count
	lacks  []string // what it did not run
	err    error    // the first
}

// A count is of one item, the sum of so many lines.
type count struct{ n, failed, lines int }

// chains returns the steps that are run one after the other, each such chain by a call of run.
func (p *part) chains() (chains [][][]string) {
	if p.apart {
		for i := range p.steps {
			chains = append(chains, p.steps[i:i+1])
		}
	} else {
		chains = append(chains, p.steps)
	}
	p.left, p.must = len(chains), len(chains)
	return chains
}

func (p *part) now() (last string, runs bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last, p.counts != nil && p.left > 0
}

func (p *part) run(chain [][]string) {
	p.begin.Do(p.open)
	for _, step := range chain {
		if p.log != nil {
			p.fail(p.step(step))
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left--; p.left == 0 {
		p.close()
	}
}

func (p *part) open() {
	p.start = time.Now()
	p.mu.Lock()
	p.counts = map[string]count{}
	p.mu.Unlock()
	if p.dir != "" {
		if _, err := os.Stat(p.dir); err != nil {
			p.fail(fmt.Errorf("%s is missing", p.dir))
			return
		}
	}
	log, err := os.Create(filepath.Join(logs, p.name+".log"))
	p.fail(err)
	p.log = log
}

func (p *part) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = err
	}
}

// close says how the part ended. p.mu is held.
func (p *part) close() {
	if p.log != nil {
		p.log.Close()
	}
	took := time.Since(p.start).Round(100 * time.Millisecond)
	for _, item := range p.items {
		if n := p.counts[item].lines; n < p.must && p.err == nil {
			p.err = fmt.Errorf("it says something about %s %d times, not %d", item, n, p.must)
		}
	}
	if p.err == nil {
		fmt.Printf("proof: ok %s (%v)\n", p.name, took)
		return
	}
	p.blame()
	fmt.Printf("proof: FAILED %s (%v): %v\n  %s\n", p.name, took, p.err, strings.Join(p.tail, "\n  "))
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

func (p *part) step(args []string) error {
	p.line("$ " + strings.Join(args, " ") + "\n")
	cmd := exec.Command(args[0], args[1:]...)
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	read := make(chan struct{})
	go func() {
		defer close(read)
		for in := bufio.NewReader(r); ; {
			line, err := in.ReadString('\n')
			if line != "" {
				p.line(line)
			}
			if err != nil {
				return
			}
		}
	}()
	err := cmd.Run()
	w.Close()
	<-read
	if err != nil {
		return fmt.Errorf("%s: %w", strings.Join(args, " "), err)
	}
	return nil
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
	io.WriteString(p.log, s)
	s = strings.TrimRight(s, "\r\n")
	if m := counted.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[2])
		failed, _ := strconv.Atoi(m[3])
		p.add(m[1], count{n, failed, 1})
		return
	}
	if m := fuzzed.FindStringSubmatch(s); m != nil {
		c := count{n: 1, lines: 1}
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
	p.counts[item] = count{old.n + c.n, old.failed + c.failed, old.lines + c.lines}
}
