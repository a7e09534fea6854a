//go:build !rouse_explore

package rouse

import (
	"context"
	"sync"

	"go.uber.org/atomic"
)

// All that several goroutines use at once goes through the types of this file.
// Under the build tag rouse_explore, word_explore.go replaces them by those of the
// interleaving explorer, so what is explored is the shipped code.
//
// A copy of the package that shall need no other module may use sync/atomic here:
//
//	type word struct{ atomic.Uint64 }
//
//	func (w *word) Sub(d uint64) uint64 { return w.Add(-d) }

// A word is a uint64 that is used by atomic operations only.
type word = atomic.Uint64

// A pointer is a *T that is used by atomic operations only.
type pointer[T any] = atomic.Pointer[T]

// A mutex guards what its comment says. No user code runs while one is held.
type mutex = sync.Mutex

// A pool keeps released cells, and returns any of them.
type pool = sync.Pool

// ownerShards is the number of lists that an OwnedTasks is made of.
const ownerShards = 16

// A parking is where one goroutine waits for a wake. A wake that comes before the
// goroutine waits is not lost.
type parking struct{ woken chan struct{} }

func (p *parking) init()        { p.woken = make(chan struct{}, 1) }
func (p *parking) waker() Waker { return ChanWaker(p.woken) }

// wait returns nil after a wake, or the cause if ctx ends first.
func (p *parking) wait(ctx context.Context) error {
	select {
	case <-p.woken:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// released tells the explorer that a task was released.
func released(*Header) {}

// reads and writes announce an access to plain memory, whose owner the word
// decides. They compile to nothing here. The explorer checks by vector clocks that
// the accesses are ordered.
func reads[T any](*T, string)  {}
func writes[T any](*T, string) {}

// readsHeader announces a read of the fields that Header.init wrote. It is not
// generic, so it costs the inliner less.
func readsHeader(*Header) {}

// touches announces that the runner or the handle uses a part of a cell. The typed
// methods cannot do it themselves: they must stay small enough to be inlined.
func touches(stage, part) {}
