package main

import (
	"bytes"
	"os"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// margin is the space between what is drawn and the edge.
const margin = 12

// The colours of a plot, and what becomes of them on a dark page.
const style = `<style>
text { fill: #1b2330 }
@media (prefers-color-scheme: dark) {
  text { fill: #e3e8f0 }
  path[style*="fill:#FFFFFF"] { fill: #0f131a !important }
  path[style*="stroke:#000000"] { stroke: #8c98ab !important }
  path[style*="stroke:#D8DCE3"] { stroke: #2b3544 !important }
  path[style*="fill:#0072B2"] { fill: #4aa8e0 !important }
  path[style*="stroke:#0072B2"] { stroke: #4aa8e0 !important }
}
</style>
`

// save writes a plot as an SVG, which is read by what describes it where it
// cannot be seen.
func save(p *plot.Plot, width, height vg.Length, path, describes string) error {
	p.BackgroundColor = nil // of the part within the margin
	c := vgsvg.NewWith(vgsvg.UseWH(width, height))
	whole := draw.New(c)
	whole.SetColor(white)
	whole.Fill(whole.Rectangle.Path())
	p.Draw(draw.Crop(whole, margin, -margin, margin, -margin))
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(dress(b.String(), describes)), 0o644)
}

// dress adds the style, the description, and the fonts that have the widths of
// those that the plot was laid out with.
func dress(svg, describes string) string {
	svg = strings.ReplaceAll(svg, "font-family:Liberation Sans;", "font-family:Liberation Sans,Arial,Helvetica,sans-serif;")
	svg = strings.Replace(svg, "\txmlns=", "\trole=\"img\" aria-label=\""+describes+"\" xmlns=", 1)
	head, body, _ := strings.Cut(svg, "<g transform")
	return head + style + "<g transform" + body
}
