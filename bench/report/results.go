package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// results is everything that one run of the report found.
type results struct {
	host         host
	options      options
	rows         []*measurement
	instructions []instructionRow
	servers      []serverRow
	took         time.Duration
}

func (r *results) add(m *measurement) { r.rows = append(r.rows, m) }

func (r *results) row(name string) *measurement {
	i := slices.IndexFunc(r.rows, func(m *measurement) bool { return m.name == name })
	if i < 0 {
		return nil
	}
	return r.rows[i]
}

// against returns the comparison of a row with a peer.
func (r *results) against(row, peer string) (comparison, bool) {
	if m := r.row(row); m != nil {
		for _, c := range m.comparisons() {
			if c.peer == peer {
				return c, true
			}
		}
	}
	return comparison{}, false
}

// figure returns the median of one side of a row.
func (r *results) figure(row, name string) (float64, bool) {
	if s := r.side(row, name); s != nil {
		return summary(s.values).median, true
	}
	return 0, false
}

func (r *results) side(row, name string) *side {
	if m := r.row(row); m != nil {
		for _, s := range m.sides {
			if s.name() == name {
				return s
			}
		}
	}
	return nil
}

// text is the row for a terminal: a line for each peer.
func (m *measurement) text() string {
	var b strings.Builder
	ours := summary(m.sides[0].values)
	fmt.Fprintf(&b, "%-26s %-17s %9.1f ±%2.0f%%", m.name, m.sides[0].name(), ours.median, ours.spread())
	if len(m.sides) == 1 {
		b.WriteByte('\n')
	}
	for i, c := range m.comparisons() {
		if i > 0 {
			fmt.Fprintf(&b, "%59s", "")
		}
		fmt.Fprintf(&b, "  %-24s %9.1f ±%2.0f%%  ×%.2f (%.2f–%.2f, undisturbed %s)\n",
			c.peer, c.theirs.median, c.theirs.spread(), c.ratio.median, c.ratio.q1, c.ratio.q3, c.undisturbed)
	}
	for _, l := range m.left {
		fmt.Fprintf(&b, "    not run: %s\n", l)
	}
	return b.String()
}

// lines is the table for machines: ratio<TAB>operation<TAB>rouse<TAB>peer<TAB>peer's<TAB>ratio.
func (r *results) lines() string {
	var b strings.Builder
	for _, m := range r.rows {
		for _, c := range m.comparisons() {
			fmt.Fprintf(&b, "ratio\t%s\t%.2f\t%s\t%.2f\t%.3f\n", m.name, c.ours.median, c.peer, c.theirs.median, c.ratio.median)
		}
	}
	for _, s := range r.servers {
		for _, p := range s.peers {
			fmt.Fprintf(&b, "ratio\t%s\t%.2f\t%s\t%.2f\t%.3f\n", s.name, s.ours, p.name, p.value, s.ours/p.value)
		}
	}
	return b.String()
}
