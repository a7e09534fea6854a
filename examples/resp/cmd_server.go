package resp

import (
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
)

// version is what HELLO and INFO say: the Redis whose behaviour is followed.
const version = "7.0.0"

// serverCommands is a function because COMMAND lists the table it is in.
func serverCommands() []command {
	return []command{
		{name: "config", run: config, arity: -2, doc: "GET of a few parameters, RESETSTAT; SET is refused"},
		{name: "command", run: commandInfo, arity: -1, doc: "COUNT, DOCS, INFO: what commands there are"},
		{name: "info", run: info, arity: -1, doc: "numbers about the server"},
		{name: "memory", run: memory, arity: -2, doc: "PURGE: gives unused memory back to the system"},
	}
}

// config tells clients what they like to know before they start.
func config(c *conn, args [][]byte) {
	switch sub := strings.ToUpper(string(args[1])); {
	case sub == "GET" && len(args) > 2:
		c.configGet(args[2:])
	case sub == "RESETSTAT" && len(args) == 2:
		c.ok()
	case sub == "SET":
		c.fail("ERR CONFIG SET is not supported: the configuration is on the command line")
	default:
		c.noSuch(args[1])
	}
}

func (c *conn) configGet(patterns [][]byte) {
	lim := c.loop.lim
	params := []struct{ name, value string }{
		{"appendonly", "no"},
		{"databases", strconv.Itoa(databases)},
		{"maxclients", strconv.Itoa(lim.MaxClients)},
		{"maxmemory", "0"},
		{"maxmemory-clients", strconv.Itoa(lim.MaxMemory)},
		{"proto-max-bulk-len", strconv.Itoa(lim.MaxBulk)},
		{"save", ""},
		{"timeout", "0"},
	}
	var found []string
	for _, p := range params {
		for _, pat := range patterns {
			if glob([]byte(strings.ToLower(string(pat))), p.name) {
				found = append(found, p.name, p.value)
				break
			}
		}
	}
	c.dict(len(found) / 2)
	for _, s := range found {
		c.text(s)
	}
}

func commandInfo(c *conn, args [][]byte) {
	sub := ""
	if len(args) > 1 {
		sub = strings.ToUpper(string(args[1]))
	}
	switch {
	case sub == "COUNT" && len(args) == 2:
		c.int(int64(len(c.loop.srv.table)))
	case sub == "DOCS":
		c.commandDocs(c.named(args[2:]))
	case sub == "" || sub == "INFO":
		names := c.named(args[min(2, len(args)):])
		c.array(len(names))
		for _, name := range names {
			c.commandInfo(c.loop.srv.table[name])
		}
	default:
		c.noSuch(args[1])
	}
}

// named returns names in upper case, or those of all commands.
func (c *conn) named(names [][]byte) (upper []string) {
	for _, n := range names {
		upper = append(upper, strings.ToUpper(string(n)))
	}
	if len(names) == 0 {
		for name := range c.loop.srv.table {
			upper = append(upper, name)
		}
		sort.Strings(upper)
	}
	return upper
}

// commandInfo writes name, arity, flags, and where the keys are.
func (c *conn) commandInfo(cmd *command) {
	if cmd == nil {
		c.null()
		return
	}
	c.array(6)
	c.text(cmd.name)
	c.int(int64(cmd.arity))
	c.set(0)
	c.int(int64(cmd.keys.first))
	c.int(int64(cmd.keys.last))
	c.int(int64(cmd.keys.step))
}

// commandDocs writes what there is to say of those commands that there are.
func (c *conn) commandDocs(names []string) {
	var found []*command
	for _, name := range names {
		if cmd := c.loop.srv.table[name]; cmd != nil {
			found = append(found, cmd)
		}
	}
	c.dict(len(found))
	for _, cmd := range found {
		c.text(cmd.name)
		c.dict(2)
		c.pair("summary", cmd.doc)
		c.pair("group", cmd.group)
	}
}

func memory(c *conn, args [][]byte) {
	if !strings.EqualFold(string(args[1]), "purge") || len(args) != 2 {
		c.noSuch(args[1])
		return
	}
	debug.FreeOSMemory()
	c.ok()
}
