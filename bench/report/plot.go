package main

import (
	"image/color"
	"math"
	"os"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// Colours that stay apart for colour-blind readers (Okabe and Ito).
var colours = map[string]color.Color{
	"rouse":      color.RGBA{0x00, 0x72, 0xB2, 0xFF},
	"tokio":      color.RGBA{0xD5, 0x5E, 0x00, 0xFF},
	"async-task": color.RGBA{0xE6, 0x9F, 0x00, 0xFF},
	"goroutine":  color.RGBA{0x00, 0x9E, 0x73, 0xFF},
}

func (r *results) plots(dir string) error {
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

func newPlot(title, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.Y.Label.Text = title, y
	p.Title.Padding, p.Legend.Top = vg.Points(8), true
	p.Add(plotter.NewGrid())
	return p
}

// plotOperations draws the operations that the kits share, as groups of bars.
func (r *results) plotOperations(path string) error {
	p := newPlot("One operation, one thread", "ns per operation (less is better)")
	names := []string{"clone-drop", "wake-notified", "self-wake", "wake-run-idle", "ping-pong", "spawn-detached pooled", "spawn-join pooled"}
	labels := []string{"clone + drop", "wake, notified", "self-wake", "wake, run, idle", "ping-pong", "spawn + run", "spawn + join"}
	const width = 16
	for i, impl := range []string{"rouse", "tokio", "async-task"} {
		var v plotter.Values
		for _, name := range names {
			f, ok := r.figure(name, impl)
			if !ok && impl == "rouse" {
				f, _ = r.figure(name, "rouse-pooled")
			}
			v = append(v, f)
		}
		bars, err := plotter.NewBarChart(v, vg.Points(width))
		if err != nil {
			return err
		}
		bars.Color, bars.LineStyle.Width, bars.Offset = colours[impl], 0, vg.Points(float64(i-1)*width)
		p.Add(bars)
		p.Legend.Add(impl, bars)
	}
	p.Legend.Left = true
	p.NominalX(labels...)
	return p.Save(24*vg.Centimeter, 11*vg.Centimeter, path)
}

// plotSweep draws what one wake costs when n idle tasks are woken in turn.
func (r *results) plotSweep(path string) error {
	p := newPlot("Waking each of n idle tasks", "ns per wake")
	p.X.Label.Text = "tasks"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.LogTicks{Prec: -1}, plot.LogTicks{Prec: -1}
	p.Legend.Left = true
	for _, impl := range []string{"rouse", "tokio", "async-task", "goroutine"} {
		var pts plotter.XYs
		for e := 3; e <= 7; e++ {
			if f, ok := r.figure("sweep 1e"+string(rune('0'+e)), impl); ok {
				pts = append(pts, plotter.XY{X: math.Pow10(e), Y: f})
			}
		}
		if len(pts) == 0 {
			continue
		}
		line, dots, err := plotter.NewLinePoints(pts)
		if err != nil {
			return err
		}
		line.Color, line.Width, dots.Color = colours[impl], vg.Points(2), colours[impl]
		p.Add(line, dots)
		p.Legend.Add(impl, line, dots)
	}
	return p.Save(18*vg.Centimeter, 11*vg.Centimeter, path)
}

// plotMemory draws the resident memory of a task that waits.
func (r *results) plotMemory(path string) error {
	p := newPlot("Memory of a task that waits", "bytes (logarithmic)")
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.Y.Min, p.Y.Max = 10, 10_000
	var labels []string
	for _, w := range []struct{ row, impl, label, colour string }{
		{"idle-bytes", "async-task", "async-task", "async-task"},
		{"idle-bytes header", "rouse-header", "rouse, own struct", "rouse"},
		{"idle-bytes", "rouse", "rouse, spawned", "rouse"},
		{"idle-bytes", "tokio", "tokio", "tokio"},
		{"idle-bytes", "goroutine", "goroutine + channel", "goroutine"},
	} {
		f, ok := r.figure(w.row, w.impl)
		if !ok {
			continue
		}
		// A bar chart starts at 0, which a logarithmic axis lacks.
		x := float64(len(labels))
		bar, err := plotter.NewPolygon(plotter.XYs{{X: x - 0.3, Y: 10}, {X: x + 0.3, Y: 10}, {X: x + 0.3, Y: f}, {X: x - 0.3, Y: f}})
		if err != nil {
			return err
		}
		bar.Color, bar.LineStyle.Width = colours[w.colour], 0
		p.Add(bar)
		labels = append(labels, w.label)
	}
	p.NominalX(labels...)
	return p.Save(18*vg.Centimeter, 9*vg.Centimeter, path)
}
