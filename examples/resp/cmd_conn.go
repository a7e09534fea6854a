package resp

import (
	"strconv"
	"strings"
)

var connCommands = []command{
	{name: "ping", run: ping, arity: -1, quiet: true},
	{name: "echo", run: func(c *conn, args [][]byte) { c.bulk(args[1]) }, arity: 2},
	{name: "select", run: selectDB, arity: 2},
	{name: "client", run: client, arity: -2},
	{name: "hello", run: hello, arity: -1},
	{name: "quit", run: quit, arity: -1, quiet: true},
}

func ping(c *conn, args [][]byte) {
	switch {
	case len(args) > 2:
		c.fail("ERR wrong number of arguments for 'ping' command")
	case c.sub != nil:
		c.array(2)
		c.text("pong")
		if len(args) == 2 {
			c.bulk(args[1])
		} else {
			c.text("")
		}
	case len(args) == 2:
		c.bulk(args[1])
	default:
		c.loop.out = append(c.loop.out, "+PONG\r\n"...)
	}
}

func selectDB(c *conn, args [][]byte) {
	n, err := strconv.Atoi(string(args[1]))
	switch {
	case err != nil:
		c.fail(notInt)
	case n < 0 || n >= databases:
		c.fail("ERR DB index is out of range")
	default:
		c.dbi = uint8(n)
		c.ok()
	}
}

func quit(c *conn, _ [][]byte) {
	c.ok()
	c.flags |= closing
}

func client(c *conn, args [][]byte) {
	switch sub := strings.ToUpper(string(args[1])); {
	case sub == "ID" && len(args) == 2:
		c.int(c.id)
	case sub == "GETNAME" && len(args) == 2:
		if c.name == "" {
			c.null()
		} else {
			c.text(c.name)
		}
	case sub == "SETNAME" && len(args) == 3:
		if !printable(args[2]) {
			c.fail("ERR Client names cannot contain spaces, newlines or special characters.")
			return
		}
		c.name = string(args[2])
		c.ok()
	case sub == "SETINFO" && len(args) == 4:
		c.ok()
	default:
		c.fail("ERR unknown subcommand or wrong number of arguments for '" + sub + "'")
	}
}

func printable(b []byte) bool {
	for _, x := range b {
		if x < '!' || x > '~' {
			return false
		}
	}
	return len(b) <= 256
}

// hello answers in RESP2, the protocol that there is.
func hello(c *conn, args [][]byte) {
	if len(args) > 1 && string(args[1]) != "2" {
		c.fail("NOPROTO unsupported protocol version")
		return
	}
	if len(args) > 2 {
		c.fail("ERR Syntax error in HELLO option '" + string(args[2]) + "'")
		return
	}
	c.array(10)
	for _, s := range []string{"server", "rouse-resp", "version", version} {
		c.text(s)
	}
	c.text("proto")
	c.int(2)
	c.text("id")
	c.int(c.id)
	c.text("mode")
	c.text("standalone")
}
