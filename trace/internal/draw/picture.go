package main

import (
	"cmp"
	"image/color"
	"slices"
	"strings"
	"unicode"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/rouse-go/rouse/bench/report/svg"
)

const (
	width   = 480.0
	row     = 30.0
	barSize = 12.0
)

func hex(rgb uint32) color.Color {
	return color.RGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 0xFF}
}

// Colours that stay apart for colour-blind readers (Okabe and Ito), and are
// seen on white and on black.
var (
	laneColours = []color.Color{svg.Blue, svg.Green, hex(0xCC79A7), hex(0x56B4E9)}
	byTask      = svg.Red
	byOutside   = hex(0x8A94A6)
)

// marks are the dots above a track, and what the legend says of them.
var marks = []struct {
	means  string
	names  []string // of their events
	colour color.Color
}{
	{"spawned", []string{"spawn"}, svg.Green},
	{"ended", []string{"complete", "release"}, hex(0x7A5BD6)},
	{"cancelled", []string{"cancel", "orphan"}, hex(0xD62728)},
}

// A picture is a part of a timeline: its tracks, the first of them at the top,
// and the goroutines that polled.
type picture struct {
	*timeline
	from, length float64
	tracks       []place
	lanes        []string
}

func newPicture(t *timeline, from, length float64) *picture {
	p := &picture{timeline: t, from: from, length: length}
	for at := range t.names {
		busy := slices.ContainsFunc(t.slices, func(s slice) bool { return s.at == at && p.overlaps(s) }) ||
			slices.ContainsFunc(t.arrows, func(a arrow) bool { return a.from.at == at && p.within(a) })
		if busy {
			p.tracks = append(p.tracks, at)
		}
	}
	// Goroutines come last.
	slices.SortFunc(p.tracks, func(a, b place) int { return cmp.Or(cmp.Compare(a.pid, b.pid), cmp.Compare(a.tid, b.tid)) })
	for _, s := range t.slices {
		if p.overlaps(s) && !slices.Contains(p.lanes, s.lane) {
			p.lanes = append(p.lanes, s.lane)
		}
	}
	slices.Sort(p.lanes)
	return p
}

func (p *picture) overlaps(s slice) bool { return s.to > p.from && s.from < p.from+p.length }

func (p *picture) within(a arrow) bool { return a.from.ts >= p.from && a.to.ts < p.from+p.length }

// row is where a track is on the axis of tracks, which goes up.
func (p *picture) row(at place) float64 {
	return float64(len(p.tracks) - 1 - slices.Index(p.tracks, at))
}

func (p *picture) laneColour(lane string) color.Color {
	return laneColours[slices.Index(p.lanes, lane)%len(laneColours)]
}

func (p *picture) svg() []byte {
	return svg.Draw(width, row*vg.Length(len(p.tracks))+100, "a timeline of tasks", p.draw)
}

// draw lays the picture out on a canvas.
func (p *picture) draw(c draw.Canvas) {
	f := plot.New()
	f.BackgroundColor = nil
	for _, s := range []*text.Style{&f.Legend.TextStyle, &f.X.Label.TextStyle, &f.X.Tick.Label, &f.Y.Tick.Label} {
		s.Font.Variant, s.Font.Size = "Sans", 11
	}
	f.X.Label.Text = "µs"
	g := plotter.NewGrid()
	g.Vertical.Color, g.Horizontal.Color = svg.Grid, svg.Grid
	g.Vertical.Width, g.Horizontal.Width = .7, .7
	f.Add(g, p)
	names := make([]string, len(p.tracks))
	for _, at := range p.tracks {
		names[int(p.row(at))] = short(p.names[at])
	}
	f.NominalY(names...)
	f.X.Min, f.X.Max, f.Y.Min, f.Y.Max = 0, p.length, -.6, float64(len(names))-.4
	bottom := p.legend(c, f.Legend.TextStyle)
	f.Draw(draw.Crop(c, 0, 0, bottom+8, 0))
}

// short leaves room for the picture beside a name, which has no character that
// an SVG must not have, and no line break.
func short(name string) string {
	const most = 16
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, name)
	if r := []rune(name); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return name
}

// Plot implements plot.Plotter.
func (p *picture) Plot(c draw.Canvas, f *plot.Plot) {
	toX, toY := f.Transforms(&c)
	at := func(e end) vg.Point {
		return vg.Point{X: toX(min(max(e.ts-p.from, 0), p.length)), Y: toY(p.row(e.at))}
	}
	for _, s := range p.slices {
		if p.overlaps(s) {
			a, b := at(end{s.at, s.from}), at(end{s.at, s.to})
			bar(c, p.laneColour(s.lane), a.X, max(b.X, a.X+1), a.Y)
		}
	}
	for _, a := range p.arrows {
		if p.within(a) {
			from := at(a.from)
			c.DrawGlyph(draw.GlyphStyle{Color: arrowColour(a), Radius: 1.8, Shape: draw.CircleGlyph{}}, from)
			arrowLine(c, arrowColour(a), from, at(a.to))
		}
	}
	for _, k := range p.marks {
		for _, m := range marks {
			if p.shows(k) && slices.Contains(m.names, k.name) {
				where := at(k.end)
				where.Y += barSize/2 + 4
				dot(c, m.colour, where)
			}
		}
	}
}

// shows reports whether a mark is on a track of the picture, in its part of the time.
func (p *picture) shows(k mark) bool {
	return k.ts >= p.from && k.ts < p.from+p.length && slices.Contains(p.tracks, k.at)
}

func dot(c draw.Canvas, colour color.Color, at vg.Point) {
	c.DrawGlyph(draw.GlyphStyle{Color: colour, Radius: 2.5, Shape: draw.CircleGlyph{}}, at)
}

func bar(c draw.Canvas, colour color.Color, from, to, y vg.Length) {
	c.FillPolygon(colour, []vg.Point{{X: from, Y: y - barSize/2}, {X: to, Y: y - barSize/2}, {X: to, Y: y + barSize/2}, {X: from, Y: y + barSize/2}})
}

// arrowColour tells a wake out of a poll from one that a goroutine did besides.
func arrowColour(a arrow) color.Color {
	if a.from.at.pid == a.to.at.pid {
		return byTask
	}
	return byOutside
}

// arrowLine leaves and arrives along the time.
func arrowLine(c draw.Canvas, colour color.Color, from, to vg.Point) {
	bend := max((to.X-from.X)/2, 8)
	var line vg.Path
	line.Move(from)
	line.CubeTo(vg.Point{X: from.X + bend, Y: from.Y}, vg.Point{X: to.X - bend, Y: to.Y}, to)
	c.SetLineStyle(draw.LineStyle{Color: colour, Width: 1})
	c.Stroke(line)
	c.FillPolygon(colour, []vg.Point{to, {X: to.X - 5, Y: to.Y + 2.5}, {X: to.X - 5, Y: to.Y - 2.5}})
}
