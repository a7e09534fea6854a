package resp

// takeMail moves the mailbox to the output, unless the client is behind with
// that: then it stays, and a message too many ends the connection.
func (c *conn) takeMail() {
	l := c.loop
	if c.sub == nil {
		return
	}
	room := c.pending() < l.lim.OutSoft
	c.flags &^= mailed
	if !room {
		c.flags |= mailed
	}
	out, over, shrunk := c.sub.take(l.out, room)
	l.out = out
	l.srv.hold(-shrunk)
	if over {
		c.cutOff()
	}
}

// resume answers a blocked pop whose wait is over. One whose client is gone
// stays, for end to give back what it was served.
func (c *conn) resume() {
	l := c.loop
	if c.pop == nil || c.ready&hangup != 0 || !c.pop.popDue(l.now) {
		return
	}
	b, served := c.unblock()
	if !served {
		c.nullArray()
		return
	}
	c.array(2)
	c.bulk(b.key)
	c.bulk(b.val)
}

// unsubscribeAll closes the mailbox; what is left in it is lost.
func (c *conn) unsubscribeAll() {
	s := c.sub
	c.sub = nil
	c.flags &^= mailed
	for ch := range s.channels.m {
		c.loop.srv.hub.unsubscribe(s, ch)
	}
	c.loop.srv.hold(-s.close())
	s.waker.Drop()
	c.toldSubs()
}
