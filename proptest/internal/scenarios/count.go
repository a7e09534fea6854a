//go:build rouse_explore

package scenarios

import "github.com/rouse-go/rouse/proptest/explore"

// A count is part of the state, and of what a thread does not look at: only checks do.
type count struct {
	v int
	g explore.Ghost[int]
}

func (c *count) add(n int) int {
	c.v += n
	c.g.Set(c.v)
	return c.v
}
