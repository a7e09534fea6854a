package main

import (
	"encoding/xml"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/plotter"

	"github.com/rouse-go/rouse/bench/report/svg"
)

func drawn(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	if err := sampleRecord().plots(dir); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, name := range []string{"operations", "sweep", "memory"} {
		b, err := os.ReadFile(filepath.Join(dir, name+".svg"))
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(strings.NewReader(string(b)))
		for err == nil {
			_, err = d.Token()
		}
		if err != io.EOF {
			t.Errorf("%s: %v", name, err)
		}
		all[name] = string(b)
	}
	return all
}

// Each plot shows its implementations, and the value of each bar.
func TestPlotsShowValues(t *testing.T) {
	all := drawn(t)
	r := sampleRecord()
	type at struct{ row, impl string }
	for name, figures := range map[string][]at{
		"operations": {{"clone-drop", "rouse"}, {"clone-drop", "tokio"}, {"self-wake", "gosched"}, {"ping-pong (kit's queue)", "goroutines"}, {"spawn-join pooled (kit's queue)", "rouse-queue-pooled"}, {"spawn-join pooled (kit's queue)", "goroutine"}},
		"memory":     {{"idle-bytes", "rouse"}, {"idle-bytes header", "rouse-header"}, {"idle-bytes", "goroutine"}},
	} {
		for _, at := range figures {
			if v := threeDigits(r.median(at.row, at.impl)); !strings.Contains(all[name], ">"+v+"</text>") {
				t.Errorf("%s.svg does not have the %s of %v", name, v, at)
			}
		}
	}
	for _, impl := range []string{"rouse", "tokio", "async-task", "goroutine"} {
		if !strings.Contains(all["operations"], ">"+impl+"</text>") || !strings.Contains(all["sweep"], ">"+impl+" ") {
			t.Errorf("a plot does not show %s", impl)
		}
	}
}

// A run that left out rows or peers has plots of the others.
func TestPlotsOfAPart(t *testing.T) {
	one := func(row, impl string, v float64) *outcome {
		return &outcome{name: row, sides: []figure{{impl: impl, median: v}}}
	}
	for _, rows := range [][]*outcome{nil, {one("self-wake", "rouse", 40), one("sweep 1e3", "rouse", 20)}} {
		if err := (&record{rows: rows}).plots(t.TempDir()); err != nil {
			t.Errorf("%v: %v", rows, err)
		}
	}
	dir := t.TempDir()
	if err := (&record{rows: []*outcome{one("clone-drop", "rouse", 20), one("idle-bytes", "rouse", 128)}}).plots(dir); err != nil {
		t.Fatal(err)
	}
	for name, impl := range map[string]string{"operations": "rouse", "memory": "rouse, spawned"} {
		b, err := os.ReadFile(filepath.Join(dir, name+".svg"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), ">"+impl+"</text>") || strings.Contains(string(b), ">tokio</text>") {
			t.Errorf("%s.svg names what was not run, or not what was", name)
		}
	}
}

// Labels of lines that end at about the same value do not overlap.
func TestLabelsAreApart(t *testing.T) {
	at := plotter.XYs{{X: 1, Y: 30}, {X: 1, Y: 31}, {X: 2, Y: 30}, {X: 1, Y: 29}, {X: 1, Y: 90}}
	apart(at, 1.1)
	for i, want := range []float64{29 * 1.1, 29 * 1.1 * 1.1, 30, 29, 90} {
		if math.Abs(at[i].Y-want) > 1e-9 {
			t.Errorf("label %d is at %v, want %v", i, at[i].Y, want)
		}
	}
}

// A logarithmic axis says so, and has its marks in words that people read.
func TestLogarithmicAxes(t *testing.T) {
	sweep := drawn(t)["sweep"]
	for _, want := range []string{"logarithmic", ">1,000<", ">10 million<", ">200<", ">500<"} {
		if !strings.Contains(sweep, want) {
			t.Errorf("sweep.svg does not have %s", want)
		}
	}
	if strings.Contains(sweep, "e+0") {
		t.Error("sweep.svg has a number with an exponent")
	}
}

var (
	size  = regexp.MustCompile(`viewBox="0 0 ([\d.]+) ([\d.]+)"`)
	shape = regexp.MustCompile(`<path d="([^"]*)"`)
	point = regexp.MustCompile(`[ML](-?[\d.]+),(-?[\d.]+)`)
)

// Nothing but the background touches the edge.
func TestPlotsHaveMargins(t *testing.T) {
	for name, picture := range drawn(t) {
		s := size.FindStringSubmatch(picture)
		if s == nil {
			t.Fatalf("%s has no size", name)
		}
		width, height := number(t, s[1]), number(t, s[2])
		shapes := shape.FindAllStringSubmatch(picture, -1)
		if len(shapes) < 10 {
			t.Errorf("%s has %d shapes", name, len(shapes))
		}
		for _, d := range shapes[1:] {
			for _, p := range point.FindAllStringSubmatch(d[1], -1) {
				x, y := number(t, p[1]), number(t, p[2])
				if min(x, y, width-x, height-y) < svg.Margin-.1 {
					t.Errorf("%s: %s touches the edge", name, p[0])
				}
			}
		}
	}
}

func number(t *testing.T, s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The plots can be read on a light and on a dark page, and by who cannot see them.
func TestPlotsAreDressed(t *testing.T) {
	for name, picture := range drawn(t) {
		for _, want := range []string{"prefers-color-scheme: dark", `role="img"`, "aria-label=\"", "sans-serif"} {
			if strings.Count(picture, want) == 0 {
				t.Errorf("%s does not have %s", name, want)
			}
		}
	}
}

// Who cannot see a plot is told its figures, those that there are.
func TestDescriptions(t *testing.T) {
	r, all := sampleRecord(), drawn(t)
	for name, want := range map[string]string{
		"operations": "; wake, notified: rouse " + threeDigits(r.median("wake-notified", "rouse")) + ", tokio ",
		"sweep":      "; 10^7 tasks: rouse " + threeDigits(r.median("sweep 1e7", "rouse")) + ", tokio ",
		"memory":     ". goroutine + channel " + threeDigits(r.median("idle-bytes", "goroutine")),
	} {
		if _, label, _ := strings.Cut(all[name], "aria-label="); !strings.Contains(label, want) {
			t.Errorf("%s.svg is not described by %q", name, want)
		}
	}
}

func TestThreeDigits(t *testing.T) {
	var got []string
	for _, v := range []float64{1.234, 12.34, 123.4, 2873.86, 0.5} {
		got = append(got, threeDigits(v))
	}
	if want := []string{"1.23", "12.3", "123", "2874", "0.500"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
