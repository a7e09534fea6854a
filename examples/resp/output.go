package resp

// flush writes the connection's output, in order, until the socket is full.
func (c *conn) flush() {
	l := c.loop
	if c.is(dead) {
		l.resetOut()
		return
	}
	if len(c.out) > 0 && c.ready&writable != 0 {
		c.sent += c.write(c.out[c.sent:])
		if c.sent == len(c.out) {
			l.bufs.put(c.out)
			c.out, c.sent = nil, 0
		}
	}
	if len(l.out) == 0 {
		return
	}
	n := 0
	if len(c.out) == 0 && c.ready&writable != 0 {
		n = c.write(l.out)
	}
	if n < len(l.out) {
		c.save(n)
	}
	l.resetOut()
}

// save keeps the loop's output from n on for the connection. A large one is
// kept as it is.
func (c *conn) save(n int) {
	l := c.loop
	if len(c.out) == 0 && len(l.out)-n > 1<<maxBufBits {
		c.out, c.sent = l.out, n
		l.out = nil
		return
	}
	if c.out == nil {
		c.out = l.bufs.get(len(l.out) - n)
	}
	if c.sent > len(c.out)/2 {
		c.out = c.out[:copy(c.out, c.out[c.sent:])]
		c.sent = 0
	}
	c.out = append(c.out, l.out[n:]...)
}

// write writes p until the socket is full or broken.
func (c *conn) write(p []byte) (n int) {
	for n < len(p) {
		m, err := c.loop.reactor.write(c, p[n:])
		n += m
		switch err {
		case nil:
			if n < len(p) {
				// A short write says that the socket is full; the next event
				// says when it is not.
				c.ready &^= writable
				return n
			}
		case errAgain:
			c.ready &^= writable
			return n
		default:
			c.flags |= dead
			return n
		}
	}
	return n
}
