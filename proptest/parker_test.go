package proptest_test

import (
	"context"
	"testing"

	"github.com/rouse-go/rouse"
	"pgregory.net/rapid"
)

// A Parker, next to whether it has a permit.
func parkerProperty(t *rapid.T) {
	var p rouse.Parker
	permit := false
	ended, end := context.WithCancel(context.Background())
	end()
	w := p.WakerRef().Clone()
	has := func() bool { return permit }
	take := func(t *rapid.T, got bool) {
		if got != permit {
			t.Fatalf("a permit was taken: %v, there was one: %v", got, permit)
		}
		permit = false
	}
	machine(t, func(*rapid.T) {},
		act{"Unpark", always, func(*rapid.T) { p.Unpark(); permit = true }},
		act{"WakeByRef", always, func(*rapid.T) { w.WakeByRef(); permit = true }},
		act{"Wake", always, func(*rapid.T) { c := w.Clone(); c.Wake(); permit = true }},
		act{"Clone and Drop", always, func(*rapid.T) { c := p.WakerRef().Clone(); c.Drop() }},
		act{"Park", has, func(t *rapid.T) { p.Park(); take(t, true) }},
		act{"ParkTimeout", always, func(t *rapid.T) { take(t, p.ParkTimeout(0)) }},
		act{"ParkContext", has, func(t *rapid.T) { take(t, p.ParkContext(context.Background()) == nil) }},
		act{"ParkContext, ended", always, func(t *rapid.T) {
			if err := p.ParkContext(ended); err != context.Canceled {
				t.Fatalf("%v of a context that has ended", err)
			}
		}},
	)
	w.Drop()
}

func TestParker(t *testing.T) { check(t, parkerProperty) }
