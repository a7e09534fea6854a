package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// sampleRecord is a run of everything, with figures that differ.
func sampleRecord() *record {
	r := &record{host: host{CPU: "A CPU", Cores: 2, Date: "2026-01-02 03:04:05", Peers: "slab 0.4, tokio 1.54.1", Pairs: 9}}
	for i, row := range rows(4) {
		o := &outcome{name: row.name}
		for j, op := range append([]string{row.ours}, row.peers...) {
			impl, _, _ := strings.Cut(op, "/")
			f := figure{impl: impl, median: float64(15 * (1 + (7*i+13*j)%40)), spread: 2, low: 10}
			o.sides = append(o.sides, f)
			if j > 0 {
				o.ratios = append(o.ratios, ratio{impl, .5, .4, .6, .5})
			}
		}
		r.rows = append(r.rows, o)
	}
	r.row(lockedRow).sides[0].median = 2
	ours := &r.row("clone-drop").sides[0]
	ours.median, ours.instructions = 12, 40
	r.row("owned").left = []string{"slab/owned: away"}
	r.servers = []serverRow{{"RESP ops/s -c 500 -P 1", 90, []serverFigure{{"redcon", 60}}}}
	r.lines = []lineRow{{"queue push", 8, 2.51, 2.5, 4.25, 1.5}}
	return r
}

func TestRecordIsReadBack(t *testing.T) {
	want := sampleRecord()
	got, err := parseRecord(want.text())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got.text(), want.text())
	}
	for _, bad := range []string{"", "x\ty\tz", "host\tcolour\tred", "host\tcores\tx", "side\ta\tb\tx\t0\t0\t0\t0", "ratio\ta", "server\tRESP\tredcon\t1", "lines\tqueue\tx\t0\t0\t0\t0"} {
		if _, err := parseRecord(bad); err == nil {
			t.Errorf("%q was taken for a record", bad)
		}
	}
}

// A run replaces the record of its own kind of machine alone.
func TestOneRecordForEachMachine(t *testing.T) {
	dir := t.TempDir()
	a, b := sampleRecord(), sampleRecord()
	b.host.CPU, b.host.Date = "Another (R) CPU @ 3 GHz", "2026-01-03 00:00:00"
	for _, r := range []*record{a, b, a} {
		if err := r.save(dir); err != nil {
			t.Fatal(err)
		}
	}
	all, err := readRecords(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || all[0].host.CPU != b.host.CPU || all[1].host.CPU != a.host.CPU {
		t.Errorf("%d records", len(all))
	}
	page := resultsPage(all)
	for _, want := range []string{"## A CPU, 2 cores", "## Another (R) CPU @ 3 GHz, 2 cores", "This is no measurement", "4, more than cores", "not run: slab/owned: away"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not have %q", want)
		}
	}
	if err := os.Rename(a.file(dir), filepath.Join(dir, "results", "x.tsv")); err != nil {
		t.Fatal(err)
	}
	if _, err := readRecords(dir); err == nil {
		t.Error("a record by another machine's name was read")
	}
}

func TestLimit(t *testing.T) {
	r := sampleRecord() // a locked add takes 2 ns
	for name, want := range map[string]float64{"clone-drop": 4, "self-wake (kit's queue)": 6, "wake-notified": 2, "clone-drop uncounted": 0, "queue": 0} {
		row, _ := find(name)
		ns, _ := r.limit(row)
		times, ok := r.ofLimit(row, 12)
		if ns != want || ok != (want > 0) || ok && times != 12/want {
			t.Errorf("%s: %v ns, 12 ns are %v of it (%v), want %v ns", name, ns, times, ok, want)
		}
	}
	r.row(lockedRow).sides = nil
	if row, _ := find("clone-drop"); true {
		if _, ok := r.ofLimit(row, 12); ok {
			t.Error("a limit without the cost of a locked instruction")
		}
	}
}

// Each row has the kit's figure as a multiple of the limit, and the peers'.
func TestOperationsTable(t *testing.T) {
	page := resultsPage([]*record{sampleRecord()})
	want := "| clone-drop | 12.0 ±2% ×3.00 | 40 | 4.0 (2) | tokio |"
	if !strings.Contains(page, want) {
		t.Errorf("the page does not have %q", want)
	}
	columns := strings.Count(strings.Split(operationsHead, "\n")[0], "|")
	table, _, _ := strings.Cut(page[strings.Index(page, operationsHead):], "\n\n")
	for line := range strings.Lines(table) {
		if strings.Count(line, "|") != columns {
			t.Errorf("not %d columns: %s", columns-1, line)
		}
	}
}

// The pages of the repository are what its records say.
func TestPagesAreNotStale(t *testing.T) {
	root := filepath.Join("..", "..")
	all, err := readRecords(filepath.Join(root, "bench"))
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if read("bench/RESULTS.md") != resultsPage(all) {
		t.Error("bench/RESULTS.md is stale: make bench-render")
	}
	readme := read("README.md")
	if want, err := withTable(readme, costsTable(all[0])); err != nil {
		t.Error(err)
	} else if readme != want {
		t.Error("the README's table is stale: make bench-render")
	}
	dir := t.TempDir()
	if err := all[0].plots(dir); err != nil {
		t.Fatal(err)
	}
	plots, _ := filepath.Glob(filepath.Join(dir, "*.svg"))
	if len(plots) == 0 {
		t.Error("no plots")
	}
	for _, plot := range plots {
		b, err := os.ReadFile(plot)
		if err != nil {
			t.Fatal(err)
		}
		if name := "bench/plots/" + filepath.Base(plot); read(name) != string(b) {
			t.Errorf("%s is stale: make bench-render", name)
		}
	}
}

func TestCostsTable(t *testing.T) {
	if len(costRows) != 10 {
		t.Errorf("%d rows", len(costRows))
	}
	for _, c := range costRows {
		row, ok := find(c.row)
		if !ok {
			t.Errorf("%q is no row", c.row)
		}
		for _, p := range c.peers {
			if !strings.Contains(strings.Join(row.peers, " "), p+"/") {
				t.Errorf("%q is not compared with %s", c.row, p)
			}
		}
	}
	table := costsTable(sampleRecord())
	for _, want := range []string{"A CPU, 2 cores, where one locked add takes 2.0 ns", "tokio 1.54.1", "| clone and drop a waker | 2 | 0 | 12.0 | 3.00 × | 0.50 × tokio, 0.50 × async-task |", "1.50 × redcon's throughput"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table does not have %q:\n%s", want, table)
		}
	}
	if strings.Contains(costsTable(&record{host: host{CPU: "A CPU"}}), "NaN") {
		t.Error("a run of nothing has figures")
	}
}

func TestWithTable(t *testing.T) {
	page := "a\n" + tableStart + "old\n" + tableEnd + "b\n"
	got, err := withTable(page, "new\n")
	if err != nil || got != "a\n"+tableStart+"new\n"+tableEnd+"b\n" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := withTable("a\nb\n", "new\n"); err == nil {
		t.Error("a page without markers was accepted")
	}
}
