package main

import (
	"fmt"
	"strings"
	"time"
)

func (r *results) markdown() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("# Results\n")
	p("Written by `bench/report`; not edited by hand. Nanoseconds per operation unless it says otherwise.\n")
	p("| | |\n|---|---|")
	p("| machine | %s, %s cores, %s |", r.host.cpu, r.host.cores, r.host.kernel)
	p("| Go | %s |", r.host.goVersion)
	p("| Rust | %s; tokio 1.48, async-task 4.7.1, opt-level 3, lto fat, one codegen unit |", r.host.rust)
	p("| commit | %s |", r.host.commit)
	p("| samples | %d of each side, taken alternately, the slowest side's about %v long; 7 where a sample takes seconds |", r.options.pairs, r.options.sample)
	p("| command | `go -C bench/report run . -root ../.. %s` |", r.flags())
	p("| took | %v |", r.took.Round(time.Second))
	p("")
	p("Each figure is the median, ± half the distance of the quartiles. *Ratio* is the median of the ratios of")
	p("samples taken in one turn, with its quartiles: below 1, the kit is faster. *Undisturbed* is the ratio of the")
	p("fastest samples, which other load on the machine reaches least; it says little where threads contend. The report refuses to compare two sides that")
	p("counted different work (polls, wakes, ends, nodes). Every loop works on atomics, queues or memory that the next")
	p("step reads, so no compiler can remove it.")
	p("\n## Reach\n\n| goal | bound | measured | |\n|---|---|---|---|")
	for _, g := range goals() {
		v, ok := g.measured(r)
		switch {
		case !ok:
			p("| %s | %s | not run | open |", g.what, g.bound())
		case g.met(v):
			p("| %s | %s | %s | met |", g.what, g.bound(), trim(v))
		default:
			p("| %s | %s | %s | **missed** |", g.what, g.bound(), trim(v))
		}
	}
	p("\n## Operations\n\n| operation | rouse | peer | peer's | ratio | undisturbed | what is compared |\n|---|---|---|---|---|---|---|")
	for _, m := range r.rows {
		r.operation(p, m)
	}
	r.instructionTable(p)
	r.serverTable(p)
	p("\n## Plots\n\n![ns per operation](plots/operations.svg)\n\n![cost per wake](plots/sweep.svg)\n\n![memory per idle task](plots/memory.svg)")
	return b.String()
}

func (r *results) operation(p func(string, ...any), m *measurement) {
	ours := summary(m.sides[0].values)
	cell := func(s stats) string { return fmt.Sprintf("%.1f ±%.0f%%", s.median, s.spread()) }
	name, figure, note := m.name, cell(ours), m.note
	if len(m.sides) == 1 {
		p("| %s | %s | | | | | %s |", name, figure, note)
	}
	for _, c := range m.comparisons() {
		p("| %s | %s | %s | %s | %.2f (%.2f–%.2f) | %s | %s |", name, figure, c.peer, cell(c.theirs),
			c.ratio.median, c.ratio.q1, c.ratio.q3, c.undisturbed, note)
		name, figure, note = "", "", ""
	}
	for _, l := range m.left {
		p("| | | not run: %s | | | | |", l)
	}
}

func (r *results) flags() string {
	f := []string{"-write"}
	if r.options.quick {
		f = append(f, "-quick")
	}
	if r.options.goOnly {
		f = append(f, "-go-only")
	}
	if r.options.instructions {
		f = append(f, "-instructions")
	}
	if r.options.servers {
		f = append(f, "-servers")
	}
	if r.options.pairs != defaultPairs && !r.options.quick {
		f = append(f, fmt.Sprint("-pairs ", r.options.pairs))
	}
	return strings.Join(f, " ")
}
