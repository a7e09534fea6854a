//go:build !rouse_explore

package rouse

import (
	"context"
	"sync"
	"time"
	"unsafe"

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

// casNil is p.CompareAndSwap(nil, nil). No pointer changes, so it needs no write
// barrier, and is one instruction instead of a call.
func casNil[T any](p *pointer[T]) bool {
	// Safe: both types are one word, that only atomic operations use.
	return (*atomic.Uintptr)(unsafe.Pointer(p)).CompareAndSwap(0, 0)
}

// A mutex guards what its comment says. No user code runs while one is held.
type mutex = sync.Mutex

// A pool keeps what the garbage collector may have.
type pool = sync.Pool

// ownerShards is the number of lists that an OwnedTasks is made of.
const ownerShards = 16

// Sizes that the explorer's scenarios need smaller: they come to the end of them.
const (
	// wakeBatchSize is how many tasks are woken for one lock.
	wakeBatchSize = 16

	// poolKeeps is how many released cells a spawner keeps from the collector.
	poolKeeps = 64

	// stealRing is how many Notifieds a StealQueue has room for.
	stealRing = 256
)

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

// A bed is where the goroutine of a Parker sleeps until it receives the one
// token that it is owed. Under the build tag rouse_explore it has a twin.
type bed struct {
	woken chan struct{}
	timer *time.Timer
}

// ready is called by the goroutine that sleeps, before others know of it.
func (b *bed) ready() {
	if b.woken == nil {
		b.woken = make(chan struct{}, 1)
	}
}

// wake does not block: there is room for the one token.
func (b *bed) wake() { b.woken <- struct{}{} }

func (b *bed) sleep() { <-b.woken }

// sleepFor reports whether the token came before the time was over.
func (b *bed) sleepFor(d time.Duration) (woken bool) {
	if b.timer == nil {
		b.timer = time.NewTimer(d)
	} else {
		b.timer.Reset(d)
	}
	select {
	case <-b.woken:
		b.timer.Stop()
		return true
	case <-b.timer.C:
		return false
	}
}

// sleepUntil reports whether the token came before ctx ended.
func (b *bed) sleepUntil(ctx context.Context) (woken bool) {
	select {
	case <-b.woken:
		return true
	case <-ctx.Done():
		return false
	}
}
