package main

import (
	"cmp"
	"slices"
)

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
		lane     string // the goroutine that it ran on
	}
	arrow struct{ from, to end }
	end   struct {
		at place
		ts float64
	}
	mark struct {
		end
		name string
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
		return cmp.Compare(a.TS, b.TS)
	})
	open, starts := map[place]slice{}, map[uint64]end{}
	for _, e := range events {
		at := end{place{e.PID, e.TID}, e.TS}
		switch e.Ph {
		case "M":
			if e.Name == "thread_name" {
				t.names[at.at], _ = e.Args["name"].(string)
			}
		case "B":
			lane, _ := e.Args["on"].(string)
			open[at.at] = slice{at: at.at, from: e.TS, lane: lane}
		case "E":
			s := open[at.at]
			s.to = e.TS
			t.slices = append(t.slices, s)
		case "s":
			starts[e.ID] = at
		case "f":
			t.arrows = append(t.arrows, arrow{starts[e.ID], at})
		case "i":
			t.marks = append(t.marks, mark{at, e.Name})
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
