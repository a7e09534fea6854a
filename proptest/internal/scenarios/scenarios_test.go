//go:build rouse_explore

package scenarios

import (
	"flag"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"github.com/rouse-go/rouse/proptest/explore"
)

var (
	full  = flag.Bool("full", false, "run the scenarios that are not in the quick set too")
	limit = flag.Duration("limit", 10*time.Minute, "a search that takes longer has failed")
	part  = flag.String("part", "1/1", "run the i-th of n parts of the scenarios, as i/n")
)

// TestScenarios exhausts the scenarios. The lines that it ends with are for the summary of all
// proofs: item, count, failed.
func TestScenarios(t *testing.T) {
	var p portion
	if _, err := fmt.Sscanf(*part, "%d/%d", &p.index, &p.of); err != nil || p.index < 1 || p.index > p.of {
		t.Fatalf("-part %s: want i/n with 1 ≤ i ≤ n", *part)
	}
	c := explore.Config{MaxTime: *limit}
	if *full {
		c.Progress = os.Stderr
	}
	var sum tally
	for i, s := range All() {
		if s.Full && !*full || i%p.of != p.index-1 {
			continue
		}
		t.Run(s.Group+"/"+s.Name, func(t *testing.T) { sum.add(t, s.Run(c)) })
	}
	sum.print(os.Stdout)
}

type portion struct{ index, of int }

// A tally adds up what was exhausted.
type tally struct {
	scenarios, failed, schedules, states int
}

func (s *tally) add(t *testing.T, r explore.Report) {
	s.scenarios++
	s.schedules += r.Schedules
	s.states += r.States
	switch {
	case r.Failure != nil:
		t.Errorf("%v\n%v", r, r.Failure)
	case !r.Exhausted:
		t.Errorf("%v: the limit is %v", r, *limit)
	default:
		t.Log(r)
		return
	}
	s.failed++
}

func (s *tally) print(w io.Writer) {
	fmt.Fprintf(w, "proof\tscenarios\t%d\t%d\n", s.scenarios, s.failed)
	fmt.Fprintf(w, "proof\tschedules\t%d\t0\n", s.schedules)
	fmt.Fprintf(w, "proof\tstates\t%d\t0\n", s.states)
}
