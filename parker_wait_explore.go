//go:build rouse_explore

package rouse

import (
	"context"
	"time"

	"github.com/rouse-go/rouse/proptest/explore"
)

// The twin of parker_wait.go for the interleaving explorer.

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
