//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// mail is what the mailboxes share: a queue, as far as it matters how many messages are in it.
type mail struct {
	queued explore.Int32
	read   explore.Ghost[int]
}

func (m *mail) post() { m.queued.Add(1) }

func (m *mail) readAll() { m.read.Set(m.read.Get() + int(m.queued.Swap(0))) }

const (
	idle = iota
	running
	stopped
)

// twoMessages sends two messages at once to the mailbox that build makes, and wants both read.
func twoMessages(build func(x *explore.Exec, m *mail, spawn func(func())) (send func())) func(*explore.Exec) {
	return func(x *explore.Exec) {
		m := new(mail)
		x.Name(m, "mail")
		send := build(x, m, goroutines(x, "run"))
		x.Go("sender A", send)
		x.Go("sender B", send)
		x.Final(func() { x.Assert(m.read.Get() == 2, "%d of 2 messages read", m.read.Get()) })
	}
}

// An actor is rouse's mailbox. Going idle and looking again are one operation, End.
type actor struct {
	state rouse.State
	mail  *mail
	spawn func(func())
}

func (a *actor) send() {
	a.mail.post()
	if a.state.Notify() {
		a.spawn(a.run)
	}
}

func (a *actor) run() {
	for a.state.Begin() {
		a.mail.readAll()
		if !a.state.End() {
			return
		}
	}
	a.end()
}

// end is the run of an actor that was closed.
func (a *actor) end() {
	a.mail.readAll()
	for !a.state.Finish() { // sent since the last look
		a.mail.readAll()
	}
}

func newActor(x *explore.Exec, m *mail, spawn func(func())) (send func()) {
	a := &actor{mail: m, spawn: spawn}
	x.Name(a, "actor")
	return a.send
}
