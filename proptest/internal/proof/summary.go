package main

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// summary prints what was counted, and reports whether nothing failed.
func summary(parts []*part, took time.Duration) bool {
	what := "proof"
	if *quick {
		what = "proof, quick"
	}
	fmt.Printf("\n%s, in %v\n\n", what, took.Round(time.Second))
	ok := true
	var lines []string
	for _, p := range parts {
		items := slices.Clone(p.items)
		for _, more := range slices.Sorted(maps.Keys(p.counts)) {
			if !slices.Contains(items, more) {
				items = append(items, more)
			}
		}
		for i, item := range items {
			c, note := p.counts[item], ""
			if i == 0 {
				note = p.note
			}
			verdict := ""
			if c.failed > 0 {
				verdict = fmt.Sprintf("%d FAILED", c.failed)
			}
			fmt.Printf("  %-22s %14s  %-10s  %s\n", item, grouped(c.n), verdict, note)
			lines = append(lines, fmt.Sprintf("proof\t%s\t%d\t%d", item, c.n, c.failed))
			ok = ok && c.failed == 0
		}
		for _, l := range p.lacks {
			fmt.Printf("    %s\n", l)
		}
		if p.err != nil {
			ok = false
			fmt.Printf("    FAILED %s: %v; see %s/%s.log\n", p.name, p.err, logs, p.name)
		}
	}
	fmt.Println()
	for _, l := range lines {
		fmt.Println(l)
	}
	return ok
}

// grouped writes a number with its thousands apart.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}
