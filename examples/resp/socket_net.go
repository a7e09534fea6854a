package resp

import (
	"io"
	"net"
	"sync"
	"time"
)

// A netSocket makes a blocking connection look like a non-blocking socket.
type netSocket struct {
	r    *netReactor // from add on
	conn *net.TCPConn
	task *conn // the loop's, from add to remove: by the time it sees an event, there may be none

	mu      sync.Mutex
	room    sync.Cond // there is room in ahead, or the connection is closed
	ahead   []byte    // read, not taken
	rerr    error     // follows ahead
	writing []byte    // being written; nil: nothing is
	werr    error
	ending  bool // no more writes: half-close after the one under way
	closed  bool // close after the one under way
}

// The end of a connection is behind its last byte: to see it, the reader has to
// go on when nobody takes what it has read. A task that is blocked in a pop
// takes nothing, and must let go when its client leaves. readAhead is the
// bound, as the receive buffer is for a reactor of the system's; an end behind
// more input than that is seen when the pop is over.
const (
	readUnit    = 4 << 10
	readAhead   = 256 << 10
	writeUnit   = 256 << 10   // is taken at a time, as by a send buffer
	lastWriteIn = time.Second // for what is still unsent when a connection closes
)

func newNetSocket(c *net.TCPConn) *netSocket {
	s := &netSocket{conn: c}
	s.room.L = &s.mu
	return s
}

func (s *netSocket) readLoop() {
	defer s.r.running.Done()
	buf := make([]byte, readUnit)
	for {
		n, err := s.conn.Read(buf)
		ev := readable
		if err != nil {
			ev |= hangup
		}
		s.mu.Lock()
		s.ahead, s.rerr = append(s.ahead, buf[:n]...), err
		s.mu.Unlock()
		s.r.post(posting{s, ev})
		if err != nil {
			return
		}
		s.awaitRoom()
	}
}

func (s *netSocket) awaitRoom() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.ahead) >= readAhead && !s.closed {
		s.room.Wait()
	}
}

func (s *netSocket) read(p []byte) (n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ahead) == 0 {
		if s.rerr == nil {
			return 0, errAgain
		}
		return 0, s.rerr
	}
	n = copy(p, s.ahead)
	s.ahead = s.ahead[:copy(s.ahead, s.ahead[n:])]
	if len(s.ahead) == 0 && cap(s.ahead) > readUnit {
		s.ahead = nil // an idle connection keeps no burst
	}
	s.room.Signal()
	return n, nil
}

func (s *netSocket) write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.werr != nil:
		return 0, s.werr
	case s.ending:
		return 0, io.ErrClosedPipe
	case s.writing != nil:
		return 0, errAgain
	}
	s.writing = append([]byte(nil), p[:min(len(p), writeUnit)]...)
	s.r.running.Add(1)
	go s.writeOut(s.writing)
	return len(s.writing), nil
}

func (s *netSocket) writeOut(p []byte) {
	defer s.r.running.Done()
	_, err := s.conn.Write(p)
	s.mu.Lock()
	s.writing, s.werr = nil, err
	if s.ending && !s.closed {
		s.conn.CloseWrite()
	}
	if s.closed {
		s.conn.Close()
	}
	s.mu.Unlock()
	ev := writable
	if err != nil {
		ev |= readable | hangup | broken
	}
	s.r.post(posting{s, ev})
}

func (s *netSocket) sending() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writing != nil
}

func (s *netSocket) finish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending = true; s.writing == nil {
		s.conn.CloseWrite()
	}
}

// close lets a write that is under way end, but not for ever.
func (s *netSocket) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ending, s.closed = true, true
	s.ahead = nil
	s.room.Signal()
	if s.writing == nil {
		s.conn.Close()
		return
	}
	s.conn.SetWriteDeadline(time.Now().Add(lastWriteIn))
	s.conn.CloseRead()
}
