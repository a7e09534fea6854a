//go:build !rouse_explore

package rouse

import (
	"context"
	"sync"

	"go.uber.org/atomic"
)

// Everything that two goroutines may touch goes through the names in this
// file, and nowhere else: under the build tag rouse_explore its twin replaces
// them by the interleaving explorer's instrumented ones, so that what is
// explored is the shipped code.

// A word is a uint64 changed by atomic operations only.
type word = atomic.Uint64

// A pointer is a *T changed by atomic operations only.
type pointer[T any] = atomic.Pointer[T]

// A mutex guards what its comment says; no user code runs under one.
type mutex = sync.Mutex

// A pool keeps released cells. What it returns may be any of them.
type pool = sync.Pool

// ownerShards is the number of lists that an OwnedTasks is made of.
const ownerShards = 16

// A parking is where one goroutine waits for a wake; one that comes before it
// does is not lost.
type parking struct{ woken chan struct{} }

func (p *parking) init()        { p.woken = make(chan struct{}, 1) }
func (p *parking) waker() Waker { return ChanWaker(p.woken) }

// wait returns why ctx has ended, or nil when it was woken.
func (p *parking) wait(ctx context.Context) error {
	select {
	case <-p.woken:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// released marks the end of a task's life, for the explorer's scenarios.
func released(*Header) {}

// reads and writes mark an access to plain memory whose exclusive owner the
// word decides. They compile to nothing here; the explorer checks with vector
// clocks that the accesses are ordered.
func reads[T any](*T, string)  {}
func writes[T any](*T, string) {}

// readsHeader is reads of what Header.init wrote. It costs the inliner less.
func readsHeader(*Header) {}

// touches marks that the runner or the handle uses a part of a cell. The typed
// methods have no room for it: they must stay small enough to be inlined.
func touches(stage, part) {}
