package resp

import (
	"sync/atomic"

	"github.com/rouse-go/rouse"
	"github.com/tidwall/redcon"
)

// A conn is a client's connection, and the task that serves it: the Header
// makes it one. While it has nothing to do it is this struct and no more: no
// goroutine, no stack, no buffers.
//
// Its reactor wakes it when the socket is ready; a push that serves its
// blocked pop, a message for its mailbox, or its timer wakes it through an
// owned waker. All fields belong to its poll, and so to its loop's thread.
type conn struct {
	rouse.Header
	loop *loop
	sock socket
	id   int64

	in   []byte // input that is not a complete command yet, or is held back
	out  []byte // replies that the socket had no room for
	sent int    // how much of out was written
	scan scan   // of the incomplete command that in begins with

	pop    *blockedPop
	sub    *subscriber
	linger *timer

	// What other loops may look at.
	info atomic.Pointer[clientInfo]
	mem  atomic.Int64 // counted for it: see account

	ready events
	dbi   uint8
	flags connFlags
	slot  int32 // in loop.clients, whose lock guards it
}

type connFlags uint16

const (
	fresh    connFlags = 1 << iota // its loop does not watch it yet, and has nothing of it
	crowded                        // one connection too many
	held                           // in may begin with complete commands
	mailed                         // the mailbox was not emptied, since the output is full
	ended                          // the peer will send no more
	closing                        // no more requests; close when all is sent
	refused                        // closing, and the peer may be sending still: linger
	finished                       // refused, and all is sent
	resp3                          // replies are in RESP3
	multi                          // nothing is executed up to EXEC
	dead                           // close now
)

func (c *conn) is(f connFlags) bool { return c.flags&f != 0 }

// pending is how much output the client has yet to take.
func (c *conn) pending() int { return len(c.loop.out) + len(c.out) - c.sent }

// open reports whether the client's next request may be served.
func (c *conn) open() bool {
	return c.pop == nil && !c.is(closing|dead) && c.pending() < c.loop.lim.OutSoft
}

// readsPerTurn bounds what a client that keeps sending is served before the
// others have their turn.
const readsPerTurn = 4

// poll is one turn of the connection. Replies gather in the loop's buffer and
// leave in one write at the end.
func (c *conn) poll(cx rouse.Context) (ready bool) {
	if c.is(fresh) && !c.begin() {
		return c.complete()
	}
	if c.ready&broken != 0 && !c.open() {
		return c.complete()
	}
	c.flush() // what the socket had no room for: it may have made some, and requests may be waiting for that
	c.takeMail()
	c.resume()
	c.serve()
	c.flush()
	if c.over() {
		return c.complete()
	}
	c.account()
	if c.more() {
		cx.Waker().WakeByRef()
	}
	return false
}

// begin has the connection watched.
func (c *conn) begin() bool {
	l := c.loop
	if err := l.reactor.add(c); err != nil {
		l.srv.note(watchFailed, "err", err)
		return false
	}
	c.flags &^= fresh
	l.clients.add(c)
	if c.is(crowded) {
		c.note(tooManyClients, "maxclients", l.lim.MaxClients)
		l.out = redcon.AppendError(l.out, "ERR max number of clients reached")
		c.flags |= closing | refused
	}
	return true
}

// serve executes the requests that are there, up to the turn's share.
func (c *conn) serve() {
	if c.is(held) && c.open() {
		c.flags &^= held
		in := c.in
		c.keep(in, c.execute(in))
	}
	for range readsPerTurn {
		switch {
		case c.ready&readable == 0:
			return
		case c.is(finished):
			c.receive(c.loop.buf) // and discard
		case c.open():
			c.read()
		default:
			return
		}
	}
}

// more reports whether there is something to do that no event will announce:
// what was left when the turn was over, and what had to wait for the output
// that has just been sent.
func (c *conn) more() bool {
	switch {
	case c.is(finished):
		return c.ready&readable != 0
	case c.open():
		return c.is(held) || c.ready&readable != 0 || c.is(mailed)
	}
	return c.is(mailed) && c.pending() < c.loop.lim.OutSoft
}

// over reports whether the connection has come to its end.
func (c *conn) over() bool {
	switch {
	case c.is(dead):
		return true
	case c.pop != nil:
		return c.ready&hangup != 0
	case c.is(refused):
		return c.lingered()
	case c.pending() > 0 || c.loop.reactor.sending(c):
		return false
	case c.is(ended):
		return !c.is(held)
	}
	return c.is(closing)
}

// lingered reports whether a refused client has read why, or has had the time
// to. To close at once would reset a connection with unread input, and take the
// reply back; to wait for the client to read would be for ever.
func (c *conn) lingered() bool {
	l := c.loop
	if c.linger == nil {
		c.linger = new(timer)
		l.timers.set(c.linger, l.now+l.srv.cfg.Linger, c.WakerRef())
	}
	if !c.is(finished) && c.pending() == 0 && !l.reactor.sending(c) {
		c.flags |= finished
		l.reactor.finish(c)
	}
	return c.is(finished) && c.is(ended) || c.linger.at <= l.now
}

// complete makes the poll ready: the task has run to its end.
func (c *conn) complete() bool {
	c.end()
	c.loop.srv.counters.completed.Add(1)
	return true
}

// end gives back all that the connection has. An element that its pop was
// served, and that nobody will see, goes back to the list.
func (c *conn) end() {
	l := c.loop
	if c.is(fresh) {
		c.sock.close()
		l.srv.connClosed()
		return
	}
	if c.pop != nil {
		if b, served := c.unblock(); served {
			b.store.giveBack(b, l.unixMilli)
		}
	}
	if c.sub != nil {
		c.unsubscribeAll()
	}
	if c.linger != nil {
		l.timers.stop(c.linger)
	}
	l.bufs.put(c.in)
	l.bufs.put(c.out)
	c.in, c.out, c.sent = nil, nil, 0
	l.resetOut()
	c.unaccount()
	l.clients.remove(c)
	l.reactor.remove(c)
	l.srv.connClosed()
}

// cancel ends the connection because the server shuts down. One that is still
// fresh may be cancelled by the acceptor's loop: it has but a socket.
func (c *conn) cancel(rouse.Cause) {
	c.end()
	c.loop.srv.counters.cancelled.Add(1)
}

func (c *conn) schedule(n rouse.Notified, why rouse.Reason) { c.loop.queue.Schedule(n, why) }

func (c *conn) release() { c.loop.srv.counters.released.Add(1) }

var connVtable = rouse.NewVtable(rouse.Ops[conn]{
	Poll:     (*conn).poll,
	Cancel:   (*conn).cancel,
	Schedule: (*conn).schedule,
	Release:  (*conn).release,
})
