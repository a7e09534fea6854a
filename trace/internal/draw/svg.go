package main

import (
	"bytes"
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// margin is the space between what is drawn and the edge.
const margin = 12

// The colours of the picture, and what becomes of them on a dark page.
const style = `<style>
text { fill: #1b2330 }
@media (prefers-color-scheme: dark) {
  text { fill: #e3e8f0 }
  path[style*="fill:#FFFFFF"] { fill: #0f131a !important }
  path[style*="stroke:#000000"] { stroke: #8c98ab !important }
  path[style*="stroke:#D8DCE3"] { stroke: #2b3544 !important }
  path[style*="fill:#0072B2"] { fill: #4aa8e0 !important }
}
</style>
`

func (p *picture) svg() ([]byte, error) {
	c := vgsvg.NewWith(vgsvg.UseWH(width, row*vg.Length(len(p.tracks))+100))
	whole := draw.New(c)
	whole.SetColor(color.White)
	whole.Fill(whole.Rectangle.Path())
	p.draw(draw.Crop(whole, margin, -margin, margin, -margin))
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return nil, err
	}
	// The readers' fonts have the widths of the one that it was laid out with.
	svg := strings.ReplaceAll(b.String(), "font-family:Liberation Sans;", "font-family:Liberation Sans,Arial,Helvetica,sans-serif;")
	svg = strings.Replace(svg, "\txmlns=", "\trole=\"img\" aria-label=\"a timeline of tasks\" xmlns=", 1)
	head, body, _ := strings.Cut(svg, "<g transform")
	return []byte(head + style + "<g transform" + body), nil
}
