package resp

import "io"

// execute runs the commands in data and returns what is left of it.
func (c *conn) execute(data []byte) []byte {
	l := c.loop
	n := int64(0)
	for len(data) > 0 {
		if !c.open() {
			c.flags |= held
			break
		}
		f, complete, err := l.lim.next(data, l.args, &c.scan)
		if err != nil {
			l.out = protocolError(l.out, err)
			c.note(badProtocol, "err", err)
			c.flags |= closing | refused
			data = nil
			break
		}
		if !complete {
			break
		}
		l.args = f.args[:0]
		data = f.rest
		if len(f.args) > 0 {
			n++
			c.command(f.args)
		}
		if c.full() {
			c.cutOff()
		}
	}
	l.executed(n)
	return data
}

// read takes what the socket has, once. Input goes through the loop's buffer:
// the connection keeps only the start of a command whose end has not come. A
// long command grows in a buffer of its own.
func (c *conn) read() {
	l := c.loop
	if own := len(c.in) > len(l.buf)/2; own {
		c.in = l.bufs.grow(c.in, c.scan.at)
		c.in = c.in[:len(c.in)+c.receive(c.in[len(c.in):cap(c.in)])]
		if len(c.in) >= c.scan.at {
			in := c.in
			c.keep(in, c.execute(in))
		}
		return
	}
	data := append(l.buf[:0], c.in...)
	c.keep(c.in, nil)
	data = data[:len(data)+c.receive(data[len(data):cap(data)])]
	if len(data) >= c.scan.at {
		data = c.execute(data)
	}
	if len(data) > 0 {
		c.in = append(l.bufs.get(len(data)), data...)
	}
}

// keep makes rest, the end of buf, the connection's input; buf is its own.
func (c *conn) keep(buf, rest []byte) {
	l := c.loop
	switch {
	case len(rest) == len(buf):
	case len(rest) == 0:
		if cap(buf) > 1<<maxBufBits {
			clear(l.args[:cap(l.args)]) // they point into buf
		}
		l.bufs.put(buf)
		c.in = nil
	case cap(buf) > 1<<maxBufBits && len(rest) < cap(buf)/4:
		clear(l.args[:cap(l.args)]) // they point into buf
		c.in = append(l.bufs.get(len(rest)), rest...)
	default:
		c.in = buf[:copy(buf, rest)]
	}
}

// receive reads once. A short read has emptied the socket: the next event
// tells of more. Only the end, once announced, is to be read for itself.
func (c *conn) receive(space []byte) int {
	n, err := c.loop.reactor.read(c, space)
	switch err {
	case nil:
		if n < len(space) && c.ready&hangup == 0 {
			c.ready &^= readable
		}
	case errAgain:
		c.ready &^= readable
	case io.EOF:
		c.ready &^= readable
		c.flags |= ended
	default:
		c.flags |= dead
	}
	return n
}
