//go:build !rouse_trace

package rouse

// Unbound returns the totals of the tasks that are bound to no list, and
// whether they were counted, by the tag rouse_trace.
func Unbound() (Counters, bool) { return Counters{}, false }
