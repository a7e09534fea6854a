package resp

import (
	"errors"
	"time"

	"github.com/rouse-go/rouse"
)

// An acceptor is the task that accepts connections and deals them to the
// loops. It runs on the first loop. The reactor wakes it when connections wait;
// when the process is out of descriptors, its timer does, and every connection
// that closes.
type acceptor struct {
	rouse.Header
	loop  *loop
	timer timer
	turn  int // the next connection's loop
}

const (
	acceptRetry    = 50 * time.Millisecond
	acceptsPerTurn = 64
)

func (a *acceptor) poll(cx rouse.Context) bool {
	l, s := a.loop, a.loop.srv
	l.timers.stop(&a.timer)
	s.counters.paused.Store(false)
	for range acceptsPerTurn {
		sock, err := l.reactor.accept()
		switch {
		case err == nil:
			s.welcome(sock, s.loops[a.turn])
			a.turn = (a.turn + 1) % len(s.loops)
		case err == errAgain:
			return false
		case errors.Is(err, errNoFiles):
			// The listener's edge is spent: only the timer and closing
			// connections lead back here.
			s.counters.paused.Store(true)
			s.note(acceptPaused, "err", err)
			l.timers.set(&a.timer, l.now+acceptRetry, cx.Waker())
			return false
		default:
			s.note(acceptFailed, "err", err)
		}
	}
	cx.Waker().WakeByRef()
	return false
}

func (a *acceptor) cancel(rouse.Cause) {
	a.loop.timers.stop(&a.timer)
	a.loop.srv.counters.cancelled.Add(1)
}

func (a *acceptor) schedule(n rouse.Notified, why rouse.Reason) { a.loop.queue.Schedule(n, why) }

func (a *acceptor) release() { a.loop.srv.counters.released.Add(1) }

var acceptorVtable = rouse.NewVtable(rouse.Ops[acceptor]{
	Poll:     (*acceptor).poll,
	Cancel:   (*acceptor).cancel,
	Schedule: (*acceptor).schedule,
	Release:  (*acceptor).release,
})

// welcome makes a connection of sock, on loop l. Its first run, there, has it
// watched.
func (s *Server) welcome(sock socket, l *loop) {
	c := &conn{loop: l, sock: sock, id: s.lastID.Add(1), ready: writable, flags: fresh}
	if s.counters.clients.Add(1) > int64(s.cfg.Limits.MaxClients) {
		c.flags |= crowded
	}
	start(l, connVtable, c, "conn", c.id)
}

// connClosed counts a closed connection. If accepting waits for descriptors,
// there is one now.
func (s *Server) connClosed() {
	s.counters.clients.Add(-1)
	if s.counters.paused.Load() {
		s.acceptor.Wake()
	}
}
