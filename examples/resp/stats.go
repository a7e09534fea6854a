package resp

import "sync/atomic"

// counters are the server's own.
type counters struct {
	spawned, completed, cancelled, released atomic.Int64

	clients atomic.Int64
	blocked atomic.Int64
	memory  atomic.Int64 // bytes that they hold
	paused  atomic.Bool  // accepting, for want of descriptors
}

// Stats is what the server has done, and what it holds.
type Stats struct {
	// Tasks that were made, came to their end, were ended by a shutdown, and
	// were released: every connection, the acceptor and the sweeper.
	Spawned, Completed, Cancelled, Released int64

	Wakers   int64 // of tasks that have not ended: held by blocked pops, subscriptions and timers
	Clients  int64 // connections
	Memory   int64 // bytes that they hold, as Limits.MaxMemory counts them
	Blocked  int64 // the ones that wait in a BLPOP or BRPOP
	Channels int64 // with subscribers
	Commands int64 // executed

	// Events that are logged now and then, and counted always.
	TooSlow        int64 // clients that were disconnected since they did not read
	ProtocolErrors int64 // clients that were disconnected for one
	CrossProtocol  int64 // clients that were disconnected since they spoke HTTP
	Evicted        int64 // clients that were disconnected since all held too much
	Rejected       int64 // connections beyond Limits.MaxClients
	Pauses         int64 // of accepting, for want of file descriptors
}

// Balanced reports whether nothing is left: after Serve has returned, it is. A
// task that was released has no waker left.
func (s Stats) Balanced() bool {
	return s.Spawned == s.Completed+s.Cancelled && s.Released == s.Spawned &&
		s.Wakers == 0 && s.Clients == 0 && s.Blocked == 0 && s.Channels == 0 && s.Memory == 0
}

// Stats returns the counters. While the server runs, they are not of one instant.
func (s *Server) Stats() Stats {
	c := &s.counters
	st := Stats{
		Spawned:   c.spawned.Load(),
		Completed: c.completed.Load(),
		Cancelled: c.cancelled.Load(),
		Released:  c.released.Load(),
		Clients:   c.clients.Load(),
		Memory:    c.memory.Load(),
		Commands:  s.commandCount(),
		Blocked:   c.blocked.Load(),
		Channels:  int64(s.hub.count()),

		TooSlow:        s.notices.count(tooSlow),
		ProtocolErrors: s.notices.count(badProtocol),
		CrossProtocol:  s.notices.count(crossProtocol),
		Evicted:        s.notices.count(evicted),
		Rejected:       s.notices.count(tooManyClients),
		Pauses:         s.notices.count(acceptPaused),
	}
	for _, l := range s.loops {
		st.Wakers += int64(l.owned.Counters().Wakers)
	}
	return st
}

func (s *Server) commandCount() (n int64) {
	for _, l := range s.loops {
		n += l.commands.Load()
	}
	return n
}
