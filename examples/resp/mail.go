package resp

import "github.com/tidwall/redcon"

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
	var over bool
	if l.out, over = c.sub.take(l.out, room); over {
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
		l.out = append(l.out, "*-1\r\n"...)
		return
	}
	l.out = redcon.AppendArray(l.out, 2)
	l.out = redcon.AppendBulk(l.out, b.key)
	l.out = redcon.AppendBulk(l.out, b.val)
}

// unsubscribeAll closes the mailbox; what is left in it is lost.
func (c *conn) unsubscribeAll() {
	s := c.sub
	c.sub = nil
	c.flags &^= mailed
	for ch := range s.channels.m {
		c.loop.srv.hub.unsubscribe(s, ch)
	}
	c.loop.srv.wakers.drop(&s.waker)
}
