package inspect

import "github.com/rouse-go/rouse"

// counterRows are the rows of the page's table of counters. Those that always
// count need no tracing.
var counterRows = []struct {
	title, help string
	always      bool
	of          func(*rouse.Counters) uint64
}{
	{"Bound", "tasks that were ever on the list", true, func(c *rouse.Counters) uint64 { return c.Bound }},
	{"Live", "tasks that are on it now", true, func(c *rouse.Counters) uint64 { return c.Live }},
	{"Wakers", "counted wakers outstanding", true, func(c *rouse.Counters) uint64 { return c.Wakers }},
	{"Polls", "", false, func(c *rouse.Counters) uint64 { return c.Polls }},
	{"Wakes: submitted", "the task was idle, and went to its scheduler", false, func(c *rouse.Counters) uint64 { return c.WakesSubmitted }},
	{"Wakes: coalesced", "a run was owed already", false, func(c *rouse.Counters) uint64 { return c.WakesCoalesced }},
	{"Wakes: while running", "", false, func(c *rouse.Counters) uint64 { return c.WakesWhileRunning }},
	{"Wakes: after the end", "", false, func(c *rouse.Counters) uint64 { return c.WakesAfterComplete }},
	{"Clones", "of wakers", false, func(c *rouse.Counters) uint64 { return c.Clones }},
	{"Drops", "of wakers", false, func(c *rouse.Counters) uint64 { return c.Drops }},
	{"Orphans", "pending, and no waker was left", false, func(c *rouse.Counters) uint64 { return c.Orphaned }},
	{"Completed", "by a ready poll", false, func(c *rouse.Counters) uint64 { return c.Completed }},
	{"Released", "", false, func(c *rouse.Counters) uint64 { return c.Released }},
	{"Cancelled", "", false, func(c *rouse.Counters) (n uint64) {
		for _, k := range c.Cancelled {
			n += k
		}
		return n
	}},
}
