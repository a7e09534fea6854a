// Package m recovers without giving up the run.
package m

import (
	"github.com/rouse-go/rouse"
)

type Mailbox struct {
	state rouse.State
	q     chan int
	done  chan int
}

func (b *Mailbox) run(handle func(int)) {
	defer func() {
		if p := recover(); p != nil { // MISTAKE: staterun
			b.done <- 0
		}
	}()
	for b.state.Begin() {
		handle(<-b.q)
		if !b.state.End() {
			return
		}
	}
	b.state.Finish()
}
