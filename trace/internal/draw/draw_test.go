package main

import (
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rouse-go/rouse/bench/report/svg"
)

const small = `[{"ph":"M","name":"thread_name","pid":1,"tid":1,"args":{"name":"a<b"}},
{"ph":"M","name":"thread_name","pid":1,"tid":2,"args":{"name":"task \u001b2"}},
{"ph":"M","name":"thread_name","pid":1,"tid":3,"args":{"name":"elsewhen"}},
{"ph":"M","name":"thread_name","pid":1,"tid":4,"args":{"name":"a name that is longer than the picture is wide, and then some more"}},
{"ph":"M","name":"thread_name","pid":2,"tid":7,"args":{"name":"loop 0"}},
{"ph":"B","name":"poll","pid":1,"tid":3,"ts":1.5,"args":{"on":"loop 9"}},{"ph":"E","name":"poll","pid":1,"tid":3,"ts":2},
{"ph":"B","name":"poll","pid":1,"tid":1,"ts":9000,"args":{"on":"loop 0"}},{"ph":"E","name":"poll","pid":1,"tid":1,"ts":9020,"args":{"outcome":"ready"}},
{"ph":"s","name":"wake","pid":1,"tid":1,"ts":9010,"id":1},{"ph":"f","name":"wake","pid":1,"tid":2,"ts":9030,"id":1},
{"ph":"B","name":"poll","pid":1,"tid":2,"ts":9030,"args":{"on":"loop 1"}},{"ph":"E","name":"poll","pid":1,"tid":2,"ts":9040},
{"ph":"s","name":"wake","pid":2,"tid":7,"ts":9050,"id":2},{"ph":"f","name":"wake","pid":1,"tid":4,"ts":9060,"id":2},
{"ph":"B","name":"poll","pid":1,"tid":4,"ts":9060,"args":{"on":"loop 0"}},{"ph":"E","name":"poll","pid":1,"tid":4,"ts":90600},
{"ph":"i","name":"cancel","pid":1,"tid":2,"ts":9041,"args":{"cause":"aborted"}}]`

// drawn returns the picture of a timeline's busiest 100 µs.
func drawn(t *testing.T, timeline string) (svg string, err error) {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := os.WriteFile(in, []byte(timeline), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := convert(in, out, 100); err != nil {
		return "", err
	}
	b, err := os.ReadFile(out)
	return string(b), err
}

func TestPicture(t *testing.T) {
	svg, err := drawn(t, small)
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(strings.NewReader(svg))
	for err == nil {
		_, err = d.Token()
	}
	if err != io.EOF {
		t.Error(err)
	}
	for what, n := range map[string]int{
		">a&lt;b</text>": 1, ">task \ufffd2</text>": 1, "elsewhen": 0, ">a name that is …</text>": 1, ">loop 0</text>": 1,
		">poll on loop 0</text>": 1, ">poll on loop 1</text>": 1, "loop 9": 0, ">wake by a task</text>": 1, ">wake from outside</text>": 1,
		`style="fill:#0072B2"`: 3, `style="fill:#008A63"`: 2, `;stroke:#D55E00`: 2, `;stroke:#8A94A6`: 2, "#D62728": 2, ">cancelled</text>": 1, ">spawned</text>": 0,
		"prefers-color-scheme: dark": 1, `role="img"`: 1,
	} {
		if got := strings.Count(svg, what); got != n {
			t.Errorf("%d of %s, want %d:\n%s", got, what, n, svg)
		}
	}
}

func TestNothingToDraw(t *testing.T) {
	for timeline, want := range map[string]string{"[]": "no polls", "{": "unexpected end"} {
		if _, err := drawn(t, timeline); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", timeline, err, want)
		}
	}
}

var (
	size  = regexp.MustCompile(`viewBox="0 0 ([\d.]+) ([\d.]+)"`)
	shape = regexp.MustCompile(`<path d="([^"]*)"`)
	point = regexp.MustCompile(`(-?[\d.]+),(-?[\d.]+)`)
)

// Nothing but the background touches the edge: a poll that goes on is cut.
func TestPictureHasMargins(t *testing.T) {
	drawing, err := drawn(t, small)
	if err != nil {
		t.Fatal(err)
	}
	s := size.FindStringSubmatch(drawing)
	shapes := shape.FindAllStringSubmatch(drawing, -1)
	if s == nil || len(shapes) < 10 {
		t.Fatalf("size %v, %d shapes", s, len(shapes))
	}
	width, height := number(t, s[1]), number(t, s[2])
	for _, d := range shapes[1:] {
		for _, p := range point.FindAllStringSubmatch(d[1], -1) {
			x, y := number(t, p[1]), number(t, p[2])
			if min(x, y, width-x, height-y) < svg.Margin-.1 && !strings.Contains(d[1], "A") {
				t.Errorf("%s touches the edge", p[0])
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
