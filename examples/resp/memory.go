package resp

import (
	"cmp"
	"slices"
)

// What the clients hold is counted, so that all of them together are bounded:
// the input that is no complete command yet, unsent output, mailboxes,
// subscriptions and blocked pops. What the system holds for a socket is not,
// nor, with the portable reactor, what is between the socket and the server.

// gone is what a connection holds when it no longer counts.
const gone = -1

// holds returns how many bytes are counted for the client.
func (c *conn) holds() int64 {
	n := max(0, c.mem.Load())
	if sub := c.known().sub; sub != nil {
		n += sub.held()
	}
	return n
}

// account counts what the connection itself holds at the end of a turn.
func (c *conn) account() {
	n := int64(cap(c.in) + cap(c.out))
	if c.pop != nil {
		n += int64(c.pop.size)
	}
	if c.sub != nil {
		n += int64(c.sub.size)
	}
	if was := c.mem.Load(); was != n && was != gone && c.mem.CompareAndSwap(was, n) {
		c.loop.srv.hold(n - was)
	}
}

// unaccount ends the count for the connection.
func (c *conn) unaccount() {
	if was := c.mem.Swap(gone); was != gone {
		c.loop.srv.hold(-was)
	}
}

// hold counts n more bytes. If they are too many, the largest clients go.
func (s *Server) hold(n int64) {
	if s.counters.memory.Add(n) > int64(s.cfg.Limits.MaxMemory) && n > 0 {
		s.evict()
	}
}

// evict disconnects the clients that hold the most, until an eighth of the
// bound is free: so it is not called again soon. A mailbox is emptied at once,
// the rest follows when the client's loop has ended the task.
func (s *Server) evict() {
	s.evicting.Lock()
	defer s.evicting.Unlock()
	most := int64(s.cfg.Limits.MaxMemory)
	if s.counters.memory.Load() <= most {
		return // another call was first
	}
	type holder struct {
		c *conn
		n int64
	}
	var holders []holder
	s.clients(func(c *conn) {
		if n := c.holds(); n > 0 {
			holders = append(holders, holder{c, n})
		}
	})
	slices.SortFunc(holders, func(a, b holder) int { return cmp.Compare(b.n, a.n) })
	for _, h := range holders {
		if s.counters.memory.Load() <= most-most/8 {
			return
		}
		s.note(evicted, "client", h.c.id, "bytes", h.n)
		h.c.unaccount()
		if sub := h.c.known().sub; sub != nil {
			s.hold(-sub.close())
		}
		h.c.Abort()
	}
}
