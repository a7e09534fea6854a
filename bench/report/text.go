package main

import (
	"fmt"
	"strings"
)

// rowText is a row for a terminal: a line for each peer.
func (r *record) rowText(o *outcome) string {
	var b strings.Builder
	if len(o.sides) > 0 {
		ours := o.sides[0]
		fmt.Fprintf(&b, "%-38s %9.1f ±%2.0f%%", o.name, ours.median, ours.spread)
		if row, ok := find(o.name); ok {
			if times, ok := r.ofLimit(row, ours.median); ok {
				fmt.Fprintf(&b, "  %.2f of the limit", times)
			}
		}
		b.WriteByte('\n')
	}
	for _, q := range o.ratios {
		f := o.side(q.peer)
		fmt.Fprintf(&b, "    %-34s %9.1f ±%2.0f%%  ×%.2f (%.2f–%.2f, undisturbed %s)\n",
			q.peer, f.median, f.spread, q.median, q.q1, q.q3, q.fastest())
	}
	for _, l := range o.left {
		fmt.Fprintf(&b, "    %s: not run: %s\n", o.name, l)
	}
	return b.String()
}

// fastest prints the ratio of the fastest samples.
func (q ratio) fastest() string {
	if q.undisturbed == 0 {
		return ""
	}
	return fixed(q.undisturbed, 2)
}

// trim prints a figure without digits that say nothing.
func trim(v float64) string {
	if v == float64(int(v)) && v > 9 {
		return fixed(v, 0)
	}
	return fixed(v, 2)
}
