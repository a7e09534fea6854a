package main

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"slices"
)

const (
	width   = 1200.0
	left    = 116.0
	right   = 16.0
	top     = 40.0
	row     = 40.0
	barSize = 16.0
)

const style = `<style>
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;fill:#1b2330}
.dim{fill:#667085;font-size:11.5px}.bg{fill:#fff}.line{stroke:#e4e7ec}
.poll{fill:#4b7bec}.ready{fill:#7a5bd6}.wake{fill:#98a2b3}
.arrow{fill:none;stroke:#d9822b;stroke-width:1.3}.head{fill:#d9822b}.outside{stroke:#98a2b3}.outhead{fill:#98a2b3}
.spawn{fill:#16794c}.cancel,.orphan{fill:#b42318}.complete,.release{fill:#7a5bd6}
@media(prefers-color-scheme:dark){text{fill:#e3e8f0}.dim{fill:#8c98ab}.bg{fill:#161b24}.line{stroke:#2b3544}.poll{fill:#5f8dff}.arrow{stroke:#f0a350}.head{fill:#f0a350}.outside{stroke:#6b7890}.outhead{fill:#6b7890}}
</style>
<defs><marker id="h" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker>
<marker id="o" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="outhead" d="M0 0 8 4 0 8z"/></marker></defs>
`

// A drawing is a part of a timeline, and where its tracks are.
type drawing struct {
	*timeline
	from, to float64
	rows     map[place]int
	out      bytes.Buffer
}

func (t *timeline) svg(from, to float64) []byte {
	d := &drawing{timeline: t, from: from, to: to, rows: map[place]int{}}
	tracks := d.tracks()
	height := top + row*float64(len(tracks)) + 34
	fmt.Fprintf(&d.out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="img" aria-label="a timeline of tasks">`+"\n", width, height)
	d.out.WriteString(style)
	fmt.Fprintf(&d.out, `<rect class="bg" width="%g" height="%g" rx="8"/>`+"\n", width, height)
	d.axis(height - 34)
	for i, at := range tracks {
		d.rows[at] = i
		y := d.y(at)
		fmt.Fprintf(&d.out, `<text x="14" y="%.1f">%s</text><path class="line" d="M%g %.1fH%g"/>`+"\n", y+4, html.EscapeString(d.names[at]), left, y+row/2, width-right)
	}
	for _, s := range d.slices {
		if d.overlaps(s) {
			d.slice(s)
		}
	}
	for _, a := range d.arrows {
		if d.shown(a.from.at, a.from.ts) && d.shown(a.to.at, a.to.ts) {
			d.arrow(a)
		}
	}
	for _, m := range d.marks {
		if d.shown(m.at, m.ts) {
			fmt.Fprintf(&d.out, `<circle class="%s" cx="%.1f" cy="%.1f" r="4"><title>%s %s</title></circle>`+"\n", m.name, d.x(m.ts), d.y(m.at)-barSize/2-5, m.name, html.EscapeString(m.detail))
		}
	}
	fmt.Fprintf(&d.out, `<text class="dim" x="%g" y="%.1f">blocks: polls; arrows: from a wake to the poll that it led to, orange from within another task's poll, grey from outside (the reactor)</text>`+"\n</svg>\n", left, height-13)
	return d.out.Bytes()
}

// tracks returns those that have something to show, goroutines last.
func (d *drawing) tracks() (all []place) {
	for at := range d.names {
		busy := slices.ContainsFunc(d.slices, func(s slice) bool { return s.at == at && s.to > d.from && s.from < d.to }) ||
			slices.ContainsFunc(d.arrows, func(a arrow) bool { return a.from.at == at && d.within(a.from.ts) && d.within(a.to.ts) })
		if busy {
			all = append(all, at)
		}
	}
	slices.SortFunc(all, func(a, b place) int { return cmp.Or(cmp.Compare(a.pid, b.pid), cmp.Compare(a.tid, b.tid)) })
	return all
}

func (d *drawing) within(ts float64) bool { return d.from <= ts && ts < d.to }

func (d *drawing) shown(at place, ts float64) bool {
	_, ok := d.rows[at]
	return ok && d.within(ts)
}

// overlaps reports whether a part of the slice is shown.
func (d *drawing) overlaps(s slice) bool {
	_, ok := d.rows[s.at]
	return ok && s.to > d.from && s.from < d.to
}

func (d *drawing) x(ts float64) float64 {
	return left + (max(min(ts, d.to), d.from)-d.from)/(d.to-d.from)*(width-left-right)
}

func (d *drawing) y(at place) float64 { return top + row*(float64(d.rows[at])+.5) }

func (d *drawing) axis(bottom float64) {
	step := 100.0
	for (d.to-d.from)/step > 12 {
		step *= 2
	}
	for at := 0.0; at < d.to-d.from; at += step {
		x := d.x(d.from + at)
		fmt.Fprintf(&d.out, `<path class="line" d="M%.1f %gV%g"/><text class="dim" x="%.1f" y="22">%g µs</text>`+"\n", x, top-10, bottom, x+3, at)
	}
}

func (d *drawing) slice(s slice) {
	class := "poll"
	if s.outcome == "ready" {
		class = "ready"
	}
	x := d.x(s.from)
	fmt.Fprintf(&d.out, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%g" rx="2"><title>%s: polled for %.1f µs, %s</title></rect>`+"\n",
		class, x, d.y(s.at)-barSize/2, max(d.x(s.to)-x, 1.5), barSize, html.EscapeString(d.names[s.at]), s.to-s.from, s.outcome)
}

func (d *drawing) arrow(a arrow) {
	x1, y1, x2, y2 := d.x(a.from.ts), d.y(a.from.at), d.x(a.to.ts), d.y(a.to.at)
	class, head := "arrow", "h"
	if a.from.at.pid != a.to.at.pid {
		class, head = "arrow outside", "o"
		fmt.Fprintf(&d.out, `<circle class="outhead" cx="%.1f" cy="%.1f" r="2.2"/>`, x1, y1)
	}
	bend := max((x2-x1)/2, 10)
	fmt.Fprintf(&d.out, `<path class="%s" marker-end="url(#%s)" d="M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f"/>`+"\n", class, head, x1, y1, x1+bend, y1, x2-bend, y2, x2, y2)
}
