package resp

import (
	"errors"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/rouse-go/rouse"
)

// A netReactor is the reactor of every platform: package net, with a goroutine
// that reads ahead for each connection and one for each write under way. They
// touch no task. They post what they have seen, and the loop's thread takes it
// from there, as it takes epoll's events.
type netReactor struct {
	loop    *loop
	parker  rouse.Parker // where the loop's thread sleeps
	running sync.WaitGroup

	mu     sync.Mutex
	posted []posting
	taken  []posting // the loop's, from the last wait

	acceptor *acceptor
	listener net.Listener
	accepted chan acceptResult
}

// A posting is one event.
type posting struct {
	sock *netSocket // nil: the listener's
	ev   events
}

type acceptResult struct {
	conn *net.TCPConn
	err  error
}

// keptPostings is how many a list of postings has room for when it is empty.
const keptPostings = 1 << 10

// backlog is how many connections are accepted ahead of the loop.
const backlog = 64

func newNetReactor(l *loop) *netReactor {
	return &netReactor{loop: l, accepted: make(chan acceptResult, backlog)}
}

func (r *netReactor) post(p posting) {
	r.mu.Lock()
	r.posted = append(r.posted, p)
	r.mu.Unlock()
	r.interrupt()
}

func (r *netReactor) interrupt() { r.parker.Unpark() }

func (r *netReactor) wait(timeout time.Duration) {
	if r.take() == 0 && timeout != 0 {
		if !r.loop.sleep() {
			return
		}
		if timeout < 0 {
			r.parker.Park()
		} else {
			r.parker.ParkTimeout(timeout)
		}
		r.loop.awake()
		r.take()
	}
	for i, p := range r.taken {
		r.taken[i] = posting{}
		switch {
		case p.sock == nil:
			r.acceptor.Wake()
		case p.sock.task != nil:
			p.sock.task.ready |= p.ev
			p.sock.task.Wake()
		}
	}
	if r.taken = r.taken[:0]; cap(r.taken) > keptPostings {
		r.taken = nil
	}
}

func (r *netReactor) take() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.taken, r.posted = r.posted, r.taken[:0]
	return len(r.taken)
}

func (r *netReactor) listen(ln net.Listener, a *acceptor) error {
	t, ok := ln.(*net.TCPListener)
	if !ok {
		ln.Close()
		return errors.New("resp: not a TCP listener")
	}
	r.listener, r.acceptor = ln, a
	r.running.Add(1)
	go r.acceptLoop(t)
	return nil
}

// acceptLoop waits a moment after an error: without it, an error that stays
// would keep a processor busy.
func (r *netReactor) acceptLoop(ln *net.TCPListener) {
	defer r.running.Done()
	for {
		c, err := ln.AcceptTCP()
		if errors.Is(err, net.ErrClosed) {
			close(r.accepted)
			return
		}
		r.accepted <- acceptResult{c, err}
		r.post(posting{})
		if err != nil {
			time.Sleep(acceptRetry)
		}
	}
}

func (r *netReactor) accept() (socket, error) {
	select {
	case a, ok := <-r.accepted:
		switch {
		case !ok:
			return socket{}, errAgain
		case errors.Is(a.err, syscall.EMFILE) || errors.Is(a.err, syscall.ENFILE):
			return socket{}, errors.Join(errNoFiles, a.err)
		case a.err != nil:
			return socket{}, a.err
		}
		return socket{net: newNetSocket(a.conn)}, nil
	default:
		return socket{}, errAgain
	}
}

func (r *netReactor) unlisten() {
	if r.listener == nil {
		return
	}
	r.listener.Close()
	for a := range r.accepted { // acceptLoop closes it
		if a.conn != nil {
			a.conn.Close()
		}
	}
	r.listener = nil
}

func (r *netReactor) add(c *conn) error {
	s := c.sock.net
	s.r, s.task = r, c
	r.running.Add(1)
	go s.readLoop()
	return nil
}

func (r *netReactor) remove(c *conn) {
	s := c.sock.net
	s.task = nil
	s.close()
}

func (r *netReactor) finish(c *conn)                       { c.sock.net.finish() }
func (r *netReactor) read(c *conn, p []byte) (int, error)  { return c.sock.net.read(p) }
func (r *netReactor) write(c *conn, p []byte) (int, error) { return c.sock.net.write(p) }
func (r *netReactor) sending(c *conn) bool                 { return c.sock.net.sending() }

func (r *netReactor) addrs(c *conn) (addr, laddr string) {
	s := c.sock.net.conn
	return s.RemoteAddr().String(), s.LocalAddr().String()
}

func (r *netReactor) close() {
	r.unlisten()
	r.running.Wait()
}
