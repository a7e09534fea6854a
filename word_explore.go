//go:build rouse_explore

package rouse

import (
	"context"
	"reflect"
	"time"

	"github.com/rouse-go/rouse/proptest/explore"
)

// The twin of word.go for the interleaving explorer: each operation on one of
// these is a step that it schedules.

type word = explore.Uint64

type pointer[T any] = explore.Pointer[T]

func casNil[T any](p *pointer[T]) bool { return p.CompareAndSwap(nil, nil) }

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

const (
	wakeBatchSize = 2
	poolKeeps     = 2
	stealRing     = 4
)

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

type bed struct{ woken explore.Uint64 }

func (b *bed) ready() {}

func (b *bed) wake() {
	if b.woken.Swap(1) != 0 {
		panic("rouse: Parker: two tokens, and the channel has room for one")
	}
}

func (b *bed) sleep() { b.await("a token", func() bool { return false }) }

// sleepFor looks once: its time may be over at any moment.
func (b *bed) sleepFor(d time.Duration) (woken bool) {
	over := time.Now().Add(d)
	return b.await("a token, or the time", func() bool { return explore.Current() != nil || time.Now().After(over) })
}

func (b *bed) sleepUntil(ctx context.Context) (woken bool) {
	return b.await("a token, or the end of the context", func() bool { return ctx.Err() != nil })
}

// await takes the token, and reports true; or false once it should give up.
func (b *bed) await(what string, over func() bool) bool {
	if x := explore.Current(); x != nil {
		x.Await(what, func() bool { return b.woken.Load() != 0 || over() })
		return b.woken.CompareAndSwap(1, 0)
	}
	for !b.woken.CompareAndSwap(1, 0) {
		if over() {
			return false
		}
		explore.Pause()
	}
	return true
}
