//go:build rouse_explore

package explore_test

import (
	"strings"
	"testing"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// What a table shows of the kit is where the kit operates on its words, and not the
// file that replaces their types.
func TestPositionsWhileClosing(t *testing.T) {
	r := explore.CheckFails(t, explore.Config{RetryLoops: true}, 100, func(x *explore.Exec) {
		rouse.Restart()
		s := new(rouse.State)
		x.Name(s, "state")
		x.Go("notifies", func() { s.Notify() })
		x.Go("closes", func() { x.Assert(s.Close(), "a run is owed") })
	})
	seen := 0
	for _, step := range r.Failure.Steps {
		if strings.Contains(step.Pos, "_explore.go") {
			t.Errorf("%+v", step)
		}
		if strings.Contains(step.Text, "state") && strings.Contains(step.Pos, ".go:") {
			seen++
		}
	}
	if seen < 2 {
		t.Errorf("%d operations on the state in\n%v", seen, r.Failure)
	}
}
