package resp

import (
	"strings"

	"github.com/tidwall/redcon"
)

// A command is an entry of the table. run appends exactly one reply to the
// loop's output, unless it blocks the connection or subscribes it.
type command struct {
	name  string
	run   func(c *conn, args [][]byte)
	arity int  // of arguments, the name included; -n: n at least
	quiet bool // may be used by a subscriber
}

const maxName = 16

// commands returns the table, by upper-case name.
func commands() map[string]*command {
	m := make(map[string]*command)
	for _, part := range [][]command{connCommands, keyCommands, stringCommands, listCommands, pubsubCommands, serverCommands()} {
		for i := range part {
			m[strings.ToUpper(part[i].name)] = &part[i]
		}
	}
	return m
}

// command executes one command. args are into the input: what is kept of them
// must be copied.
func (c *conn) command(args [][]byte) {
	cmd := c.loop.srv.lookup(args[0])
	switch {
	case cmd == nil:
		c.unknown(args)
	case cmd.arity > 0 && len(args) != cmd.arity, len(args) < -cmd.arity:
		c.fail("ERR wrong number of arguments for '" + cmd.name + "' command")
	case c.sub != nil && !cmd.quiet:
		c.fail("ERR Can't execute '" + cmd.name + "': only SUBSCRIBE / UNSUBSCRIBE / PING / QUIT are allowed in this context")
	default:
		cmd.run(c, args)
	}
}

func (s *Server) lookup(name []byte) *command {
	if len(name) > maxName {
		return nil
	}
	var upper [maxName]byte
	for i, b := range name {
		if 'a' <= b && b <= 'z' {
			b -= 'a' - 'A'
		}
		upper[i] = b
	}
	return s.table[string(upper[:len(name)])]
}

// unknown answers a command that is not in the table. The start of an HTTP
// request ends the connection, as in Redis: any page in a browser can have one
// sent here, and the commands in its body executed.
func (c *conn) unknown(args [][]byte) {
	if name := string(args[0]); strings.EqualFold(name, "post") || strings.EqualFold(name, "host:") {
		c.loop.srv.note(crossProtocol, "client", c.id)
		c.flags |= dead
		return
	}
	const shown = 128
	var b strings.Builder
	b.WriteString("ERR unknown command '")
	b.Write(args[0][:min(len(args[0]), shown)])
	b.WriteString("', with args beginning with: ")
	for _, a := range args[1:] {
		if b.Len() > shown {
			break
		}
		b.WriteString("'")
		b.Write(a[:min(len(a), shown)])
		b.WriteString("' ")
	}
	c.fail(b.String())
}

const (
	wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value"
	notInt    = "ERR value is not an integer or out of range"
	syntax    = "ERR syntax error"
)

// db returns the database that the connection has selected.
func (c *conn) db() *store { return c.loop.srv.stores[c.dbi] }

// The replies.

func (c *conn) ok()           { c.loop.out = append(c.loop.out, "+OK\r\n"...) }
func (c *conn) null()         { c.loop.out = append(c.loop.out, "$-1\r\n"...) }
func (c *conn) int(n int64)   { c.loop.out = redcon.AppendInt(c.loop.out, n) }
func (c *conn) bulk(b []byte) { c.loop.out = redcon.AppendBulk(c.loop.out, b) }
func (c *conn) text(s string) { c.loop.out = redcon.AppendBulkString(c.loop.out, s) }
func (c *conn) array(n int)   { c.loop.out = redcon.AppendArray(c.loop.out, n) }
func (c *conn) fail(m string) { c.loop.out = redcon.AppendError(c.loop.out, m) }

// full reports whether the reply has become longer than any client gets: the
// command can stop, since the connection will be closed.
func (c *conn) full() bool { return c.pending() > c.loop.lim.OutHard }

// cutOff ends a connection that was about to hold more output than any may.
func (c *conn) cutOff() {
	if !c.is(dead) {
		c.flags |= dead
		c.loop.srv.note(tooSlow, "client", c.id, "subscriber", c.sub != nil)
	}
}
