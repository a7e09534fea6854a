// Package m never finishes a closed mailbox.
package m

import (
	"github.com/rouse-go/rouse"
)

type Mailbox struct {
	state rouse.State
	q     chan int
	done  chan int
}

func (b *Mailbox) run() {
	for b.state.Begin() { // MISTAKE: staterun
		<-b.q
		if !b.state.End() {
			return
		}
	}
	close(b.done)
}

func (b *Mailbox) Close() {
	if b.state.Close() {
		b.state.Finish()
	}
}
