package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A record is what one run found on one machine. It is kept in
// bench/results/MACHINE.tsv, and all that is published is made of it.
type record struct {
	host    host
	rows    []*outcome
	servers []serverRow
	lines   []lineRow
}

// An outcome is what one row came to: the kit's figure first.
type outcome struct {
	name   string
	sides  []figure
	ratios []ratio  // of the kit to each other side
	left   []string // sides that were not run, and why
}

// A figure is what one side took.
type figure struct {
	impl         string
	median       float64 // ns or bytes per operation
	spread       float64 // half the distance of the quartiles, in per cent
	low, aux     float64 // the least, and the median of the second figure
	instructions int     // per operation; 0: not counted
}

// A ratio is the kit's samples over a peer's, taken in one turn.
type ratio struct {
	peer           string
	median, q1, q3 float64
	undisturbed    float64 // of the fastest samples; 0 where these are no times
}

func (r *record) row(name string) *outcome {
	i := slices.IndexFunc(r.rows, func(o *outcome) bool { return o.name == name })
	if i < 0 {
		return nil
	}
	return r.rows[i]
}

// side returns that of an operation, implementation/operation, or of an
// implementation; nil if it was not run.
func (o *outcome) side(op string) *figure {
	impl, _, _ := strings.Cut(op, "/")
	for i := range o.sides {
		if o.sides[i].impl == impl {
			return &o.sides[i]
		}
	}
	return nil
}

// figure returns one side of a row.
func (r *record) figure(row, impl string) (f figure, ok bool) {
	if o := r.row(row); o != nil {
		if f := o.side(impl); f != nil {
			return *f, true
		}
	}
	return f, false
}

// median returns that of one side of a row, 0 if it was not run.
func (r *record) median(row, impl string) float64 {
	f, _ := r.figure(row, impl)
	return f.median
}

// ours returns the kit's side of a row.
func (r *record) ours(row string) (f figure, ok bool) {
	if o := r.row(row); o != nil && len(o.sides) > 0 {
		return o.sides[0], true
	}
	return f, false
}

// against returns the ratio of a row to a peer.
func (r *record) against(row, peer string) (q ratio, ok bool) {
	if o := r.row(row); o != nil {
		i := slices.IndexFunc(o.ratios, func(q ratio) bool { return q.peer == peer })
		if i >= 0 {
			return o.ratios[i], true
		}
	}
	return q, false
}

// fixed prints a number with as many digits behind the point.
func fixed(v float64, digits int) string { return strconv.FormatFloat(v, 'f', digits, 64) }

// text prints the record, a line for each thing, cells between tabs.
func (r *record) text() string {
	var b strings.Builder
	p := func(cells ...string) { b.WriteString(strings.Join(cells, "\t") + "\n") }
	for _, h := range r.host.properties() {
		p("host", h.name, h.String())
	}
	for _, o := range r.rows {
		for _, f := range o.sides {
			p("side", o.name, f.impl, fixed(f.median, 2), fixed(f.spread, 1), fixed(f.low, 2), fixed(f.aux, 2), strconv.Itoa(f.instructions))
		}
		for _, q := range o.ratios {
			p("ratio", o.name, q.peer, fixed(q.median, 3), fixed(q.q1, 3), fixed(q.q3, 3), fixed(q.undisturbed, 3))
		}
		for _, l := range o.left {
			p("left", o.name, l)
		}
	}
	for _, s := range r.servers {
		p("server", s.name, "rouse", fixed(s.ours, 2))
		for _, f := range s.peers {
			p("server", s.name, f.name, fixed(f.value, 2))
		}
	}
	for _, l := range r.lines {
		p("lines", l.piece, strconv.Itoa(l.threads), fixed(l.rmws, 2), fixed(l.shared, 2), fixed(l.transfers, 2), fixed(l.failed, 2))
	}
	return b.String()
}

// cells is how many each kind of line has.
var cells = map[string]int{"host": 3, "side": 8, "ratio": 7, "left": 3, "server": 4, "lines": 7}

// parseRecord reads what text printed.
func parseRecord(text string) (*record, error) {
	r := &record{}
	n := 0
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		n++
		c := strings.Split(s.Text(), "\t")
		if want, ok := cells[c[0]]; !ok || len(c) != want {
			return nil, fmt.Errorf("line %d: %q is no line of a record", n, s.Text())
		}
		if err := r.parse(c); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if r.host.CPU == "" {
		return nil, fmt.Errorf("%d lines, none of which names the machine", n)
	}
	return r, nil
}

func (r *record) parse(c []string) error {
	switch c[0] {
	case "host":
		return r.host.set(c[1], c[2])
	case "left":
		o := r.open(c[1])
		o.left = append(o.left, c[2])
		return nil
	}
	numbers := c[3:]
	if c[0] == "lines" {
		numbers = c[2:]
	}
	v := make([]float64, len(numbers))
	for i, s := range numbers {
		var err error
		if v[i], err = strconv.ParseFloat(s, 64); err != nil {
			return err
		}
	}
	switch c[0] {
	case "side":
		o := r.open(c[1])
		o.sides = append(o.sides, figure{c[2], v[0], v[1], v[2], v[3], int(v[4])})
	case "ratio":
		o := r.open(c[1])
		o.ratios = append(o.ratios, ratio{c[2], v[0], v[1], v[2], v[3]})
	case "server":
		if c[2] == "rouse" {
			r.servers = append(r.servers, serverRow{name: c[1], ours: v[0]})
		} else if last := len(r.servers) - 1; last >= 0 && r.servers[last].name == c[1] {
			r.servers[last].peers = append(r.servers[last].peers, serverFigure{c[2], v[0]})
		} else {
			return fmt.Errorf("%s of %s has no figure of rouse before", c[1], c[2])
		}
	case "lines":
		r.lines = append(r.lines, lineRow{c[1], int(v[0]), v[1], v[2], v[3], v[4]})
	}
	return nil
}

// open returns the row under way.
func (r *record) open(name string) *outcome {
	if o := r.row(name); o != nil {
		return o
	}
	o := &outcome{name: name}
	r.rows = append(r.rows, o)
	return o
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// file is where the record of this kind of machine is kept.
func (r *record) file(dir string) string {
	name := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(r.host.kind()), "-"), "-")
	return filepath.Join(dir, "results", name+".tsv")
}

// save replaces the record of this kind of machine, and that alone.
func (r *record) save(dir string) error {
	file := r.file(dir)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(r.text()), 0o644)
}

// readRecords reads those of all machines, the latest run first.
func readRecords(dir string) (all []*record, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "results", "*.tsv"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		r, err := parseRecord(string(b))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if want := r.file(dir); want != file {
			return nil, fmt.Errorf("%s is of a machine whose file is %s", file, want)
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b *record) int { return strings.Compare(b.host.Date, a.host.Date) })
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no results", filepath.Join(dir, "results"))
	}
	return all, nil
}
