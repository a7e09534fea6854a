package svg

import (
	"encoding/xml"
	"image/color"
	"io"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// luminance and contrast are those of WCAG 2.
func luminance(c color.RGBA) float64 {
	part := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= .04045 {
			return s / 12.92
		}
		return math.Pow((s+.055)/1.055, 2.4)
	}
	return .2126*part(c.R) + .7152*part(c.G) + .0722*part(c.B)
}

func contrast(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

// All but the grid stands out, on a light page and on a dark one.
func TestContrast(t *testing.T) {
	for _, s := range append([]Swap{Text}, Swaps...) {
		want := 3.0
		switch s {
		case Text:
			want = 7
		default:
			if s.Light == Grid {
				want = 1.1
			}
		}
		if light, dark := contrast(s.Light, Background.Light), contrast(s.Dark, Background.Dark); light < want || dark < want {
			t.Errorf("%v: %.1f on a light page, %.1f on a dark one, want %v", s, light, dark, want)
		}
	}
}

func TestDraw(t *testing.T) {
	svg := string(Draw(100, 50, `a "plot" of x < y`, func(c draw.Canvas) {
		if c.Min.X != Margin || c.Max.X != 100-Margin || c.Min.Y != Margin || c.Max.Y != 50-Margin {
			t.Errorf("the canvas is %v", c.Rectangle)
		}
		c.FillPolygon(Blue, []vg.Point{{X: 20, Y: 20}, {X: 30, Y: 20}, {X: 30, Y: 30}})
	}))
	d := xml.NewDecoder(strings.NewReader(svg))
	var err error
	for err == nil {
		_, err = d.Token()
	}
	if err != io.EOF {
		t.Error(err)
	}
	for _, want := range []string{`role="img"`, `aria-label="a &#34;plot&#34; of x &lt; y"`, "prefers-color-scheme: dark", `path[style*="fill:#0072B2"] { fill: #4AA8E0 !important }`, "fill:#0072B2"} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in\n%s", want, svg)
		}
	}
}
