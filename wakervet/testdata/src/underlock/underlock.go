package underlock

import (
	"sync"

	"github.com/rouse-go/rouse"
)

type sched struct {
	mu    sync.Mutex
	other sync.Mutex
	q     rouse.LocalQueue
	ws    []rouse.Waker
	done  bool
}

func (s *sched) Schedule(n rouse.Notified, _ rouse.Reason) {
	s.push(n)
}

func (s *sched) Yield(n rouse.Notified) { s.push(n) }

func (s *sched) push(n rouse.Notified) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.q.Push(n)
}

func (s *sched) wakeAll() {
	s.mu.Lock()
	for i := range s.ws {
		s.ws[i].Wake() // want `Wake may call Schedule, which locks mu, held here: call it after the lock is released`
	}
	s.mu.Unlock()
}

func (s *sched) dropAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, ok := s.q.Pop(); ok; n, ok = s.q.Pop() {
		n.Drop() // want `Drop may call Schedule, which locks mu, held here`
	}
}

func (s *sched) abort(j *rouse.JoinHandle[int], c *rouse.WakerCell, h *rouse.Header) {
	s.mu.Lock()
	if s.done {
		j.Abort() // want `Abort may call Schedule, which locks mu`
	}
	c.Wake() // want `Wake may call Schedule, which locks mu`
	h.Wake() // want `Wake may call Schedule, which locks mu`
	s.mu.Unlock()
	j.Abort()
}

func (s *sched) helped(c *rouse.WakerCell) {
	s.mu.Lock()
	defer s.mu.Unlock()
	wake(c) // want `wake wakes, which may call Schedule, which locks mu, held here`
}

func wake(c *rouse.WakerCell) { c.Wake() }

// The rest is silent.

func (s *sched) collect() {
	s.mu.Lock()
	ws := s.ws
	s.ws = nil
	s.mu.Unlock()
	for i := range ws {
		ws[i].Wake()
	}
}

func (s *sched) underAnother() {
	s.other.Lock()
	defer s.other.Unlock()
	s.ws[0].Wake()
}

func (s *sched) unlocks() {
	s.mu.Lock()
	if s.done {
		s.mu.Unlock()
		s.ws[0].Wake()
		return
	}
	s.unlockAndWake()
}

func (s *sched) unlockAndWake() {
	w := s.ws[0].Move()
	s.mu.Unlock()
	w.Wake()
}

func (s *sched) elsewhere() {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.ws[0].Move()
	go w.Wake()
	go func() { s.ws[0].Wake() }()
}

// A lock that no scheduler takes.
type table struct {
	mu sync.Mutex
	ws []rouse.Waker
}

func (t *table) wakeAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.ws {
		t.ws[i].Wake()
	}
}
