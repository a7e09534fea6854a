//go:build !rouse_debug && !rouse_trace

package protoactor

import "testing"

// A message that is posted and handled allocates nothing.
func TestAllocations(t *testing.T) {
	for i, s := range sides {
		for _, atATime := range []int{1, burst} {
			post := kitAlone(i, atATime)
			post(burst) // the ring grows
			if n := testing.AllocsPerRun(10, func() { post(burst) }); n != 0 {
				t.Errorf("%s: %v allocations for %d messages, %d at a time", s.name, n, burst, atATime)
			}
		}
	}
}
