package resp

import (
	"math"
	"strconv"
	"strings"
)

var stringCommands = []command{
	{name: "set", run: set, arity: -3},
	{name: "get", run: get, arity: 2},
	{name: "incr", run: incr, arity: 2},
	{name: "mset", run: mset, arity: -3},
	{name: "mget", run: mget, arity: -2},
}

// put stores a copy of v at key, in place where it fits, for ever.
func (s *store) put(sh *shard, e *entry, key, v []byte) *entry {
	if e == nil {
		e = sh.add(key)
	}
	s.setExpire(sh, e, 0)
	e.list = nil
	if cap(e.str) < len(v) || cap(e.str) > 64+4*len(v) {
		e.str = make([]byte, 0, len(v))
	}
	e.str = append(e.str[:0], v...)
	return e
}

// setOptions are what follows the value of a SET.
type setOptions struct {
	nx, xx, keep bool
	expire       int64 // Unix milliseconds; 0: none
}

func (c *conn) setOptions(args [][]byte) (o setOptions, complaint string) {
	for i := 0; i < len(args); i++ {
		switch opt := strings.ToUpper(string(args[i])); opt {
		case "NX":
			o.nx = true
		case "XX":
			o.xx = true
		case "KEEPTTL":
			o.keep = true
		case "EX", "PX":
			if i++; i == len(args) || o.expire != 0 {
				return o, syntax
			}
			n, err := strconv.ParseInt(string(args[i]), 10, 64)
			if err != nil {
				return o, notInt
			}
			unit := int64(1000)
			if opt == "PX" {
				unit = 1
			}
			at, ok := c.deadline(n, unit)
			if n <= 0 || !ok {
				return o, "ERR invalid expire time in 'set' command"
			}
			o.expire = at
		default:
			return o, syntax
		}
	}
	if o.nx && o.xx || o.keep && o.expire != 0 {
		return o, syntax
	}
	return o, ""
}

func set(c *conn, args [][]byte) {
	var o setOptions
	if len(args) > 3 {
		var complaint string
		if o, complaint = c.setOptions(args[3:]); complaint != "" {
			c.fail(complaint)
			return
		}
	}
	s, key := c.db(), args[1]
	sh := s.lock(key)
	defer sh.mu.Unlock()
	e := sh.find(key, c.loop.unixMilli)
	if o.nx && e != nil || o.xx && e == nil {
		c.null()
		return
	}
	if o.keep && e != nil && e.ttl != nil {
		o.expire = e.ttl.at
	}
	e = s.put(sh, e, key, args[2])
	s.setExpire(sh, e, o.expire)
	c.ok()
}

func get(c *conn, args [][]byte) {
	sh := c.db().lock(args[1])
	defer sh.mu.Unlock()
	switch e := sh.find(args[1], c.loop.unixMilli); {
	case e == nil:
		c.null()
	case e.list != nil:
		c.fail(wrongType)
	default:
		c.bulk(e.str)
	}
}

func incr(c *conn, args [][]byte) {
	key := args[1]
	sh := c.db().lock(key)
	defer sh.mu.Unlock()
	e := sh.find(key, c.loop.unixMilli)
	n := int64(0)
	switch {
	case e == nil:
		e = sh.add(key)
	case e.list != nil:
		c.fail(wrongType)
		return
	default:
		var err error
		if n, err = strconv.ParseInt(string(e.str), 10, 64); err != nil {
			c.fail(notInt)
			return
		}
		if n == math.MaxInt64 {
			c.fail("ERR increment or decrement would overflow")
			return
		}
	}
	n++
	e.str = strconv.AppendInt(e.str[:0], n, 10)
	c.int(n)
}

func mset(c *conn, args [][]byte) {
	if len(args)%2 == 0 {
		c.fail("ERR wrong number of arguments for 'mset' command")
		return
	}
	s := c.db()
	defer s.unlock(s.lockKeys(args[1:], 2))
	for i := 1; i < len(args); i += 2 {
		sh := s.of(args[i])
		s.put(sh, sh.find(args[i], c.loop.unixMilli), args[i], args[i+1])
	}
	c.ok()
}

func mget(c *conn, args [][]byte) {
	s := c.db()
	c.array(len(args) - 1)
	defer s.unlock(s.lockKeys(args[1:], 1))
	for _, key := range args[1:] {
		if e := s.of(key).find(key, c.loop.unixMilli); e == nil || e.list != nil {
			c.null()
		} else {
			c.bulk(e.str)
		}
		if c.full() {
			return
		}
	}
}
