package resp

import (
	"strconv"

	"github.com/tidwall/redcon"
)

// The replies. Each is written to the loop's output. What RESP3 has and RESP2
// has not is written in RESP2 as the array or the string that it was there.

func (c *conn) ok()             { c.status("OK") }
func (c *conn) status(s string) { c.loop.out = redcon.AppendString(c.loop.out, s) }
func (c *conn) int(n int64)     { c.loop.out = redcon.AppendInt(c.loop.out, n) }
func (c *conn) bulk(b []byte)   { c.loop.out = redcon.AppendBulk(c.loop.out, b) }
func (c *conn) text(s string)   { c.loop.out = redcon.AppendBulkString(c.loop.out, s) }
func (c *conn) array(n int)     { c.head('*', n) }
func (c *conn) fail(m string)   { c.loop.out = redcon.AppendError(c.loop.out, m) }

func (c *conn) head(kind byte, n int) {
	b := append(c.loop.out, kind)
	b = strconv.AppendInt(b, int64(n), 10)
	c.loop.out = append(b, "\r\n"...)
}

// dict is the head of n pairs.
func (c *conn) dict(n int) {
	if c.is(resp3) {
		c.head('%', n)
		return
	}
	c.array(2 * n)
}

// set is the head of n different values.
func (c *conn) set(n int) { c.array3('~', n) }

// push is the head of what was not asked for.
func (c *conn) push(n int) { c.array3('>', n) }

func (c *conn) array3(kind byte, n int) {
	if !c.is(resp3) {
		kind = '*'
	}
	c.head(kind, n)
}

func (c *conn) null()      { c.nothing("$-1\r\n") }
func (c *conn) nullArray() { c.nothing("*-1\r\n") }

func (c *conn) nothing(in2 string) {
	if c.is(resp3) {
		in2 = "_\r\n"
	}
	c.loop.out = append(c.loop.out, in2...)
}

// page is text for people.
func (c *conn) page(s string) {
	if !c.is(resp3) {
		c.text(s)
		return
	}
	c.head('=', len(s)+len("txt:"))
	c.loop.out = append(append(append(c.loop.out, "txt:"...), s...), "\r\n"...)
}

// full reports whether the reply has become longer than any client gets: the
// command can stop, since the connection will be closed.
func (c *conn) full() bool { return c.pending() > c.loop.lim.OutHard }

// cutOff ends a connection that was about to hold more output than any may.
func (c *conn) cutOff() {
	if !c.is(dead) {
		c.flags |= dead
		c.note(tooSlow, "subscriber", c.sub != nil)
	}
}
