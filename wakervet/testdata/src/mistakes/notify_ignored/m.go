// Package m drops the run that Notify gave to it.
package m

import (
	"github.com/rouse-go/rouse"
)

type Mailbox struct {
	state rouse.State
	q     chan int
	done  chan int
}

func (b *Mailbox) Send(v int) {
	b.q <- v
	b.state.Notify() // MISTAKE: wakerdiscard
}

func (b *Mailbox) run() {
	for b.state.Begin() {
		<-b.q
		if !b.state.End() {
			return
		}
	}
}
