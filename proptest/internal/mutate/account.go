package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
)

// A total counts verdicts.
type total struct{ killed, equivalent, survived int }

func (c *campaign) totals() (t total) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, v := range c.verdicts {
		switch v {
		case survived:
			t.survived++
		case equivalent:
			t.equivalent++
		default:
			t.killed++
		}
	}
	return t
}

func (c *campaign) byKiller() (lines []string) {
	n := map[string]int{}
	for _, v := range c.verdicts {
		if v != survived && v != equivalent {
			by, _, _ := strings.Cut(string(v), ": ")
			n[by]++
		}
	}
	for v, n := range n {
		lines = append(lines, fmt.Sprintf("%s: %d", v, n))
	}
	sort.Strings(lines)
	return lines
}

// stale returns the names in equivalent.txt of what is no mutant.
func (c *campaign) stale() (names []string) {
	known := map[string]bool{}
	for _, m := range c.all {
		known[m.name] = m.id > 0
	}
	for name := range c.equivalents {
		if !known[name] {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// readEquivalents reads names, each on a line, followed by indented lines with
// the proof that holds for all names before it. Lines with # are comments.
func readEquivalents(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	proofs := map[string]string{}
	var names []string
	proven := true
	for _, line := range strings.Split(string(text), "\n") {
		switch trimmed := strings.TrimSpace(line); {
		case trimmed == "" || line[0] == '#':
		case line[0] == '\t' || line[0] == ' ':
			for _, name := range names {
				proofs[name] += trimmed + " "
			}
			proven = true
		default:
			if proven {
				names = nil
			}
			names, proven = append(names, trimmed), false
		}
	}
	if !proven {
		return nil, fmt.Errorf("%s: no proof follows %q", path, names)
	}
	return proofs, nil
}
