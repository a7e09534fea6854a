package migrating_test

import (
	"sync"

	"github.com/rouse-go/rouse"
)

// A GoSession has a goroutine, that is a stack, for as long as it lives.
type GoSession struct {
	in   chan string
	quit chan struct{}
	said []string
}

func (s *GoSession) run() {
	for {
		select {
		case line := <-s.in:
			s.said = append(s.said, line)
		case <-s.quit:
			return
		}
	}
}

// A Session is a task: it has a place in a queue while there is something to do.
type Session struct {
	rouse.Header
	queue *rouse.RunQueue
	mu    sync.Mutex
	in    []string
	said  []string
	ended chan rouse.Cause
}

var sessions = rouse.NewVtable(rouse.Ops[Session]{
	Poll:     (*Session).poll,
	Cancel:   func(s *Session, why rouse.Cause) { s.ended <- why },
	Schedule: func(s *Session, n rouse.Notified, why rouse.Reason) { s.queue.Schedule(n, why) },
})

func (s *Session) Say(line string) {
	s.mu.Lock()
	s.in = append(s.in, line)
	s.mu.Unlock()
	s.Wake()
}

func (s *Session) poll(rouse.Context) (ended bool) {
	s.mu.Lock()
	lines := s.in
	s.in = nil
	s.mu.Unlock()
	s.said = append(s.said, lines...)
	return false
}

// Quit ends the session: at once if it is idle, else at its next run.
func (s *Session) Quit() { s.Close() }
