// Package m waits for a run that it holds itself.
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
	b.state.Close() // MISTAKE: wakerdiscard
	<-b.done
}
