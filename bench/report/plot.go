package main

import (
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Colours that stay apart for colour-blind readers (Okabe and Ito).
var colours = map[string]color.Color{
	"rouse":      color.RGBA{0x00, 0x72, 0xB2, 0xFF},
	"tokio":      color.RGBA{0xD5, 0x5E, 0x00, 0xFF},
	"async-task": color.RGBA{0xE6, 0x9F, 0x00, 0xFF},
	"goroutine":  color.RGBA{0x00, 0x9E, 0x73, 0xFF},
}

var (
	white = color.White
	grid  = color.RGBA{0xD8, 0xDC, 0xE3, 0xFF}
)

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
	g.Vertical.Color, g.Horizontal.Color = grid, nil
	g.Vertical.Width, g.Horizontal.Width = .7, .7
	if across {
		g.Horizontal.Color = grid
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
	{row: "self-wake", label: "self-wake", goroutine: "gosched"},
	{row: "wake-run-idle", label: "wake, run, idle"},
	{row: "ping-pong", label: "ping-pong", goroutine: "goroutines"},
	{row: "spawn-detached pooled", label: "spawn + run", goroutine: "goroutine"},
	{row: "spawn-join pooled", label: "spawn + join", goroutine: "goroutine"},
}

// find returns the figure of one of the plots' implementations, or 0.
func (o operation) find(r *record, impl string) float64 {
	switch impl {
	case "goroutine":
		impl = o.goroutine
	case "rouse":
		if strings.HasSuffix(o.row, " pooled") {
			impl = "rouse-pooled"
		}
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
	n, longest := len(operations), 0.0
	names := make([]string, n)
	for i, impl := range []string{"rouse", "tokio", "async-task", "goroutine"} {
		values := make(plotter.Values, n)
		for j, o := range operations {
			y := n - 1 - j // the axis goes up, a reader down
			names[y], values[y] = o.label, o.find(r, impl)
			longest = max(longest, values[y])
		}
		chart, err := addBars(p, 0, values, colours[impl], width, vg.Length(1.5-float64(i))*width)
		if err != nil {
			return err
		}
		p.Legend.Add(impl, chart)
	}
	p.Legend.Top = true
	barAxes(p, names, longest)
	return save(p, plotWidth, 470, path, "Bars: nanoseconds per operation of rouse, tokio, async-task and goroutines")
}

// plotMemory draws the resident memory of a task that waits.
func (r *record) plotMemory(path string) error {
	p := newPlot("Memory of a task that waits")
	p.X.Label.Text = "bytes (less is better)"
	addGrid(p, false)
	var names []string
	longest := 0.0
	for _, b := range []struct{ row, impl, label, colour string }{
		{"idle-bytes", "goroutine", "goroutine + channel", "goroutine"},
		{"idle-bytes", "tokio", "tokio", "tokio"},
		{"idle-bytes", "rouse", "rouse, spawned", "rouse"},
		{"idle-bytes header", "rouse-header", "rouse, own struct", "rouse"},
		{"idle-bytes", "async-task", "async-task", "async-task"},
	} {
		v := r.median(b.row, b.impl)
		if _, err := addBars(p, float64(len(names)), plotter.Values{v}, colours[b.colour], 20, 0); err != nil {
			return err
		}
		names, longest = append(names, b.label), max(longest, v)
	}
	barAxes(p, names, longest)
	return save(p, plotWidth, 220, path, "Bars: bytes of a waiting task of rouse, tokio and async-task, and of a goroutine")
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
	for _, impl := range []string{"goroutine", "tokio", "rouse", "async-task"} {
		var points plotter.XYs
		for e := 3; e <= 7; e++ {
			if v := r.median(fmt.Sprintf("sweep 1e%d", e), impl); v > 0 {
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
		last := points[len(points)-1:]
		if err = labels(p, last, []string{impl + " " + threeDigits(last[0].Y)}, vg.Point{X: 7}); err != nil {
			return err
		}
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
	return save(p, plotWidth, 300, path, "Lines: nanoseconds per wake of 1,000 to 10 million tasks, of rouse, tokio, async-task and goroutines")
}
