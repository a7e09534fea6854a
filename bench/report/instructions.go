package main

import (
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// An instructionRow is how many machine instructions an operation takes, on
// each side. Unlike times they do not depend on the neighbours.
type instructionRow struct {
	op    string
	sides []string // implementation
	count []int
}

// countInstructions runs callgrind. Without valgrind there is no table.
func countInstructions(ps programs) (rows []instructionRow, err error) {
	if _, err := exec.LookPath("valgrind"); err != nil {
		fmt.Println("instructions: valgrind is not installed")
		return nil, nil
	}
	for _, w := range []struct{ op, ours, peers string }{
		{"clone-drop", "rouse", "tokio async-task"},
		{"clone-drop", "rouse-uncounted", ""},
		{"wake-notified", "rouse", "tokio async-task"},
		{"self-wake", "rouse", "tokio async-task"},
		{"self-wake", "rouse-queue", ""},
		{"self-wake", "rouse-header", ""},
		{"wake-run-idle", "rouse", "tokio async-task"},
		{"wake-run-idle", "rouse-queue", ""},
		{"spawn-detached", "rouse-pooled", "tokio async-task"},
		{"spawn-detached", "rouse-queue-pooled", ""},
		{"spawn-join", "rouse-pooled", "tokio async-task"},
		{"register-wake", "rouse", "atomic-waker+tokio diatomic-waker+tokio"},
		{"queue", "rouse", "cordyceps"},
		{"queue-32", "rouse", "cordyceps"},
	} {
		r := instructionRow{op: w.op}
		for _, name := range append([]string{w.ours}, strings.Fields(w.peers)...) {
			p, ok := ps.find(name + "/" + w.op)
			if !ok {
				continue
			}
			n, err := p.instructions(name + "/" + w.op)
			if err != nil {
				return rows, err
			}
			r.sides, r.count = append(r.sides, name), append(r.count, n)
		}
		rows = append(rows, r)
		fmt.Printf("instructions\t%s\t%v\t%v\n", r.op, r.sides, r.count)
	}
	return rows, nil
}

// instructions counts those of the timed function in a Go program. In the Rust
// program that is inlined: there it takes the difference of two runs.
func (p *program) instructions(op string) (int, error) {
	const n, more = 20_000, 120_000
	if p.flag == "-" {
		c, err := p.callgrind(op, n, "--collect-atstart=no", "--toggle-collect=github.com/rouse-go/rouse/bench/harness.Timed")
		return c / n, err
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
	args := append([]string{"--tool=callgrind", "--callgrind-out-file=/dev/null"}, flags...)
	args = append(args, p.path, p.flag+"op", op, p.flag+"iters", strconv.Itoa(n))
	c := exec.Command("valgrind", args...)
	c.Env = append(c.Environ(), "GOMAXPROCS=1", "GOGC=off", "GODEBUG=asyncpreemptoff=1")
	out, err := c.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("valgrind %s: %w\n%s", op, err, out[max(0, len(out)-2000):])
	}
	m := collected.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("valgrind %s: no count in its output", op)
	}
	return strconv.Atoi(string(m[1]))
}

func (r *results) instructionTable(p func(string, ...any)) {
	if len(r.instructions) == 0 {
		p("\nInstructions per operation were not counted in this run (`-instructions`, with valgrind installed).")
		return
	}
	p("\n## Instructions per operation\n\nCounted by callgrind, without garbage collection.\n\n| operation | |\n|---|---|")
	for _, row := range r.instructions {
		var parts []string
		for i, name := range row.sides {
			parts = append(parts, fmt.Sprintf("%s %d", name, row.count[i]))
		}
		p("| %s | %s |", row.op, strings.Join(parts, ", "))
	}
}
