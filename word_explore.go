//go:build rouse_explore

package rouse

import (
	"context"
	"reflect"

	"github.com/rouse-go/rouse/proptest/explore"
)

// The twin of word.go for the interleaving explorer: each operation on one of
// these is a step that it schedules.

type word = explore.Uint64

type pointer[T any] = explore.Pointer[T]

type mutex = explore.Mutex

// A pool holds one value, so that what Get returns depends on the schedule alone.
type pool struct{ kept explore.Pointer[any] }

func (p *pool) Put(v any) { p.kept.Store(&v) }

func (p *pool) Get() any {
	if v := p.kept.Swap(nil); v != nil {
		return *v
	}
	return nil
}

// A parking's goroutine looks again whenever something was written, at ctx too.
type parking struct{ woken explore.Uint64 }

func (p *parking) init()        {}
func (p *parking) waker() Waker { return FuncWaker(func() { p.woken.CompareAndSwap(0, 1) }) }

func (p *parking) wait(ctx context.Context) error {
	for p.woken.Swap(0) == 0 {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		explore.Pause()
	}
	return nil
}

// One list, so that a scenario that shuts a list down is no longer than it must
// be, and does not depend on where its tasks lie.
const ownerShards = 1

// Released, if it is not nil, is called at the end of each task's life, before
// its memory may be recycled.
var Released func(RawTask)

// released is a write of all that a task is: whatever else was done with it has
// to be ordered before.
func released(h *Header) {
	writes(&h.vtable, "header")
	writes(&h.next, "link")
	if h.vtable.isCell {
		c := cellOf(h)
		writes(&c.stage, "stage")
		writes(&c.joiner, "join waker")
		touches(c.stage, theFuture|theOutput)
		writes(&c.err, "error")
	}
	if Released != nil {
		Released(RawTask{h})
	}
}

// Emptied reports whether a task of level 2 that has ended holds neither its
// future nor its output any more. Of one without output it cannot tell.
func Emptied(t RawTask) bool {
	s, known := cellOf(t.h).stage.(interface{ empty() bool })
	return !known || s.empty()
}

// touches marks that the runner or the handle uses a part of a cell.
func touches(s stage, p part) { s.(interface{ touch(part) }).touch(p) }

func (c *taskCell[T, F]) touch(p part) {
	if p&theFuture != 0 {
		writes(&c.fut, "future")
	}
	if p&theOutput != 0 {
		writes(&c.out, "output")
	}
}

func (c *taskCell[T, F]) empty() bool {
	return reflect.ValueOf(&c.fut).Elem().IsZero() && reflect.ValueOf(&c.out).Elem().IsZero()
}

// Restart gives the variables of this package the values that they have when a
// program starts. Each execution of a scenario begins with it.
func Restart() {
	Released = nil
	lastID = word{}
}

func reads[T any](p *T, what string)  { explore.Reads(p, what) }
func writes[T any](p *T, what string) { explore.Writes(p, what) }
func readsHeader(h *Header)           { reads(&h.vtable, "header") }
