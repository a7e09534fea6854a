package resp

import (
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// A notice is a kind of event that clients can bring about as often as they
// like. Every event is counted, for INFO; the log gets a line of each kind
// once in noticeEvery at most, with the count.
type notice struct {
	n    atomic.Int64
	line rate.Sometimes
}

const noticeEvery = 10 * time.Second

type noticeKind int

const (
	tooSlow noticeKind = iota
	badProtocol
	crossProtocol
	tooManyClients
	evicted
	acceptPaused
	acceptFailed
	watchFailed
	noticeKinds
)

// noticeTexts names the kinds: in INFO, by Redis's names where it has one, and
// in the log.
var noticeTexts = [noticeKinds]struct{ field, text string }{
	tooSlow:        {"client_output_buffer_limit_disconnections", "a client that does not read is disconnected"},
	badProtocol:    {"protocol_errors", "a client broke the protocol, and is disconnected"},
	crossProtocol:  {"cross_protocol_requests", "possible attack: a client speaks HTTP, and is disconnected"},
	tooManyClients: {"rejected_connections", "a connection is refused: there are too many clients"},
	evicted:        {"evicted_clients", "the clients hold too much memory: the largest are disconnected"},
	acceptPaused:   {"accept_pauses", "accepting is paused"},
	acceptFailed:   {"accept_errors", "cannot accept"},
	watchFailed:    {"watch_errors", "cannot watch a connection"},
}

type notices [noticeKinds]notice

func (ns *notices) init() {
	for i := range ns {
		ns[i].line.Interval = noticeEvery
	}
}

func (ns *notices) count(k noticeKind) int64 { return ns[k].n.Load() }

// note counts an event, and logs it if its kind is due.
func (s *Server) note(k noticeKind, attrs ...any) { s.noteOf(k, nil, attrs) }

// note counts an event that the client brought about.
func (c *conn) note(k noticeKind, attrs ...any) { c.loop.srv.noteOf(k, c, attrs) }

func (s *Server) noteOf(k noticeKind, c *conn, attrs []any) {
	n := &s.notices[k]
	total := n.n.Add(1)
	n.line.Do(func() {
		if c != nil {
			addr, _ := c.loop.reactor.addrs(c)
			attrs = append(attrs, "client", c.id, "addr", addr)
		}
		s.log.Warn(noticeTexts[k].text, append(attrs, "total", total)...)
	})
}
