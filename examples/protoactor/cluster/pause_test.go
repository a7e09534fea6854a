//go:build unix

package main

import "testing"

// A member is taken for dead, and is not: each of its actors is there twice, and the
// older one accepts nothing.
func TestPause(t *testing.T) { lose(t, plan{members: 3, actors: 12, messages: 11, pause: true}) }
