package main

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// An entry of the legend is what is drawn, and what it means.
type entry struct {
	means string
	draw  func(c draw.Canvas, at vg.Point)
}

// sample is how wide the drawing of an entry is.
const sample = 18

func (p *picture) entries() (all []entry) {
	for _, lane := range p.lanes {
		all = append(all, entry{"poll on " + short(lane), func(c draw.Canvas, at vg.Point) {
			bar(c, p.laneColour(lane), at.X, at.X+sample, at.Y)
		}})
	}
	for _, a := range []struct {
		means  string
		colour color.Color
	}{{"wake by a task", byTask}, {"wake from outside", byOutside}} {
		if slices.ContainsFunc(p.arrows, func(w arrow) bool { return p.within(w) && arrowColour(w) == a.colour }) {
			all = append(all, entry{a.means, func(c draw.Canvas, at vg.Point) {
				arrowLine(c, a.colour, at, vg.Point{X: at.X + sample, Y: at.Y})
			}})
		}
	}
	for _, m := range marks {
		if slices.ContainsFunc(p.marks, func(k mark) bool { return p.shows(k) && slices.Contains(m.names, k.name) }) {
			all = append(all, entry{m.means, func(c draw.Canvas, at vg.Point) {
				dot(c, m.colour, vg.Point{X: at.X + sample/2, Y: at.Y})
			}})
		}
	}
	return all
}

// legend writes what there is to know at the foot of the canvas, in lines, and
// returns their height.
func (p *picture) legend(c draw.Canvas, style text.Style) (height vg.Length) {
	const line, gap = 17, 14
	style.YAlign = draw.YCenter
	var lines [][]entry
	room := vg.Length(0)
	for _, e := range p.entries() {
		w := sample + 5 + style.Width(e.means) + gap
		if w > room {
			lines, room = append(lines, nil), c.Max.X-c.Min.X+gap
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], e)
		room -= w
	}
	for i, es := range lines {
		at := vg.Point{X: c.Min.X, Y: c.Min.Y + line*(vg.Length(len(lines)-i)-.5)}
		for _, e := range es {
			e.draw(c, at)
			c.FillText(style, vg.Point{X: at.X + sample + 5, Y: at.Y + 1}, e.means)
			at.X += sample + 5 + style.Width(e.means) + gap
		}
	}
	return line * vg.Length(len(lines))
}
