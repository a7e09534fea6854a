package main

import (
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"sync"
)

// counter is the tool, and where it comes from.
const counter = "valgrind"

// countInstructions has callgrind count the machine instructions of an operation
// on each side of each row. Unlike times they do not depend on the neighbours,
// so it counts some at a time. Without the tool none are counted.
func countInstructions(ps *programs, rs []*outcome) error {
	if _, err := exec.LookPath(counter); err != nil {
		fmt.Println("instructions:", counter, "is not installed: none are counted")
		return nil
	}
	var group sync.WaitGroup
	var mu sync.Mutex
	var failed error
	slots := make(chan struct{}, runtime.NumCPU())
	for _, o := range rs {
		r, _ := find(o.name)
		if r.wall {
			continue
		}
		for i, op := range append([]string{r.ours}, r.peers...) {
			if i >= len(o.sides) {
				break
			}
			f := o.side(op)
			p, ok := ps.find(op)
			if f == nil || !ok {
				continue
			}
			group.Add(1)
			slots <- struct{}{}
			go func() {
				defer func() { <-slots; group.Done() }()
				n, err := p.instructions(op)
				mu.Lock()
				defer mu.Unlock()
				f.instructions = n
				if err != nil && failed == nil {
					failed = err
				}
			}()
		}
		progress("instructions: %s", o.name)
	}
	group.Wait()
	progress("")
	return failed
}

// instructions counts those of the timed function in a Go program. In the Rust
// program that is inlined, and some operations take their time themselves: there
// it takes the difference of two runs.
func (p *program) instructions(op string) (int, error) {
	const n, more = 5_000, 25_000
	if p.flag == "-" {
		c, err := p.callgrind(op, n, "--collect-atstart=no", "--toggle-collect=github.com/rouse-go/rouse/bench/harness.Timed")
		if c > 0 || err != nil {
			return c / n, err
		}
	}
	a, err := p.callgrind(op, n)
	if err != nil {
		return 0, err
	}
	b, err := p.callgrind(op, more)
	return (b - a) / (more - n), err
}

var collected = regexp.MustCompile(`Collected : (\d+)`)

func (p *program) callgrind(op string, n int, flags ...string) (int, error) {
	own, _ := p.own(op)
	args := append([]string{"--tool=callgrind", "--callgrind-out-file=/dev/null"}, flags...)
	args = append(args, p.path, p.flag+"op", own, p.flag+"iters", strconv.Itoa(n))
	c := exec.Command(counter, args...)
	c.Env = append(c.Environ(), "GOMAXPROCS=1", "GOGC=off", "GODEBUG=asyncpreemptoff=1")
	out, err := c.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%s %s: %w\n%s", counter, op, err, out[max(0, len(out)-2000):])
	}
	m := collected.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("%s %s: no count in its output", counter, op)
	}
	return strconv.Atoi(string(m[1]))
}
