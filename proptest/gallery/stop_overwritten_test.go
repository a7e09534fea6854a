//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A run ends by making the mailbox idle, also one that was stopped meanwhile: it goes on.
type stoppable struct {
	status explore.Int32
	mail   *mail
	spawn  func(func())
}

func (s *stoppable) send() {
	s.mail.post()
	if s.status.CompareAndSwap(idle, running) {
		s.spawn(s.process)
	}
}

func (s *stoppable) process() {
	s.mail.readAll()
	s.status.Store(idle) // the bug: it may be stopped, and that is final
}

func (s *stoppable) stop() { s.status.Store(stopped) }

var stopOverwritten = bug{
	name:   "stop-overwritten",
	within: 2,
	fails:  "status 0 after stop",
	faulty: func(x *explore.Exec) {
		s := &stoppable{mail: new(mail), spawn: goroutines(x, "run")}
		x.Name(s.mail, "mail")
		x.Name(s, "mailbox")
		x.Go("sender", s.send)
		x.Go("stopper", s.stop)
		x.Final(func() {
			status := s.status.Load()
			x.Assert(status == stopped, "status %d after stop", status)
		})
	},
	right: func(x *explore.Exec) {
		rouse.Restart()
		a := &actor{mail: new(mail), spawn: goroutines(x, "run")}
		x.Name(a, "actor")
		x.Go("sender", func() {
			a.send()
			a.send()
		})
		x.Go("stopper", func() {
			if a.state.Close() {
				a.end()
			}
		})
		x.Final(func() { x.Assert(a.state.Load().Complete(), "state %v after Close", a.state.Load()) })
	},
}
