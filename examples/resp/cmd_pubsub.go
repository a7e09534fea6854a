package resp

import (
	"sort"

	"github.com/tidwall/redcon"
)

var pubsubCommands = []command{
	{name: "subscribe", run: subscribe, arity: -2, quiet: true, doc: "delivers what is published on channels from now on"},
	{name: "unsubscribe", run: unsubscribe, arity: -1, quiet: true, doc: "leaves channels, or all"},
	{name: "publish", run: publish, arity: 3, doc: "sends a message to a channel's subscribers"},
}

// subscribe adds all of the channels, or none where they are too many.
func subscribe(c *conn, args [][]byte) {
	if c.tooMany(args[1:]) {
		c.fail("ERR max size of subscriptions reached")
		return
	}
	if c.sub == nil {
		c.sub = &subscriber{waker: c.WakerRef().Clone(), push: c.is(resp3)}
	}
	for _, ch := range args[1:] {
		c.loop.srv.hub.subscribe(c.sub, string(ch))
		c.confirm("subscribe", ch)
	}
	c.toldSubs()
}

// tooMany reports whether the channels are more than the client may have
// besides those that it has. One that is named twice counts twice.
func (c *conn) tooMany(names [][]byte) bool {
	size := 0
	if c.sub != nil {
		size = c.sub.size
	}
	for _, ch := range names {
		if c.sub != nil && c.sub.has(string(ch)) {
			continue
		}
		size += subSize(len(ch))
	}
	return size > c.loop.lim.MaxSubs
}

// unsubscribe leaves the channels, or all; with the last one goes the mailbox.
func unsubscribe(c *conn, args [][]byte) {
	names := args[1:]
	if len(names) == 0 {
		names = c.subscriptions()
	}
	if len(names) == 0 {
		c.confirm("unsubscribe", nil)
		return
	}
	for _, ch := range names {
		if c.sub != nil {
			c.loop.srv.hub.unsubscribe(c.sub, string(ch))
			c.takeMail() // messages come before the word that there will be none
		}
		c.confirm("unsubscribe", ch)
	}
	if c.sub != nil && c.sub.channels.len() == 0 {
		c.unsubscribeAll()
	}
	c.toldSubs()
}

func (c *conn) subscriptions() (names [][]byte) {
	if c.sub == nil {
		return nil
	}
	for ch := range c.sub.channels.m {
		names = append(names, []byte(ch))
	}
	sort.Slice(names, func(i, j int) bool { return string(names[i]) < string(names[j]) })
	return names
}

func (c *conn) confirm(kind string, ch []byte) {
	n := 0
	if c.sub != nil {
		n = c.sub.channels.len()
	}
	c.push(3)
	c.text(kind)
	if ch == nil {
		c.null()
	} else {
		c.bulk(ch)
	}
	c.int(int64(n))
}

func publish(c *conn, args [][]byte) {
	l := c.loop
	msg := redcon.AppendArray(l.push[:0], 3)
	msg = redcon.AppendBulkString(msg, "message")
	msg = redcon.AppendBulk(msg, args[1])
	msg = redcon.AppendBulk(msg, args[2])
	c.int(int64(l.srv.hub.publish(args[1], msg, l.lim.OutHard, l.srv.hold)))
	if cap(msg) <= 1<<maxBufBits {
		l.push = msg
	}
}
