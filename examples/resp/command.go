package resp

import (
	"strconv"
	"strings"
)

// A command is an entry of the table. run appends exactly one reply to the
// loop's output, unless it blocks the connection or subscribes it.
type command struct {
	name  string
	run   func(c *conn, args [][]byte)
	arity int  // of arguments, the name included; -n: n at least
	keys  keys // among the arguments
	quiet bool // may be used by a subscriber
	ends  bool // is executed after MULTI, too
	doc   string
	group string // set by commands
}

// keys are the places of a command's keys: the first, the last, from the end
// if it is negative, and the step.
type keys struct{ first, last, step int8 }

var (
	oneKey  = keys{1, 1, 1}
	allKeys = keys{1, -1, 1}
)

const maxName = 16

// commands returns the table, by upper-case name.
func commands() map[string]*command {
	m := make(map[string]*command)
	for _, part := range []struct {
		group    string
		commands []command
	}{
		{"connection", connCommands},
		{"generic", keyCommands},
		{"string", stringCommands},
		{"list", listCommands},
		{"pubsub", pubsubCommands},
		{"transactions", multiCommands},
		{"server", serverCommands()},
	} {
		for _, cmd := range part.commands {
			cmd.group = part.group
			m[strings.ToUpper(cmd.name)] = &cmd
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
	case c.is(multi) && !cmd.ends:
		c.fail(noTransactions + "'" + cmd.name + "' is not executed")
	case cmd.arity > 0 && len(args) != cmd.arity, len(args) < -cmd.arity:
		c.fail("ERR wrong number of arguments for '" + cmd.name + "' command")
	case c.sub != nil && !cmd.quiet && !c.is(resp3):
		c.fail("ERR Can't execute '" + cmd.name + "': only SUBSCRIBE / UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context")
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
		c.note(crossProtocol)
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

// noSuch answers a subcommand that is not there, or not with so many arguments.
func (c *conn) noSuch(sub []byte) {
	c.fail("ERR unknown subcommand or wrong number of arguments for '" + string(sub[:min(len(sub), 128)]) + "'")
}

const (
	wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value"
	notInt    = "ERR value is not an integer or out of range"
	syntax    = "ERR syntax error"
)

// db returns the database that the connection has selected.
func (c *conn) db() *store { return c.loop.srv.stores[c.dbi] }

// number reads an integer as strictly as Redis does: the digits that would be
// written for it, without a plus, a space or leading zeros.
func number(b []byte) (n int64, ok bool) {
	const longest = len("-9223372036854775808")
	if len(b) > longest {
		return 0, false
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	var canon [longest]byte
	return n, err == nil && string(strconv.AppendInt(canon[:0], n, 10)) == string(b)
}
