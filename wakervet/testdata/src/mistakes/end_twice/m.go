// Package m gives up the run of somebody else.
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
	defer b.state.Finish()
	if !b.state.Begin() {
		return
	}
	<-b.q
	if b.state.End() { // MISTAKE: staterun
		go b.run()
	}
}
