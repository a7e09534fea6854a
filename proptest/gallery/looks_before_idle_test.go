//go:build rouse_explore

package gallery

import "github.com/rouse-go/rouse/proptest/explore"

// The run does look again, at a flag that says that more has come, but before it goes idle: who
// posts between the two finds the status running, as in idle_without_looking_test.go.
type flagged struct {
	status explore.Int32
	more   explore.Bool
	mail   *mail
	spawn  func(func())
}

func (f *flagged) send() {
	f.mail.post()
	f.more.Store(true)
	if f.status.CompareAndSwap(idle, running) {
		f.spawn(f.process)
	}
}

func (f *flagged) process() {
	for {
		f.mail.readAll()
		if !f.more.Swap(false) {
			break
		}
	}
	f.status.Store(idle) // the bug: the look came first
}

var looksBeforeIdle = bug{
	name:   "looks-before-idle",
	within: 15,
	fails:  "1 of 2 messages read",
	faulty: twoMessages(func(x *explore.Exec, m *mail, spawn func(func())) func() {
		f := &flagged{mail: m, spawn: spawn}
		x.Name(f, "mailbox")
		return f.send
	}),
	right: twoMessages(newActor),
}
