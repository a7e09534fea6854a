// Package m runs a closed mailbox.
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
	b.state.Begin() // MISTAKE: wakerdiscard
	<-b.q
	if b.state.End() {
		go b.run()
	}
}

func (b *Mailbox) Close() {
	if b.state.Close() {
		b.state.Finish()
	}
}
