package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// A poller tells which descriptors are ready. It is an epoll, edge-triggered: a
// descriptor is reported once when it becomes readable or writable, and again
// only after a read or a write has found that it is not.
type poller struct {
	fd     int
	events [128]unix.EpollEvent
}

func newPoller() (*poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	return &poller{fd: fd}, nil
}

func (p *poller) watch(fd int) error {
	const edge = unix.EPOLLET & (1<<32 - 1) // package unix has it as a negative number
	ev := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLOUT | edge, Fd: int32(fd)}
	return os.NewSyscallError("epoll_ctl", unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &ev))
}

// wait appends the descriptors that are ready.
func (p *poller) wait(ready []int, block bool) []int {
	timeout := 0
	if block {
		timeout = -1
	}
	n, _ := unix.EpollWait(p.fd, p.events[:], timeout) // -1 if a signal came
	for _, ev := range p.events[:max(n, 0)] {
		ready = append(ready, int(ev.Fd))
	}
	return ready
}

func (p *poller) close() { unix.Close(p.fd) }
