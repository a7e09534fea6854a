// Package m forgets a task when it is closed.
package m

import (
	"github.com/rouse-go/rouse"
)

type S struct {
	closed bool
	q      rouse.RunQueue
}

func (s *S) Schedule(n rouse.Notified, _ rouse.Reason) { // MISTAKE: notifiedlost
	if s.closed {
		return
	}
	s.q.Push(n)
}

func (s *S) Yield(n rouse.Notified) { s.q.Push(n) }
