// Package m wakes under the lock that Schedule takes.
package m

import (
	"sync"

	"github.com/rouse-go/rouse"
)

type S struct {
	mu sync.Mutex
	q  rouse.LocalQueue
	ws []rouse.Waker
}

func (s *S) Schedule(n rouse.Notified, _ rouse.Reason) { s.mu.Lock(); s.q.Push(n); s.mu.Unlock() }
func (s *S) Yield(n rouse.Notified)                    { s.Schedule(n, 0) }

func (s *S) fire() {
	s.mu.Lock()
	for i := range s.ws {
		s.ws[i].Wake() // MISTAKE: wakelocked
	}
	s.mu.Unlock()
}
