// Package svg makes pictures that can be read on a light page and on a dark one,
// and by who cannot see them. The plots of the report and the timelines of
// package trace are made with it.
package svg

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Margin is the space between what is drawn and the edge.
const Margin = 12

// Colours that stay apart for colour-blind readers (after Okabe and Ito), and
// that stand out from white.
var (
	Blue   = rgb(0x0072B2)
	Red    = rgb(0xD55E00)
	Yellow = rgb(0xA87400)
	Green  = rgb(0x008A63)
	Grid   = rgb(0xD8DCE3)
)

func rgb(v uint32) color.RGBA { return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xFF} }

// A Swap is what becomes of a colour on a dark page.
type Swap struct{ Light, Dark color.RGBA }

// Background and Text are those of a page.
var (
	Background = Swap{rgb(0xFFFFFF), rgb(0x0F131A)}
	Text       = Swap{rgb(0x1B2330), rgb(0xE3E8F0)}
)

// Swaps are those of all other colours that would not stand out there.
var Swaps = []Swap{
	{rgb(0x000000), rgb(0x8C98AB)},
	{Grid, rgb(0x2B3544)},
	{Blue, rgb(0x4AA8E0)},
	{Red, rgb(0xF0803C)},
	{Yellow, rgb(0xE6A817)},
	{Green, rgb(0x2CB98A)},
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// style is the part of a picture that swaps its colours.
func style() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<style>\ntext { fill: %s }\n@media (prefers-color-scheme: dark) {\n  text { fill: %s }\n", hex(Text.Light), hex(Text.Dark))
	for _, s := range append([]Swap{Background}, Swaps...) {
		for _, what := range []string{"fill", "stroke"} {
			fmt.Fprintf(&b, "  path[style*=\"%s:%s\"] { %[1]s: %[3]s !important }\n", what, hex(s.Light), hex(s.Dark))
		}
	}
	b.WriteString("}\n</style>\n")
	return b.String()
}

// Draw returns a picture, which d draws on what lies within the margins. Who
// cannot see it is read the description.
func Draw(width, height vg.Length, description string, d func(draw.Canvas)) []byte {
	c := vgsvg.NewWith(vgsvg.UseWH(width, height))
	whole := draw.New(c)
	whole.SetColor(Background.Light)
	whole.Fill(whole.Rectangle.Path())
	d(draw.Crop(whole, Margin, -Margin, Margin, -Margin))
	var b bytes.Buffer
	c.WriteTo(&b) // into memory, which does not fail

	// The readers' fonts have the widths of the one that it was laid out with.
	text := strings.ReplaceAll(b.String(), "font-family:Liberation Sans;", "font-family:Liberation Sans,Arial,Helvetica,sans-serif;")
	var quoted bytes.Buffer
	xml.EscapeText(&quoted, []byte(description))
	text = strings.Replace(text, "\txmlns=", "\trole=\"img\" aria-label=\""+quoted.String()+"\" xmlns=", 1)
	head, body, _ := strings.Cut(text, "<g transform")
	return []byte(head + style() + "<g transform" + body)
}
