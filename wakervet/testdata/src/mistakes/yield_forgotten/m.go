// Package m yields to nobody.
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
	for b.state.Begin() {
		for i := 0; len(b.q) > 0; i++ {
			if i == 10 {
				b.state.Yield() // MISTAKE: staterun
				return
			}
			<-b.q
		}
		if !b.state.End() {
			return
		}
	}
	b.state.Finish()
}
