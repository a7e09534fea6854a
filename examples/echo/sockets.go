//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package main

import (
	"errors"
	"io"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// sockets are the loop's: those of its connections, the listener, and a pipe that
// ends a wait. None of them blocks. Only interrupt may be called by any goroutine,
// and also after close.
type sockets struct {
	poller   *poller
	addr     net.Addr
	listener int
	r, w     *os.File // the pipe
	pipe     int      // r's descriptor
	ready    []int
}

func listen(addr string) (*sockets, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer ln.Close()
	f, err := ln.(*net.TCPListener).File()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := &sockets{addr: ln.Addr(), pipe: -1}
	// A duplicate, which package net does not close.
	if s.listener, err = unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0); err != nil {
		return nil, os.NewSyscallError("fcntl", err)
	}
	if s.r, s.w, err = os.Pipe(); err == nil {
		s.pipe = int(s.r.Fd())
		s.poller, err = newPoller()
	}
	for _, fd := range []int{s.listener, s.pipe} {
		if err == nil {
			err = s.watch(fd)
		}
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// watch makes a descriptor one that does not block, and has wait report it until
// it is closed.
func (s *sockets) watch(fd int) error {
	if err := unix.SetNonblock(fd, true); err != nil {
		return os.NewSyscallError("fcntl", err)
	}
	return s.poller.watch(fd)
}

// wait returns the descriptors that are ready; that of the pipe too, after an
// interrupt. If none is and block is true, it waits until one is. The result is
// valid until the next wait.
func (s *sockets) wait(block bool) []int {
	s.ready = s.poller.wait(s.ready[:0], block)
	for _, fd := range s.ready {
		if fd == s.pipe {
			var rings [64]byte
			for n := len(rings); n == len(rings); {
				n, _ = unix.Read(fd, rings[:])
			}
		}
	}
	return s.ready
}

// interrupt ends a wait, the next one if there is none.
func (s *sockets) interrupt() { s.w.WriteString("!") }

// accept returns the next connection, and -1 if none waits.
func (s *sockets) accept() (fd int, err error) {
	fd, _, err = unix.Accept(s.listener)
	if err == unix.EAGAIN {
		return -1, nil
	}
	if err != nil {
		return -1, os.NewSyscallError("accept", err)
	}
	unix.CloseOnExec(fd)
	if err := s.watch(fd); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

func (s *sockets) close() {
	unix.Close(s.listener)
	if s.r != nil {
		s.r.Close()
		s.w.Close()
	}
	if s.poller != nil {
		s.poller.close()
	}
}

// read returns 0 and nil if there is nothing to read yet.
func read(fd int, p []byte) (int, error) {
	n, err := unix.Read(fd, p)
	if n == 0 && err == nil {
		err = io.EOF
	}
	return whatCame(n, err)
}

// write returns 0 and nil if there is no room.
func write(fd int, p []byte) (int, error) { return whatCame(unix.Write(fd, p)) }

func whatCame(n int, err error) (int, error) {
	if errors.Is(err, unix.EAGAIN) {
		err = nil
	}
	return max(n, 0), err
}

func closeSocket(fd int) { unix.Close(fd) }
