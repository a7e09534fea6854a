//go:build !rouse_explore

package executor

import (
	"sync"
	"sync/atomic"
)

// What several goroutines share are these types and those of package rouse. The
// file word_explore.go replaces them under the build tag rouse_explore, so that
// the tests can run this package through all interleavings of its operations.

// A word is a number that is used by atomic operations only.
type word = atomic.Uint64

// A mutex guards the fields below it.
type mutex = sync.Mutex

// searchRounds is how often a worker looks everywhere before it sleeps.
const searchRounds = 4

// at tells the explorer that a worker is at a place in its loop, and remembers
// nothing of what it saw before.
func at(place string) {}

// start starts the goroutine of a worker.
func start(work func()) { go work() }

// reads and writes tell the explorer of accesses to plain memory.
func reads[T any](*T, string)  {}
func writes[T any](*T, string) {}
