package resp

import (
	"errors"
	"net"
	"time"
)

// events are what a reactor has seen of a socket. They are edges: readable
// and writable stand until a read or a write says errAgain or is short.
type events uint8

const (
	readable events = 1 << iota
	writable
	hangup // the peer will send no more: a read will come to the end
	broken // neither direction works any more
)

// errAgain says that a socket has nothing to read, or no room to write.
var errAgain = errors.New("resp: try again")

// errNoFiles says that the process, or the system, is out of descriptors or
// of memory for sockets: accepting has to wait until some are given back.
var errNoFiles = errors.New("resp: out of file descriptors")

// A reactor watches the sockets of one loop: it notes what they are ready for
// and wakes their tasks. Its methods, except interrupt and close, belong to
// the loop's thread. A connection is watched from add to remove.
type reactor interface {
	// listen watches ln and wakes a when a connection is waiting. It takes
	// ln over.
	listen(ln net.Listener, a *acceptor) error
	// accept returns the next connection, errAgain, errNoFiles, or what
	// befell a single one.
	accept() (socket, error)
	unlisten()

	add(c *conn) error
	read(c *conn, p []byte) (int, error) // io.EOF at the end
	write(c *conn, p []byte) (int, error)
	// sending reports whether some of what write took is not the system's yet,
	// and would be lost with the connection. It is followed by writable.
	sending(c *conn) bool
	// finish says that nothing more will be written: the peer reads to the end.
	finish(c *conn)
	remove(c *conn)
	// addrs returns the client's address and the server's. Any goroutine may
	// call it until c is removed.
	addrs(c *conn) (addr, laddr string)

	// wait sleeps until a socket is ready, interrupt is called, or timeout is
	// over; 0 does not sleep, less than 0 is for ever.
	wait(timeout time.Duration)
	interrupt()
	// close follows the last call of any other method, interrupt included.
	close()
}

// A socket is a connection of either reactor's.
type socket struct {
	net *netSocket
	fd  int32
}

// close closes a socket that no reactor watches.
func (s socket) close() {
	if s.net != nil {
		s.net.conn.Close()
		return
	}
	closeFD(int(s.fd))
}
