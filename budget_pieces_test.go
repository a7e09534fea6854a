//go:build rouse_explore && !rouse_debug && !rouse_trace

package rouse

import (
	"testing"

	"github.com/rouse-go/rouse/proptest/explore"
)

func TestPieceBudget(t *testing.T) {
	for _, c := range pieceCosts() {
		for range 3 {
			c.run(func(op func()) {
				if got := explore.Count(op); got.RMWs != c.rmws {
					t.Errorf("%s: %d RMWs, want %d (%+v)", c.name, got.RMWs, c.rmws, got)
				}
			})
		}
	}
}
