// Command draw makes a picture of a part of a timeline that package trace
// wrote: a row for each track, polls in the colours of the goroutines that they
// ran on, the arrows of wakes, marks. It takes the part of the given length that
// has the most to show.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

func main() {
	in := flag.String("in", "timeline.json", "a timeline")
	out := flag.String("out", "timeline.svg", "the picture")
	length := flag.Float64("us", 1000, "how many microseconds of it")
	flag.Parse()
	if err := convert(*in, *out, *length); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func convert(in, out string, length float64) error {
	b, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	var events []event
	if err = json.Unmarshal(b, &events); err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	t := read(events)
	if len(t.slices) == 0 {
		return fmt.Errorf("%s: no polls", in)
	}
	from := t.busiest(length)
	svg := newPicture(t, from, length).svg()
	fmt.Printf("wrote %s, %d KB: %.1f to %.1f ms\n", out, len(svg)>>10, from/1e3, (from+length)/1e3)
	return os.WriteFile(out, svg, 0o666)
}
