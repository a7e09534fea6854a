package resp

import (
	"math"
	"strconv"
	"strings"
	"time"
)

var listCommands = []command{
	{name: "lpush", run: func(c *conn, args [][]byte) { push(c, args, true) }, arity: -3, keys: oneKey, doc: "puts elements in front of a list"},
	{name: "rpush", run: func(c *conn, args [][]byte) { push(c, args, false) }, arity: -3, keys: oneKey, doc: "puts elements at the end of a list"},
	{name: "lpop", run: func(c *conn, args [][]byte) { pop(c, args, true) }, arity: -2, keys: oneKey, doc: "takes elements from the front of a list"},
	{name: "rpop", run: func(c *conn, args [][]byte) { pop(c, args, false) }, arity: -2, keys: oneKey, doc: "takes elements from the end of a list"},
	{name: "blpop", run: func(c *conn, args [][]byte) { blockingPop(c, args, true) }, arity: -3, keys: keys{1, -2, 1}, doc: "takes the first element of one of the lists, or waits for it"},
	{name: "brpop", run: func(c *conn, args [][]byte) { blockingPop(c, args, false) }, arity: -3, keys: keys{1, -2, 1}, doc: "takes the last element of one of the lists, or waits for it"},
	{name: "llen", run: llen, arity: 2, keys: oneKey, doc: "the length of a list"},
	{name: "lrange", run: lrange, arity: 4, keys: oneKey, doc: "elements of a list"},
}

// list returns the list at key, or nil; ok is false if the key is a string,
// and then the reply is written.
func (c *conn) list(sh *shard, key []byte) (e *entry, ok bool) {
	e = sh.find(key, c.loop.unixMilli)
	if e != nil && e.list == nil {
		c.fail(wrongType)
		return nil, false
	}
	return e, true
}

func push(c *conn, args [][]byte, left bool) {
	s, key := c.db(), args[1]
	sh := s.lock(key)
	defer sh.mu.Unlock()
	e, ok := c.list(sh, key)
	if !ok {
		return
	}
	if e == nil {
		e = sh.add(key)
		e.list = new(deque)
	}
	for _, v := range args[2:] {
		e.list.push(left, append([]byte(nil), v...))
	}
	c.int(int64(e.list.len()))
	if sh.waits.len() > 0 {
		s.serve(sh, key, e)
	}
}

func pop(c *conn, args [][]byte, left bool) {
	if len(args) > 3 {
		c.fail("ERR wrong number of arguments for '" + strings.ToLower(string(args[0])) + "' command")
		return
	}
	count := int64(-1)
	if len(args) > 2 {
		n, ok := number(args[2])
		if !ok || n < 0 {
			c.fail("ERR value is out of range, must be positive")
			return
		}
		count = n
	}
	key := args[1]
	sh := c.db().lock(key)
	defer sh.mu.Unlock()
	e, ok := c.list(sh, key)
	switch {
	case !ok:
		return
	case e == nil && count < 0:
		c.null()
		return
	case e == nil:
		c.nullArray()
		return
	case count < 0:
		c.bulk(e.list.pop(left))
	default:
		n := int(min(count, int64(e.list.len())))
		c.array(n)
		for range n {
			c.bulk(e.list.pop(left))
		}
	}
	if e.list.len() == 0 {
		sh.remove(e)
	}
}

// blockingPop takes from the first of the lists that has something, or waits
// until one has.
func blockingPop(c *conn, args [][]byte, left bool) {
	timeout, complaint := popTimeout(args[len(args)-1])
	if complaint != "" {
		c.fail(complaint)
		return
	}
	s, keys := c.db(), args[1:len(args)-1]
	defer s.unlock(s.lockKeys(keys, 1))
	for _, key := range keys {
		sh := s.of(key)
		e, ok := c.list(sh, key)
		if !ok {
			return
		}
		if e == nil {
			continue
		}
		c.array(2)
		c.bulk(key)
		c.bulk(e.list.pop(left))
		if e.list.len() == 0 {
			sh.remove(e)
		}
		return
	}
	c.block(keys, left, timeout)
}

// popTimeout reads seconds, fractions allowed; 0 is for ever.
func popTimeout(arg []byte) (d time.Duration, complaint string) {
	secs, err := strconv.ParseFloat(string(arg), 64)
	switch {
	case err != nil || math.IsNaN(secs):
		return 0, "ERR timeout is not a float or out of range"
	case secs < 0:
		return 0, "ERR timeout is negative"
	case secs > math.MaxInt64/float64(time.Second)/2:
		return 0, "ERR timeout is out of range"
	}
	d = time.Duration(math.Ceil(secs*1000)) * time.Millisecond
	return d, ""
}

func llen(c *conn, args [][]byte) {
	sh := c.db().lock(args[1])
	defer sh.mu.Unlock()
	if e, ok := c.list(sh, args[1]); ok {
		n := 0
		if e != nil {
			n = e.list.len()
		}
		c.int(int64(n))
	}
}

func lrange(c *conn, args [][]byte) {
	from, ok1 := number(args[2])
	to, ok2 := number(args[3])
	if !ok1 || !ok2 {
		c.fail(notInt)
		return
	}
	sh := c.db().lock(args[1])
	defer sh.mu.Unlock()
	e, ok := c.list(sh, args[1])
	if !ok {
		return
	}
	n := int64(0)
	if e != nil {
		n = int64(e.list.len())
	}
	if from < 0 {
		from = max(0, from+n)
	}
	if to < 0 {
		to += n
	}
	to = min(to, n-1)
	if from > to { // by so much, perhaps, that the difference overflows
		c.array(0)
		return
	}
	c.array(int(to - from + 1))
	for i := from; i <= to && !c.full(); i++ {
		c.bulk(e.list.at(int(i)))
	}
}
