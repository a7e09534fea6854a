//go:build !rouse_explore

package executor

import (
	"sync"
	"sync/atomic"
)

// What several goroutines share are these types and those of package rouse. The
// file word_explore.go replaces them under the build tag rouse_explore, so that
// the tests can run this package through all interleavings of its operations.
type (
	word  = atomic.Uint64
	mutex = sync.Mutex // guards the fields below it
)

// at says that a worker is at a place in its loop, and remembers nothing of what it
// saw before; writes, that plain memory is used, which one side has to itself.
func at(place string)          {}
func writes[T any](*T, string) {}
