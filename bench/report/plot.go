package main

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/rouse-go/rouse/bench/report/svg"
)

var colours = map[string]color.Color{"rouse": svg.Blue, "tokio": svg.Red, "async-task": svg.Yellow, "goroutine": svg.Green}

// All plots are so wide that a phone, which scales them down, leaves them legible.
const plotWidth = 440

// plots draws bench/plots.
func (r *record) plots(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := r.plotOperations(filepath.Join(dir, "operations.svg")); err != nil {
		return err
	}
	if err := r.plotSweep(filepath.Join(dir, "sweep.svg")); err != nil {
		return err
	}
	return r.plotMemory(filepath.Join(dir, "memory.svg"))
}

// save writes a plot as an SVG.
func save(p *plot.Plot, width, height vg.Length, path, description string) error {
	p.BackgroundColor = nil // of the part within the margin
	return os.WriteFile(path, svg.Draw(width, height, description, p.Draw), 0o644)
}

// A description tells the figures of a plot to who cannot see it.
type description struct {
	title string
	parts []string
}

// add adds the figures of one row; one that is 0 is not there.
func (d *description) add(row string, impls []string, value func(impl string) float64) {
	var figures []string
	for _, impl := range impls {
		if v := value(impl); v > 0 {
			figures = append(figures, impl+" "+threeDigits(v))
		}
	}
	if len(figures) > 0 {
		d.parts = append(d.parts, row+": "+strings.Join(figures, ", "))
	}
}

func (d *description) String() string { return d.title + ". " + strings.Join(d.parts, "; ") }

// logTicks marks each first digit from about one value to another, and names
// those that name does.
func logTicks(from, to float64, name func(float64) string) (ticks plot.ConstantTicks) {
	for e := math.Floor(math.Log10(from)); e <= math.Log10(to); e++ {
		for digit := 1.0; digit < 10; digit++ {
			if v := digit * math.Pow(10, e); from/1.25 <= v && v <= to*1.25 {
				ticks = append(ticks, plot.Tick{Value: v, Label: name(v)})
			}
		}
	}
	return ticks
}

func newPlot(title string) *plot.Plot {
	p := plot.New()
	p.Title.Text = title
	p.Title.Padding, p.Legend.Padding = 8, 3
	for _, s := range []*text.Style{&p.Title.TextStyle, &p.Legend.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label} {
		s.Font.Variant, s.Font.Size = "Sans", 11
	}
	p.Title.TextStyle.Font.Size, p.Title.TextStyle.Font.Weight = 13, xfont.WeightBold
	return p
}

// addGrid draws lines behind what is added after it.
func addGrid(p *plot.Plot, across bool) {
	g := plotter.NewGrid()
	g.Vertical.Color, g.Horizontal.Color = svg.Grid, nil
	g.Vertical.Width, g.Horizontal.Width = .7, .7
	if across {
		g.Horizontal.Color = svg.Grid
	}
	p.Add(g)
}

// labels writes texts beside points.
func labels(p *plot.Plot, at plotter.XYs, texts []string, offset vg.Point) error {
	if len(at) == 0 {
		return nil
	}
	l, err := plotter.NewLabels(plotter.XYLabels{XYs: at, Labels: texts})
	if err != nil {
		return err
	}
	for i := range l.TextStyle {
		l.TextStyle[i].Font.Variant, l.TextStyle[i].Font.Size = "Sans", 9.5
		l.TextStyle[i].YAlign = draw.YCenter
	}
	l.Offset = offset
	p.Add(l)
	return nil
}

// threeDigits prints a figure as exactly as its first three digits.
func threeDigits(v float64) string {
	return fmt.Sprintf("%.*f", max(0, 2-int(math.Floor(math.Log10(v)))), v)
}

// An operation is what the kits share, and what a goroutine does instead.
type operation struct{ row, label, goroutine string }

var operations = []operation{
	{row: "clone-drop", label: "clone + drop"},
	{row: "wake-notified", label: "wake, notified"},
	{row: "self-wake (kit's queue)", label: "self-wake", goroutine: "gosched"},
	{row: "wake-run-idle (kit's queue)", label: "wake, run, idle"},
	{row: "ping-pong (kit's queue)", label: "ping-pong", goroutine: "goroutines"},
	{row: "spawn-detached pooled (kit's queue)", label: "spawn + run", goroutine: "goroutine"},
	{row: "spawn-join pooled (kit's queue)", label: "spawn + join", goroutine: "goroutine"},
}

var impls = []string{"rouse", "tokio", "async-task", "goroutine"}

// find returns the figure of one of the plots' implementations, or 0.
func (o operation) find(r *record, impl string) float64 {
	switch impl {
	case "goroutine":
		if v := r.median(o.row, o.goroutine); v > 0 {
			return v
		}
		return r.median(strings.TrimSuffix(o.row, " (kit's queue)"), o.goroutine) // which has no queue of the kit's
	case "rouse":
		f, _ := r.ours(o.row)
		return f.median
	}
	return r.median(o.row, impl)
}

// addBars draws bars to the right, one upon the other from the place of the
// lowest, each with its value behind it; a value of 0 is none.
func addBars(p *plot.Plot, lowest float64, values plotter.Values, colour color.Color, width, offset vg.Length) (*plotter.BarChart, error) {
	chart, err := plotter.NewBarChart(values, width)
	if err != nil {
		return nil, err
	}
	chart.Horizontal, chart.XMin, chart.Offset = true, lowest, offset
	chart.Color, chart.LineStyle.Width = colour, 0
	p.Add(chart)
	var at plotter.XYs
	var texts []string
	for i, v := range values {
		if v > 0 {
			at, texts = append(at, plotter.XY{X: v, Y: lowest + float64(i)}), append(texts, threeDigits(v))
		}
	}
	return chart, labels(p, at, texts, vg.Point{X: 3, Y: offset + 1})
}

// barAxes names the bars, and leaves room for their values.
func barAxes(p *plot.Plot, names []string, longest float64) {
	p.NominalY(names...)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, longest*1.15, -.6, float64(len(names))-.4
}

func (r *record) plotOperations(path string) error {
	p := newPlot("One operation on one thread")
	p.X.Label.Text = "ns per operation (less is better)"
	addGrid(p, false)
	const width = 11
	shown := slices.DeleteFunc(slices.Clone(operations), func(o operation) bool {
		_, ok := r.ours(o.row)
		return !ok
	})
	n, longest := len(shown), 0.0
	if n == 0 {
		return nil
	}
	names := make([]string, n)
	for i, impl := range impls {
		values := make(plotter.Values, n)
		for j, o := range shown {
			y := n - 1 - j // the axis goes up, a reader down
			names[y], values[y] = o.label, o.find(r, impl)
			longest = max(longest, values[y])
		}
		chart, err := addBars(p, 0, values, colours[impl], width, vg.Length(1.5-float64(i))*width)
		if err != nil {
			return err
		}
		if slices.Max(values) > 0 {
			p.Legend.Add(impl, chart)
		}
	}
	p.Legend.Top = true
	barAxes(p, names, longest)
	p.Y.Max += legendRows
	d := description{title: "Bars of nanoseconds per operation on one thread"}
	for _, o := range shown {
		d.add(o.label, impls, func(impl string) float64 { return o.find(r, impl) })
	}
	return save(p, plotWidth, vg.Length(50+58*(float64(n)+legendRows)), path, d.String())
}

// legendRows is the room above the bars that the legend takes, in rows of them.
const legendRows = 1.25

// plotMemory draws the resident memory of a task that waits.
func (r *record) plotMemory(path string) error {
	p := newPlot("Memory of a task that waits")
	p.X.Label.Text = "bytes (less is better)"
	addGrid(p, false)
	var names []string
	longest, d := 0.0, description{title: "Bars of resident bytes of a task that waits"}
	for _, b := range []struct{ row, impl, label, colour string }{
		{"idle-bytes", "goroutine", "goroutine + channel", "goroutine"},
		{"idle-bytes", "tokio", "tokio", "tokio"},
		{"idle-bytes", "rouse", "rouse, spawned", "rouse"},
		{"idle-bytes header", "rouse-header", "rouse, own struct", "rouse"},
		{"idle-bytes", "async-task", "async-task", "async-task"},
	} {
		v := r.median(b.row, b.impl)
		if v == 0 { // was not run
			continue
		}
		if _, err := addBars(p, float64(len(names)), plotter.Values{v}, colours[b.colour], 20, 0); err != nil {
			return err
		}
		names, longest = append(names, b.label), max(longest, v)
		d.parts = append(d.parts, b.label+" "+threeDigits(v))
	}
	if len(names) == 0 {
		return nil
	}
	barAxes(p, names, longest)
	return save(p, plotWidth, 220, path, d.String())
}

// apart moves points up on a logarithmic axis, until of those with the same X each
// is higher than the one below by the factor: their labels do not overlap.
func apart(at plotter.XYs, factor float64) {
	order := make([]int, len(at))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(at[i].Y, at[j].Y) })
	lowest := map[float64]float64{} // by X
	for _, i := range order {
		at[i].Y = max(at[i].Y, lowest[at[i].X])
		lowest[at[i].X] = at[i].Y * factor
	}
}

func sweepAt(r *record, e int, impl string) float64 {
	return r.median(fmt.Sprintf("sweep 1e%d", e), impl)
}

// plotSweep draws what one wake costs when n idle tasks are woken in turn.
func (r *record) plotSweep(path string) error {
	// The unit stands in the title: of a label beside a logarithmic axis the
	// library thinks that it reaches above the plot.
	p := newPlot("Waking each of n idle tasks: ns per wake")
	p.X.Label.Text = "n (both axes are logarithmic)"
	addGrid(p, true)
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	bottom, top := math.Inf(1), 0.0
	var ends plotter.XYs
	var texts []string
	for _, impl := range []string{"goroutine", "tokio", "rouse", "async-task"} {
		var points plotter.XYs
		for e := 3; e <= 7; e++ {
			if v := sweepAt(r, e, impl); v > 0 {
				points = append(points, plotter.XY{X: math.Pow10(e), Y: v})
				bottom, top = min(bottom, v), max(top, v)
			}
		}
		if len(points) == 0 {
			continue
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return err
		}
		line.Color, line.Width, dots.Color, dots.Shape, dots.Radius = colours[impl], 2, colours[impl], draw.CircleGlyph{}, 3
		p.Add(line, dots)
		last := points[len(points)-1]
		ends, texts = append(ends, last), append(texts, impl+" "+threeDigits(last.Y))
	}
	if top == 0 { // no such row was run
		return nil
	}
	p.X.Tick.Marker = logTicks(1e3, 1e7, func(v float64) string {
		switch {
		case math.Log10(v) != math.Trunc(math.Log10(v)):
			return ""
		case v >= 1e6:
			return fmt.Sprintf("%.0f million", v/1e6)
		}
		return fmt.Sprintf("%.0f,000", v/1e3)
	})
	p.Y.Tick.Marker = logTicks(bottom, top, func(v float64) string {
		if s := fmt.Sprint(v); strings.HasPrefix(s, "1") || strings.HasPrefix(s, "2") || strings.HasPrefix(s, "5") {
			return s
		}
		return ""
	})
	p.Y.Min, p.Y.Max = bottom/1.25, top*1.25
	const line, axis = 12.0, 200.0 // about how high a label is, and the axis
	apart(ends, math.Pow(p.Y.Max/p.Y.Min, line/axis))
	if err := labels(p, ends, texts, vg.Point{X: 7}); err != nil {
		return err
	}
	d := description{title: "Lines of nanoseconds per wake of each of n idle tasks, on logarithmic axes"}
	for e := 3; e <= 7; e++ {
		d.add(fmt.Sprintf("10^%d tasks", e), impls, func(impl string) float64 { return sweepAt(r, e, impl) })
	}
	return save(p, plotWidth, 300, path, d.String())
}
