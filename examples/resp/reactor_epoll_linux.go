package resp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

func newReactor(l *loop, portable bool) (reactor, error) {
	if portable {
		return newNetReactor(l), nil
	}
	return newEpoll(l)
}

// An epoll is the reactor of Linux. Sockets are registered once, edge-triggered
// and for both directions; after that a request costs a read, a write, and its
// share of an epoll_wait.
//
// Reads, writes and the poll that does not sleep are raw system calls: they do
// not block, and need not tell the scheduler that they might.
type epoll struct {
	loop     *loop
	fd       int
	wakeup   int // an eventfd; edge-triggered, so never read
	listener int
	acceptor *acceptor
	conns    []*conn // by descriptor
	ready    [256]unix.EpollEvent
}

// EPOLLET is a negative number in package unix.
const (
	edge    = unix.EPOLLET & (1<<32 - 1)
	watched = unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLRDHUP | edge
)

func newEpoll(l *loop) (*epoll, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("resp: epoll_create1: %w", err)
	}
	wakeup, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("resp: eventfd: %w", err)
	}
	p := &epoll{loop: l, fd: fd, wakeup: wakeup, listener: -1}
	if err := p.watch(wakeup, unix.EPOLLIN|edge); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *epoll) watch(fd int, events uint32) error {
	ev := unix.EpollEvent{Events: events, Fd: int32(fd)}
	if err := unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &ev); err != nil {
		return fmt.Errorf("resp: epoll_ctl: %w", err)
	}
	return nil
}

func (p *epoll) listen(ln net.Listener, a *acceptor) error {
	defer ln.Close()
	t, ok := ln.(*net.TCPListener)
	if !ok {
		return fmt.Errorf("resp: %T is not a TCP listener", ln)
	}
	// A duplicate, so that package net's own poller lets go of the socket.
	f, err := t.File()
	if err != nil {
		return fmt.Errorf("resp: listener: %w", err)
	}
	defer f.Close()
	if p.listener, err = unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0); err != nil {
		return fmt.Errorf("resp: listener: %w", err)
	}
	if err := unix.SetNonblock(p.listener, true); err != nil {
		return fmt.Errorf("resp: listener: %w", err)
	}
	p.acceptor = a
	return p.watch(p.listener, unix.EPOLLIN|edge)
}

func (p *epoll) accept() (socket, error) {
	if p.listener < 0 {
		return socket{}, errAgain
	}
	for {
		fd, _, err := unix.Accept4(p.listener, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		switch err {
		case nil:
			unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
			unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
			return socket{fd: int32(fd)}, nil
		case unix.EINTR:
		case unix.EAGAIN:
			return socket{}, errAgain
		case unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.ENOMEM:
			return socket{}, errors.Join(errNoFiles, err)
		default:
			return socket{}, fmt.Errorf("resp: accept: %w", err)
		}
	}
}

func (p *epoll) unlisten() {
	if p.listener >= 0 {
		unix.Close(p.listener)
		p.listener = -1
	}
}

func (p *epoll) add(c *conn) error {
	fd := int(c.sock.fd)
	for len(p.conns) <= fd {
		p.conns = append(p.conns, nil)
	}
	p.conns[fd] = c
	return p.watch(fd, watched)
}

func (p *epoll) remove(c *conn) {
	fd := int(c.sock.fd)
	if fd < len(p.conns) && p.conns[fd] == c {
		p.conns[fd] = nil
	}
	unix.Close(fd)
}

func (p *epoll) addrs(c *conn) (addr, laddr string) {
	peer, err := unix.Getpeername(int(c.sock.fd))
	own, err2 := unix.Getsockname(int(c.sock.fd))
	if err != nil || err2 != nil {
		return "", "" // it is gone
	}
	return addrPort(peer), addrPort(own)
}

func addrPort(a unix.Sockaddr) string {
	switch a := a.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port)).String()
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port)).String()
	}
	return ""
}

func closeFD(fd int) { unix.Close(fd) }

func (p *epoll) finish(c *conn) { unix.Shutdown(int(c.sock.fd), unix.SHUT_WR) }

func (p *epoll) read(c *conn, b []byte) (int, error) {
	for {
		n, _, e := unix.RawSyscall(unix.SYS_READ, uintptr(c.sock.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
		switch {
		case e == unix.EINTR:
		case e == unix.EAGAIN:
			return 0, errAgain
		case e != 0:
			return 0, e
		case n == 0:
			return 0, io.EOF
		default:
			return int(n), nil
		}
	}
}

func (p *epoll) write(c *conn, b []byte) (int, error) {
	for {
		n, _, e := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(c.sock.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), unix.MSG_NOSIGNAL, 0, 0)
		switch {
		case e == unix.EINTR:
		case e == unix.EAGAIN:
			return 0, errAgain
		case e != 0:
			return 0, e
		default:
			return int(n), nil
		}
	}
}

func (p *epoll) sending(*conn) bool { return false }

func (p *epoll) wait(timeout time.Duration) {
	n := p.look()
	if n == 0 && timeout != 0 {
		if !p.loop.sleep() {
			return
		}
		n = p.sleep(timeout)
		p.loop.awake()
	}
	for i := range p.ready[:n] {
		p.dispatch(&p.ready[i])
	}
}

// look polls without sleeping.
func (p *epoll) look() int {
	n, _, e := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.fd), uintptr(unsafe.Pointer(&p.ready[0])), uintptr(len(p.ready)), 0, 0, 0)
	if e != 0 {
		return 0
	}
	return int(n)
}

func (p *epoll) sleep(timeout time.Duration) int {
	ms := -1
	if timeout > 0 {
		ms = int(min((timeout+time.Millisecond-1)/time.Millisecond, 1<<30))
	}
	n, err := unix.EpollWait(p.fd, p.ready[:], ms)
	if err != nil {
		return 0 // interrupted by a signal
	}
	return n
}

func (p *epoll) dispatch(ev *unix.EpollEvent) {
	switch fd := int(ev.Fd); {
	case fd == p.wakeup:
	case fd == p.listener:
		p.acceptor.Wake()
	case fd < len(p.conns) && p.conns[fd] != nil:
		// An event of a former socket of that number does no harm: what it
		// says is put right by the next read.
		c := p.conns[fd]
		if seen := seenBy(ev.Events); seen&^(c.ready&writable) != 0 {
			c.ready |= seen
			c.Wake()
		}
	}
}

func seenBy(ev uint32) (e events) {
	if ev&unix.EPOLLIN != 0 {
		e |= readable
	}
	if ev&unix.EPOLLOUT != 0 {
		e |= writable
	}
	if ev&unix.EPOLLRDHUP != 0 {
		e |= readable | hangup
	}
	if ev&(unix.EPOLLHUP|unix.EPOLLERR) != 0 {
		e |= readable | writable | hangup | broken
	}
	return e
}

func (p *epoll) interrupt() {
	var one [8]byte
	binary.NativeEndian.PutUint64(one[:], 1)
	unix.Write(p.wakeup, one[:])
}

func (p *epoll) close() {
	p.unlisten()
	unix.Close(p.wakeup)
	unix.Close(p.fd)
}
