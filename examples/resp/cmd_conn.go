package resp

import "strings"

var connCommands = []command{
	{name: "ping", run: ping, arity: -1, quiet: true, doc: "answers PONG, or the argument"},
	{name: "echo", run: func(c *conn, args [][]byte) { c.bulk(args[1]) }, arity: 2, doc: "answers the argument"},
	{name: "select", run: selectDB, arity: 2, doc: "selects the database"},
	{name: "client", run: client, arity: -2, doc: "ID, INFO, LIST, GETNAME, SETNAME, SETINFO"},
	{name: "hello", run: hello, arity: -1, doc: "selects RESP2 or RESP3; AUTH, SETNAME"},
	{name: "auth", run: auth, arity: -2, doc: "answers as a server without a password"},
	{name: "reset", run: reset, arity: 1, quiet: true, ends: true, doc: "makes the connection what it was at first"},
	{name: "quit", run: quit, arity: -1, quiet: true, ends: true, doc: "closes the connection"},
}

func ping(c *conn, args [][]byte) {
	switch {
	case len(args) > 2:
		c.fail("ERR wrong number of arguments for 'ping' command")
	case c.sub != nil && !c.is(resp3):
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
		c.status("PONG")
	}
}

func selectDB(c *conn, args [][]byte) {
	n, ok := number(args[1])
	switch {
	case !ok:
		c.fail(notInt)
	case n < 0 || n >= databases:
		c.fail("ERR DB index is out of range")
	default:
		c.setDB(int(n))
		c.ok()
	}
}

func quit(c *conn, _ [][]byte) {
	c.ok()
	c.flags |= closing
}

func reset(c *conn, _ [][]byte) {
	if c.sub != nil {
		c.unsubscribeAll()
	}
	c.flags &^= multi
	c.setProto(2)
	c.setDB(0)
	c.tell(func(i *clientInfo) { i.name = "" })
	c.status("RESET")
}

func client(c *conn, args [][]byte) {
	switch sub, n := strings.ToUpper(string(args[1])), len(args); {
	case sub == "ID" && n == 2:
		c.int(c.id)
	case sub == "GETNAME" && n == 2:
		if name := c.known().name; name != "" {
			c.text(name)
		} else {
			c.null()
		}
	case sub == "SETNAME" && n == 3:
		if c.setName(args[2]) {
			c.ok()
		}
	case sub == "SETINFO" && n == 4:
		c.clientSetInfo(strings.ToUpper(string(args[2])), args[3])
	case sub == "LIST":
		c.clientList(args[2:])
	case sub == "INFO" && n == 2:
		var b strings.Builder
		c.describe(&b)
		c.page(b.String())
	default:
		c.noSuch(args[1])
	}
}

const wrongPass = "WRONGPASS invalid username-password pair or user is disabled."

// auth answers as Redis does where no password is configured: the default user
// has any, and there is no other.
func auth(c *conn, args [][]byte) {
	switch {
	case len(args) == 2:
		c.fail("ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?")
	case len(args) > 3:
		c.fail(syntax)
	case string(args[1]) != defaultUser:
		c.fail(wrongPass)
	default:
		c.ok()
	}
}

const defaultUser = "default"

// hello answers with what the server is, in the protocol that is asked for.
func hello(c *conn, args [][]byte) {
	proto := c.known().proto
	if len(args) > 1 {
		n, ok := number(args[1])
		if !ok {
			c.fail("ERR Protocol version is not an integer or out of range")
			return
		}
		if n != 2 && n != 3 {
			c.fail("NOPROTO unsupported protocol version")
			return
		}
		proto = int(n)
	}
	var name []byte
	for rest := args[min(2, len(args)):]; len(rest) > 0; {
		switch opt := string(rest[0]); {
		case strings.EqualFold(opt, "auth") && len(rest) > 2:
			if string(rest[1]) != defaultUser {
				c.fail(wrongPass)
				return
			}
			rest = rest[3:]
		case strings.EqualFold(opt, "setname") && len(rest) > 1:
			name, rest = rest[1], rest[2:]
		default:
			c.fail("ERR Syntax error in HELLO option '" + opt + "'")
			return
		}
	}
	if name != nil && !c.setName(name) {
		return
	}
	c.setProto(proto)
	c.dict(7)
	c.pair("server", "rouse-resp")
	c.pair("version", version)
	c.text("proto")
	c.int(int64(proto))
	c.text("id")
	c.int(c.id)
	c.pair("mode", "standalone")
	c.pair("role", "master")
	c.text("modules")
	c.array(0)
}

func (c *conn) pair(key, value string) {
	c.text(key)
	c.text(value)
}
