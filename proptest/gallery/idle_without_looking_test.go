//go:build rouse_explore

package gallery

import "github.com/rouse-go/rouse/proptest/explore"

// A run reads all there is, then goes idle. A message that comes between the two is posted by a
// sender who saw the status running, and so left it to the run.
type inbox struct {
	status explore.Int32
	mail   *mail
	spawn  func(func())
}

func (in *inbox) send() {
	in.mail.post()
	if in.status.CompareAndSwap(idle, running) {
		in.spawn(in.process)
	}
}

func (in *inbox) process() {
	in.mail.readAll()
	in.status.CompareAndSwap(running, idle) // the bug: it does not look again
}

var idleWithoutLooking = bug{
	name:   "idle-without-looking",
	within: 10,
	fails:  "1 of 2 messages read",
	faulty: twoMessages(func(x *explore.Exec, m *mail, spawn func(func())) func() {
		in := &inbox{mail: m, spawn: spawn}
		x.Name(in, "inbox")
		return in.send
	}),
	right: twoMessages(newActor),
}
