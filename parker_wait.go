//go:build !rouse_explore

package rouse

import (
	"context"
	"time"
)

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
