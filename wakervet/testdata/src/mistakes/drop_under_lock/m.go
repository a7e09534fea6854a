// Package m refuses tasks under the lock that Schedule takes.
package m

import (
	"sync"

	"github.com/rouse-go/rouse"
)

type S struct {
	mu sync.Mutex
	q  rouse.LocalQueue
}

func (s *S) Schedule(n rouse.Notified, _ rouse.Reason) { s.mu.Lock(); s.q.Push(n); s.mu.Unlock() }
func (s *S) Yield(n rouse.Notified)                    { s.Schedule(n, 0) }

func (s *S) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, ok := s.q.Pop(); ok; n, ok = s.q.Pop() {
		n.Drop() // MISTAKE: wakelocked
	}
}
