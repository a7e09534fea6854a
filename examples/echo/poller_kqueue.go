//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// A poller tells which descriptors are ready. It is a kqueue, edge-triggered by
// EV_CLEAR, and behaves as the epoll of poller_linux.go does.
type poller struct {
	fd     int
	events [128]unix.Kevent_t
}

func newPoller() (*poller, error) {
	fd, err := unix.Kqueue()
	if err != nil {
		return nil, os.NewSyscallError("kqueue", err)
	}
	unix.CloseOnExec(fd)
	return &poller{fd: fd}, nil
}

func (p *poller) watch(fd int) error {
	var changes [2]unix.Kevent_t
	unix.SetKevent(&changes[0], fd, unix.EVFILT_READ, unix.EV_ADD|unix.EV_CLEAR)
	unix.SetKevent(&changes[1], fd, unix.EVFILT_WRITE, unix.EV_ADD|unix.EV_CLEAR)
	_, err := unix.Kevent(p.fd, changes[:], nil, nil)
	return os.NewSyscallError("kevent", err)
}

// wait appends the descriptors that are ready.
func (p *poller) wait(ready []int, block bool) []int {
	timeout := new(unix.Timespec)
	if block {
		timeout = nil
	}
	n, _ := unix.Kevent(p.fd, nil, p.events[:], timeout) // -1 if a signal came
	for _, ev := range p.events[:max(n, 0)] {
		ready = append(ready, int(ev.Ident))
	}
	return ready
}

func (p *poller) close() { unix.Close(p.fd) }
