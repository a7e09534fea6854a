// Package m returns with the run.
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
		if len(b.q) == 0 {
			return
		}
		<-b.q
		if !b.state.End() {
			return
		}
	}
	b.state.Finish()
}
