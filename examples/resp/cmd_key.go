package resp

import (
	"math"
	"strconv"
	"strings"
)

var keyCommands = []command{
	{name: "del", run: del, arity: -2},
	{name: "exists", run: exists, arity: -2},
	{name: "type", run: typeOf, arity: 2},
	{name: "expire", run: func(c *conn, args [][]byte) { expire(c, args, 1000) }, arity: 3},
	{name: "pexpire", run: func(c *conn, args [][]byte) { expire(c, args, 1) }, arity: 3},
	{name: "ttl", run: func(c *conn, args [][]byte) { ttl(c, args, 1000) }, arity: 2},
	{name: "pttl", run: func(c *conn, args [][]byte) { ttl(c, args, 1) }, arity: 2},
	{name: "keys", run: keys, arity: 2},
	{name: "dbsize", run: func(c *conn, _ [][]byte) { c.int(int64(c.db().size())) }, arity: 1},
	{name: "flushall", run: flushAll, arity: -1},
	{name: "flushdb", run: flushDB, arity: -1},
}

func del(c *conn, args [][]byte) {
	s, n := c.db(), int64(0)
	defer s.unlock(s.lockKeys(args[1:], 1))
	for _, key := range args[1:] {
		sh := s.of(key)
		if e := sh.find(key, c.loop.unixMilli); e != nil {
			sh.remove(e)
			n++
		}
	}
	c.int(n)
}

func exists(c *conn, args [][]byte) {
	s, n := c.db(), int64(0)
	defer s.unlock(s.lockKeys(args[1:], 1))
	for _, key := range args[1:] {
		if s.of(key).find(key, c.loop.unixMilli) != nil {
			n++
		}
	}
	c.int(n)
}

func typeOf(c *conn, args [][]byte) {
	sh := c.db().lock(args[1])
	defer sh.mu.Unlock()
	e := sh.find(args[1], c.loop.unixMilli)
	name := "none"
	switch {
	case e != nil && e.list != nil:
		name = "list"
	case e != nil:
		name = "string"
	}
	c.loop.out = append(c.loop.out, "+"+name+"\r\n"...)
}

// deadline returns the time, in Unix milliseconds, that is n units from now.
func (c *conn) deadline(n, unit int64) (at int64, ok bool) {
	now := c.loop.unixMilli
	if n > (math.MaxInt64-now)/unit || n < -(math.MaxInt64-now)/unit {
		return 0, false
	}
	return now + n*unit, true
}

func expire(c *conn, args [][]byte, unit int64) {
	n, err := strconv.ParseInt(string(args[2]), 10, 64)
	if err != nil {
		c.fail(notInt)
		return
	}
	at, ok := c.deadline(n, unit)
	if !ok {
		c.fail("ERR invalid expire time in '" + strings.ToLower(string(args[0])) + "' command")
		return
	}
	s, key := c.db(), args[1]
	sh := s.lock(key)
	defer sh.mu.Unlock()
	e := sh.find(key, c.loop.unixMilli)
	switch {
	case e == nil:
	case at <= c.loop.unixMilli:
		sh.remove(e)
	default:
		s.setExpire(sh, e, at)
	}
	c.int(b2i(e != nil))
}

func ttl(c *conn, args [][]byte, unit int64) {
	sh := c.db().lock(args[1])
	defer sh.mu.Unlock()
	n := int64(-2)
	if e := sh.find(args[1], c.loop.unixMilli); e != nil {
		if n = -1; e.ttl != nil {
			n = (e.ttl.at - c.loop.unixMilli + unit/2) / unit
		}
	}
	c.int(n)
}

func keys(c *conn, args [][]byte) {
	names, ok := c.db().match(args[1], c.loop.unixMilli, c.loop.lim.OutHard)
	if !ok {
		c.cutOff()
		return
	}
	c.array(len(names))
	for _, k := range names {
		c.text(k)
	}
}

func flushAll(c *conn, _ [][]byte) {
	for _, s := range c.loop.srv.stores {
		s.flush()
	}
	c.ok()
}

func flushDB(c *conn, _ [][]byte) {
	c.db().flush()
	c.ok()
}

func b2i(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
