// Package m finishes twice.
package m

import (
	"github.com/rouse-go/rouse"
)

type Mailbox struct {
	state rouse.State
	q     chan int
	done  chan int
}

func (b *Mailbox) Close() {
	if b.state.Close() {
		b.state.Finish()
		close(b.done)
		b.state.Finish() // MISTAKE: staterun
	}
}
