package trace

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

// An event is what the tests read of Chrome's format.
type event struct {
	Ph, Name, Cat string
	PID           int
	TID           uint64
	TS, Dur       float64
	ID            uint64
	BP            string
	Args          map[string]any
}

type place struct {
	pid int
	tid uint64
}

type slice struct{ from, to float64 }

// parsed is a timeline that has passed the checks.
type parsed struct {
	events []event
	names  map[place]string
	slices map[place][]slice
}

// parse checks that b is JSON, that every slice has its end, that every arrow
// leads from a slice to the start of one, and that every track has a name.
func parse(t *testing.T, b []byte) *parsed {
	t.Helper()
	p := &parsed{names: map[place]string{}, slices: map[place][]slice{}}
	if err := json.Unmarshal(b, &p.events); err != nil {
		t.Fatalf("not JSON: %v\n%.2000s", err, b)
	}
	slices.SortStableFunc(p.events, func(a, b event) int { return cmp.Compare(a.TS, b.TS) })
	open := map[place]*float64{}
	for _, e := range p.events {
		at := place{e.PID, e.TID}
		switch e.Ph {
		case "M":
			if e.Name == "thread_name" {
				p.names[at] = e.Args["name"].(string)
			}
		case "B":
			if open[at] != nil {
				t.Errorf("%+v starts within a slice of its track", e)
			}
			open[at] = &e.TS
		case "E":
			if open[at] == nil {
				t.Errorf("%+v ends nothing", e)
				continue
			}
			p.slices[at] = append(p.slices[at], slice{*open[at], e.TS})
			delete(open, at)
		case "X":
			p.slices[at] = append(p.slices[at], slice{e.TS, e.TS + e.Dur})
		case "i", "s", "f":
		default:
			t.Errorf("unknown event %+v", e)
		}
	}
	if len(open) > 0 {
		t.Errorf("slices without an end: %v", open)
	}
	p.checkArrows(t)
	for at := range p.slices {
		if p.names[at] == "" {
			t.Errorf("track %v has no name", at)
		}
	}
	return p
}

func (p *parsed) checkArrows(t *testing.T) {
	t.Helper()
	starts, ends := map[uint64]event{}, map[uint64]event{}
	for _, e := range p.events {
		switch e.Ph {
		case "s":
			starts[e.ID] = e
			if !p.within(e, func(s slice) bool { return s.from <= e.TS && e.TS <= s.to }) {
				t.Errorf("arrow %d starts in no slice: %+v", e.ID, e)
			}
		case "f":
			ends[e.ID] = e
			if e.BP != "e" || !p.within(e, func(s slice) bool { return s.from == e.TS }) {
				t.Errorf("arrow %d ends at no start of a slice: %+v", e.ID, e)
			}
		}
	}
	for id, s := range starts {
		if e, ok := ends[id]; !ok || e.TS < s.TS {
			t.Errorf("arrow %d from %v to %v, %v", id, s, e, ok)
		}
	}
	if len(starts) != len(ends) || len(starts) != p.count("s", "") {
		t.Errorf("%d starts of arrows, %d ends", len(starts), len(ends))
	}
}

func (p *parsed) within(e event, f func(slice) bool) bool {
	return slices.ContainsFunc(p.slices[place{e.PID, e.TID}], f)
}

// count returns how many events of a phase, and of a name unless it is "",
// there are.
func (p *parsed) count(ph, name string) (n int) {
	for _, e := range p.events {
		if e.Ph == ph && (name == "" || e.Name == name) {
			n++
		}
	}
	return n
}

func (p *parsed) want(t *testing.T, counts map[string]int) {
	t.Helper()
	for what, want := range counts {
		var ph, name string
		fmt.Sscan(what, &ph, &name)
		if got := p.count(ph, name); got != want {
			t.Errorf("%d of %q, want %d", got, what, want)
		}
	}
}
