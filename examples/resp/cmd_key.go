package resp

import (
	"math"
	"strconv"
	"strings"
)

var keyCommands = []command{
	{name: "del", run: del, arity: -2, keys: allKeys, doc: "removes keys"},
	{name: "unlink", run: del, arity: -2, keys: allKeys, doc: "removes keys, as DEL does"},
	{name: "exists", run: exists, arity: -2, keys: allKeys, doc: "how many of the keys there are"},
	{name: "type", run: typeOf, arity: 2, keys: oneKey, doc: "string, list or none"},
	{name: "expire", run: func(c *conn, args [][]byte) { expire(c, args, 1000) }, arity: -3, keys: oneKey, doc: "sets when a key goes, in seconds from now; NX, XX, GT, LT"},
	{name: "pexpire", run: func(c *conn, args [][]byte) { expire(c, args, 1) }, arity: -3, keys: oneKey, doc: "sets when a key goes, in milliseconds from now; NX, XX, GT, LT"},
	{name: "ttl", run: func(c *conn, args [][]byte) { ttl(c, args, 1000) }, arity: 2, keys: oneKey, doc: "in how many seconds a key goes"},
	{name: "pttl", run: func(c *conn, args [][]byte) { ttl(c, args, 1) }, arity: 2, keys: oneKey, doc: "in how many milliseconds a key goes"},
	{name: "keys", run: keysLike, arity: 2, doc: "the keys that match a pattern"},
	{name: "scan", run: scanKeys, arity: -2, doc: "the keys, a few at a time; MATCH, COUNT, TYPE"},
	{name: "dbsize", run: func(c *conn, _ [][]byte) { c.int(int64(c.db().size())) }, arity: 1, doc: "how many keys there are"},
	{name: "flushall", run: flush, arity: -1, doc: "removes all keys of all databases"},
	{name: "flushdb", run: flush, arity: -1, doc: "removes all keys"},
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
	if e := sh.find(args[1], c.loop.unixMilli); e != nil {
		c.status(e.kind())
	} else {
		c.status("none")
	}
}

// deadline returns the time, in Unix milliseconds, that is n units from now.
func (c *conn) deadline(n, unit int64) (at int64, ok bool) {
	now := c.loop.unixMilli
	if n > (math.MaxInt64-now)/unit || n < -(math.MaxInt64-now)/unit {
		return 0, false
	}
	return now + n*unit, true
}

// An expireOption says when EXPIRE is to do nothing.
type expireOption uint8

const (
	ifNone expireOption = 1 << iota
	ifAny
	ifLater
	ifSooner
)

func expireOptions(args [][]byte) (o expireOption, complaint string) {
	for _, a := range args {
		switch strings.ToUpper(string(a)) {
		case "NX":
			o |= ifNone
		case "XX":
			o |= ifAny
		case "GT":
			o |= ifLater
		case "LT":
			o |= ifSooner
		default:
			return 0, "ERR Unsupported option " + string(a)
		}
	}
	if o&ifNone != 0 && o != ifNone {
		return 0, "ERR NX and XX, GT or LT options at the same time are not compatible"
	}
	if o&ifLater != 0 && o&ifSooner != 0 {
		return 0, "ERR GT and LT options at the same time are not compatible"
	}
	return o, ""
}

// allow reports whether a key that goes at x may be made to go at another time.
// One that stays for ever goes later than all others.
func (o expireOption) allow(x *expiry, at int64) bool {
	switch {
	case o&ifNone != 0 && x != nil, o&ifAny != 0 && x == nil:
		return false
	case o&ifLater != 0:
		return x != nil && at > x.at
	case o&ifSooner != 0:
		return x == nil || at < x.at
	}
	return true
}

func expire(c *conn, args [][]byte, unit int64) {
	o, complaint := expireOptions(args[3:])
	if complaint != "" {
		c.fail(complaint)
		return
	}
	n, ok := number(args[2])
	if !ok {
		c.fail(notInt)
		return
	}
	at, ok := c.deadline(n, unit)
	if !ok {
		c.fail("ERR invalid expire time in '" + strings.ToLower(string(args[0])) + "' command")
		return
	}
	s := c.db()
	sh := s.lock(args[1])
	defer sh.mu.Unlock()
	e := sh.find(args[1], c.loop.unixMilli)
	if e == nil || !o.allow(e.ttl, at) {
		c.int(0)
		return
	}
	if at <= c.loop.unixMilli {
		sh.remove(e)
	} else {
		s.setExpire(sh, e, at)
	}
	c.int(1)
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

// maxPattern bounds a pattern: to match one takes up to the product of its
// length and the key's, and meanwhile all clients of the loop wait.
const (
	maxPattern  = 1 << 10
	longPattern = "ERR the pattern is longer than 1024 bytes"
)

func keysLike(c *conn, args [][]byte) {
	if len(args[1]) > maxPattern {
		c.fail(longPattern)
		return
	}
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

// A scanRequest is what SCAN was asked for.
type scanRequest struct {
	cursor  uint64
	pattern []byte // nil: all
	kind    string // "": all
	count   int
}

func parseScan(args [][]byte) (r scanRequest, complaint string) {
	cursor, ok := number(args[0])
	if !ok || cursor < 0 {
		return r, "ERR invalid cursor"
	}
	r.cursor, r.count = uint64(cursor), 10
	for rest := args[1:]; len(rest) > 0; rest = rest[2:] {
		if len(rest) < 2 {
			return r, syntax
		}
		switch strings.ToUpper(string(rest[0])) {
		case "MATCH":
			if r.pattern = rest[1]; len(r.pattern) > maxPattern {
				return r, longPattern
			}
		case "TYPE":
			r.kind = strings.ToLower(string(rest[1]))
		case "COUNT":
			n, ok := number(rest[1])
			switch {
			case !ok:
				return r, notInt
			case n < 1:
				return r, syntax
			}
			r.count = int(min(n, maxScan))
		default:
			return r, syntax
		}
	}
	return r, ""
}

// maxScan bounds what one SCAN looks at, whatever its COUNT.
const maxScan = 10_000

// scanKeys answers SCAN. It stops early where the names are long.
func scanKeys(c *conn, args [][]byte) {
	r, complaint := parseScan(args[1:])
	if complaint != "" {
		c.fail(complaint)
		return
	}
	const step = 10
	var names []string
	size, next := 0, r.cursor
	for {
		next = c.db().scan(next, min(step, r.count), func(e *entry) {
			if !e.due(c.loop.unixMilli) && (r.pattern == nil || glob(r.pattern, e.key)) && (r.kind == "" || e.kind() == r.kind) {
				names = append(names, e.key)
				size += len(e.key) + nameSize
			}
		})
		if r.count -= step; next == 0 || r.count <= 0 || size > c.loop.lim.OutSoft {
			break
		}
	}
	c.array(2)
	c.text(strconv.FormatUint(next, 10))
	c.array(len(names))
	for _, k := range names {
		c.text(k)
	}
}

// flush answers FLUSHALL and FLUSHDB.
func flush(c *conn, args [][]byte) {
	if len(args) > 2 || len(args) == 2 && !strings.EqualFold(string(args[1]), "sync") && !strings.EqualFold(string(args[1]), "async") {
		c.fail(syntax)
		return
	}
	if strings.EqualFold(string(args[0]), "flushdb") {
		c.db().flush()
	} else {
		for _, s := range c.loop.srv.stores {
			s.flush()
		}
	}
	c.ok()
}

func b2i(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
