package resp

import (
	"math"
	"strconv"
	"strings"
)

var stringCommands = []command{
	{name: "set", run: set, arity: -3, keys: oneKey, doc: "stores a string; EX, PX, NX, XX, KEEPTTL, GET"},
	{name: "setex", run: func(c *conn, args [][]byte) { setEx(c, args, 1000) }, arity: 4, keys: oneKey, doc: "stores a string for seconds"},
	{name: "psetex", run: func(c *conn, args [][]byte) { setEx(c, args, 1) }, arity: 4, keys: oneKey, doc: "stores a string for milliseconds"},
	{name: "setnx", run: setNX, arity: 3, keys: oneKey, doc: "stores a string where there is nothing"},
	{name: "getset", run: getSet, arity: 3, keys: oneKey, doc: "stores a string, and answers the one before"},
	{name: "get", run: get, arity: 2, keys: oneKey, doc: "the string at a key"},
	{name: "strlen", run: strlen, arity: 2, keys: oneKey, doc: "the length of a string"},
	{name: "append", run: appendTo, arity: 3, keys: oneKey, doc: "appends to a string"},
	{name: "incr", run: func(c *conn, args [][]byte) { add(c, args[1], 1) }, arity: 2, keys: oneKey, doc: "adds 1"},
	{name: "decr", run: func(c *conn, args [][]byte) { add(c, args[1], -1) }, arity: 2, keys: oneKey, doc: "subtracts 1"},
	{name: "incrby", run: incrBy, arity: 3, keys: oneKey, doc: "adds an integer"},
	{name: "decrby", run: decrBy, arity: 3, keys: oneKey, doc: "subtracts an integer"},
	{name: "mset", run: mset, arity: -3, keys: keys{1, -1, 2}, doc: "stores strings"},
	{name: "mget", run: mget, arity: -2, keys: allKeys, doc: "the strings at keys"},
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
	nx, xx, keep, get bool
	expire            int64 // Unix milliseconds; 0: none
}

func (c *conn) setOptions(args [][]byte) (o setOptions, complaint string) {
	for i := 0; i < len(args); i++ {
		switch opt := strings.ToUpper(string(args[i])); opt {
		case "NX":
			o.nx = true
		case "XX":
			o.xx = true
		case "GET":
			o.get = true
		case "KEEPTTL":
			o.keep = true
		case "EX", "PX":
			if i++; i == len(args) || o.expire != 0 {
				return o, syntax
			}
			unit := int64(1000)
			if opt == "PX" {
				unit = 1
			}
			if o.expire, complaint = c.expireTime(args[i], unit, "set"); complaint != "" {
				return o, complaint
			}
		default:
			return o, syntax
		}
	}
	if o.nx && o.xx || o.keep && o.expire != 0 {
		return o, syntax
	}
	return o, ""
}

// expireTime reads for how long a string is stored.
func (c *conn) expireTime(arg []byte, unit int64, command string) (at int64, complaint string) {
	n, ok := number(arg)
	if !ok {
		return 0, notInt
	}
	at, ok = c.deadline(n, unit)
	if n <= 0 || !ok {
		return 0, "ERR invalid expire time in '" + command + "' command"
	}
	return at, ""
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
	if o.get {
		if e != nil && e.list != nil {
			c.fail(wrongType)
			return
		}
		c.string(e)
	}
	if o.nx && e != nil || o.xx && e == nil {
		if !o.get {
			c.null()
		}
		return
	}
	if o.keep && e != nil && e.ttl != nil {
		o.expire = e.ttl.at
	}
	e = s.put(sh, e, key, args[2])
	s.setExpire(sh, e, o.expire)
	if !o.get {
		c.ok()
	}
}

// string answers what is at a key that is not a list.
func (c *conn) string(e *entry) {
	if e == nil {
		c.null()
		return
	}
	c.bulk(e.str)
}

func setEx(c *conn, args [][]byte, unit int64) {
	at, complaint := c.expireTime(args[2], unit, strings.ToLower(string(args[0])))
	if complaint != "" {
		c.fail(complaint)
		return
	}
	s := c.db()
	sh := s.lock(args[1])
	defer sh.mu.Unlock()
	s.setExpire(sh, s.put(sh, sh.find(args[1], c.loop.unixMilli), args[1], args[3]), at)
	c.ok()
}

func setNX(c *conn, args [][]byte) {
	s := c.db()
	sh := s.lock(args[1])
	defer sh.mu.Unlock()
	e := sh.find(args[1], c.loop.unixMilli)
	if e == nil {
		s.put(sh, nil, args[1], args[2])
	}
	c.int(b2i(e == nil))
}

func getSet(c *conn, args [][]byte) {
	s := c.db()
	sh := s.lock(args[1])
	defer sh.mu.Unlock()
	e := sh.find(args[1], c.loop.unixMilli)
	if e != nil && e.list != nil {
		c.fail(wrongType)
		return
	}
	c.string(e)
	s.put(sh, e, args[1], args[2])
}

func get(c *conn, args [][]byte) {
	sh := c.db().lock(args[1])
	defer sh.mu.Unlock()
	switch e := sh.find(args[1], c.loop.unixMilli); {
	case e != nil && e.list != nil:
		c.fail(wrongType)
	default:
		c.string(e)
	}
}

func strlen(c *conn, args [][]byte) {
	sh := c.db().lock(args[1])
	defer sh.mu.Unlock()
	switch e := sh.find(args[1], c.loop.unixMilli); {
	case e == nil:
		c.int(0)
	case e.list != nil:
		c.fail(wrongType)
	default:
		c.int(int64(len(e.str)))
	}
}

// appendTo keeps a string within what one argument may be, so that it can be
// fetched.
func appendTo(c *conn, args [][]byte) {
	sh := c.db().lock(args[1])
	defer sh.mu.Unlock()
	e := sh.find(args[1], c.loop.unixMilli)
	switch {
	case e == nil:
		e = sh.add(args[1])
	case e.list != nil:
		c.fail(wrongType)
		return
	case len(e.str)+len(args[2]) > c.loop.lim.MaxBulk:
		c.fail("ERR string exceeds maximum allowed size (proto-max-bulk-len)")
		return
	}
	e.str = append(e.str, args[2]...)
	c.int(int64(len(e.str)))
}

func incrBy(c *conn, args [][]byte) {
	n, ok := number(args[2])
	if !ok {
		c.fail(notInt)
		return
	}
	add(c, args[1], n)
}

func decrBy(c *conn, args [][]byte) {
	n, ok := number(args[2])
	switch {
	case !ok:
		c.fail(notInt)
	case n == math.MinInt64:
		c.fail("ERR decrement would overflow")
	default:
		add(c, args[1], -n)
	}
}

func add(c *conn, key []byte, by int64) {
	sh := c.db().lock(key)
	defer sh.mu.Unlock()
	e, n := sh.find(key, c.loop.unixMilli), int64(0)
	if e != nil {
		if e.list != nil {
			c.fail(wrongType)
			return
		}
		var ok bool
		if n, ok = number(e.str); !ok {
			c.fail(notInt)
			return
		}
	}
	if by > 0 && n > math.MaxInt64-by || by < 0 && n < math.MinInt64-by {
		c.fail("ERR increment or decrement would overflow")
		return
	}
	if e == nil {
		e = sh.add(key)
	}
	e.str = strconv.AppendInt(e.str[:0], n+by, 10)
	c.int(n + by)
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
