// Command draw makes a picture of a part of a timeline that package trace
// wrote: a row for each track, polls, the arrows of wakes, marks. It takes the
// part of the given length that has the most to show.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
)

func main() {
	in := flag.String("in", "timeline.json", "a timeline")
	out := flag.String("out", "timeline.svg", "the picture")
	length := flag.Float64("us", 1000, "how many microseconds of it")
	flag.Parse()
	if err := draw(*in, *out, *length); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func draw(in, out string, length float64) error {
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
	svg := t.svg(from, from+length)
	fmt.Printf("wrote %s, %d KB: %.1f to %.1f ms\n", out, len(svg)>>10, from/1e3, (from+length)/1e3)
	return os.WriteFile(out, svg, 0o666)
}

// An event is what is read of Chrome's format.
type event struct {
	Ph, Name string
	PID      int
	TID      uint64
	TS       float64
	ID       uint64
	Args     map[string]any
}

type place struct {
	pid int
	tid uint64
}

type (
	slice struct {
		at       place
		from, to float64
		outcome  string
	}
	arrow struct{ from, to end }
	end   struct {
		at place
		ts float64
	}
	mark struct {
		end
		name, detail string
	}
)

type timeline struct {
	names  map[place]string
	slices []slice
	arrows []arrow
	marks  []mark
}

func read(events []event) *timeline {
	t := &timeline{names: map[place]string{}}
	slices.SortStableFunc(events, func(a, b event) int {
		switch {
		case a.TS < b.TS:
			return -1
		case a.TS > b.TS:
			return 1
		}
		return 0
	})
	open, starts := map[place]float64{}, map[uint64]end{}
	for _, e := range events {
		at := end{place{e.PID, e.TID}, e.TS}
		switch e.Ph {
		case "M":
			if e.Name == "thread_name" {
				t.names[at.at], _ = e.Args["name"].(string)
			}
		case "B":
			open[at.at] = e.TS
		case "E":
			outcome, _ := e.Args["outcome"].(string)
			t.slices = append(t.slices, slice{at.at, open[at.at], e.TS, outcome})
		case "s":
			starts[e.ID] = at
		case "f":
			t.arrows = append(t.arrows, arrow{starts[e.ID], at})
		case "i":
			m := mark{end: at, name: e.Name}
			for _, v := range e.Args {
				m.detail, _ = v.(string)
			}
			t.marks = append(t.marks, m)
		}
	}
	return t
}

// busiest returns where the part starts that has arrows between the most pairs
// of tasks, and of those the one with the most arrows.
func (t *timeline) busiest(length float64) (from float64) {
	best := -1
	for _, s := range t.slices {
		pairs, n := map[[2]place]bool{}, 0
		for _, a := range t.arrows {
			if a.from.ts >= s.from && a.to.ts < s.from+length*.95 && a.from.at.pid == a.to.at.pid && a.from.at != a.to.at {
				pairs[[2]place{a.from.at, a.to.at}] = true
				n++
			}
		}
		if score := len(pairs)<<20 + n; score > best {
			best, from = score, s.from-length/100
		}
	}
	return from
}
