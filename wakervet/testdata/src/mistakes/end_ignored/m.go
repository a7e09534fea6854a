// Package m loses what came during the run.
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
	if !b.state.Begin() {
		b.state.Finish()
		return
	}
	<-b.q
	b.state.End() // MISTAKE: wakerdiscard
}
