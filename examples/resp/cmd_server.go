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
		{name: "config", run: config, arity: -2},
		{name: "command", run: commandInfo, arity: -1},
		{name: "info", run: info, arity: -1},
		{name: "memory", run: memory, arity: -2},
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
		c.fail("ERR unknown subcommand or wrong number of arguments for '" + sub + "'")
	}
}

func (c *conn) configGet(patterns [][]byte) {
	lim := c.loop.lim
	params := []struct{ name, value string }{
		{"appendonly", "no"},
		{"databases", strconv.Itoa(databases)},
		{"maxclients", strconv.Itoa(lim.MaxClients)},
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
	c.array(len(found))
	for _, s := range found {
		c.text(s)
	}
}

func commandInfo(c *conn, args [][]byte) {
	table := c.loop.srv.table
	sub := ""
	if len(args) > 1 {
		sub = strings.ToUpper(string(args[1]))
	}
	switch sub {
	case "COUNT":
		c.int(int64(len(table)))
	case "DOCS":
		c.array(0)
	case "", "INFO":
		names := make([]string, 0, len(table))
		for _, a := range args[min(2, len(args)):] {
			names = append(names, strings.ToUpper(string(a)))
		}
		if len(names) == 0 {
			for name := range table {
				names = append(names, name)
			}
			sort.Strings(names)
		}
		c.array(len(names))
		for _, name := range names {
			c.describe(table[name])
		}
	default:
		c.fail("ERR unknown subcommand or wrong number of arguments for '" + sub + "'")
	}
}

// describe writes name, arity, flags, and where the keys are.
func (c *conn) describe(cmd *command) {
	if cmd == nil {
		c.loop.out = append(c.loop.out, "*-1\r\n"...)
		return
	}
	c.array(6)
	c.text(cmd.name)
	c.int(int64(cmd.arity))
	c.array(0)
	first, last, step := keysOf(cmd.name)
	c.int(first)
	c.int(last)
	c.int(step)
}

func keysOf(name string) (first, last, step int64) {
	switch name {
	case "del", "exists", "mget":
		return 1, -1, 1
	case "mset":
		return 1, -1, 2
	case "blpop", "brpop":
		return 1, -2, 1
	case "set", "get", "incr", "type", "expire", "pexpire", "ttl", "pttl",
		"lpush", "rpush", "lpop", "rpop", "llen", "lrange":
		return 1, 1, 1
	}
	return 0, 0, 0
}

func memory(c *conn, args [][]byte) {
	if !strings.EqualFold(string(args[1]), "purge") || len(args) != 2 {
		c.fail("ERR unknown subcommand or wrong number of arguments for '" + string(args[1]) + "'")
		return
	}
	debug.FreeOSMemory()
	c.ok()
}
