package main

import (
	"fmt"
	"os/exec"
	"strings"
)

// A lineRow is what bench/lines counted: how many RMWs an operation takes when
// so many threads use one piece, and how often a line travels between caches.
type lineRow struct {
	piece                           string
	threads                         int
	rmws, shared, transfers, failed float64
}

// simulateLines runs bench/lines, which needs no processors of its own.
func simulateLines(root string) ([]lineRow, error) {
	c := exec.Command("go", "run", "-tags", "rouse_explore", "./bench/lines")
	c.Dir = root
	out, err := c.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("bench/lines: %w\n%s", err, out)
	}
	r := &record{}
	for line := range strings.Lines(string(out)) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		if cells[0] != "lines" || len(cells) != 7 {
			return nil, fmt.Errorf("bench/lines: %q", line)
		}
		if err := r.parse(cells); err != nil {
			return nil, fmt.Errorf("bench/lines: %w", err)
		}
	}
	return r.lines, nil
}
