// Package mbox has mailboxes and connections, with nothing for the checks to report.
package mbox

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

type Msg struct{ v int }

type Mailbox struct {
	state   rouse.State
	mu      sync.Mutex
	q       []Msg
	handler func(*Mailbox, Msg)
	pool    chan *Mailbox
	done    chan struct{}
	failed  error
	n       atomic.Int64
}

var ErrClosed = errors.New("closed")

func (m *Mailbox) Send(v Msg) error {
	m.mu.Lock()
	m.q = append(m.q, v)
	m.mu.Unlock()
	if m.state.Notify() {
		m.pool <- m
	} else if m.state.Load().Complete() {
		return ErrClosed
	}
	return nil
}

func (m *Mailbox) pop() (v Msg, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.q) == 0 {
		return v, false
	}
	v, m.q = m.q[0], m.q[1:]
	return v, true
}

func worker(pool chan *Mailbox) {
	for m := range pool {
		if m.turn() {
			pool <- m
		}
	}
}

func (m *Mailbox) turn() (again bool) {
	if !m.state.Begin() {
		m.finish()
		return false
	}
	defer func() {
		if v := recover(); v != nil {
			m.failed = errors.New("panic")
			again = m.state.End()
		}
	}()
	for range 16 {
		v, ok := m.pop()
		if !ok {
			return m.state.End()
		}
		m.handler(m, v)
	}
	return m.state.Yield()
}

func (m *Mailbox) run() {
	for {
		if !m.state.Begin() {
			m.finish()
			return
		}
		budget := 10
		for v, ok := m.pop(); ok; v, ok = m.pop() {
			m.handler(m, v)
			if budget--; budget == 0 {
				if m.state.Yield() {
					m.pool <- m
				}
				return
			}
		}
		if again := m.state.End(); !again {
			return
		}
		runtime.Gosched()
	}
}

func (m *Mailbox) finish() {
	m.drain()
	for !m.state.Finish() {
		m.drain()
	}
	close(m.done)
}

func (m *Mailbox) drain() {
	for v, ok := m.pop(); ok; v, ok = m.pop() {
		m.handler(m, v)
	}
}

// Post refuses once the mailbox is closed.
func (m *Mailbox) Post(v Msg) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	start, ok := m.state.TryNotify()
	if ok {
		m.q = append(m.q, v)
	}
	if start {
		m.pool <- m
	}
	return ok
}

func (m *Mailbox) Pause() bool { return m.state.Suspend() }

func (m *Mailbox) Start() {
	if m.state.Resume() {
		m.pool <- m
	}
}

func (m *Mailbox) Restart() bool {
	m.state.Suspend()
	return m.state.Open()
}

// guarded gives the run up in whatever way it ends.
func (m *Mailbox) guarded() {
	held := true
	defer func() {
		if held && m.state.Yield() {
			m.pool <- m
		}
	}()
	for m.state.Begin() {
		m.drain()
		if held = m.state.End(); !held {
			return
		}
	}
	m.finish()
	held = false
}

// finishes looks once more.
func (m *Mailbox) finishes() {
	if !m.state.Finish() {
		m.drain()
		if !m.state.Finish() {
			m.drain()
			if m.state.Yield() {
				m.pool <- m
			}
			return
		}
	}
	close(m.done)
}

func (m *Mailbox) Close() {
	if m.state.Close() {
		m.finish()
		return
	}
	<-m.done
}

func (m *Mailbox) TryClose() bool {
	if !m.state.Close() {
		return false
	}
	m.finish()
	return true
}

// Stop has the run itself finish.
func (m *Mailbox) Stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.state.Close() {
		go m.finish()
	}
}

func (m *Mailbox) kick() {
	switch {
	case m.n.Add(1) > 3:
	case m.state.Notify():
		go m.run()
	}
}

func (m *Mailbox) kickAll(all []*Mailbox) {
	var due []*Mailbox
	for _, o := range all {
		if o.state.Notify() {
			due = append(due, o)
		}
	}
	for _, o := range due {
		go o.run()
	}
}

// seq runs inline when idle.
func (m *Mailbox) seq(f func()) {
	if !m.state.Notify() {
		return
	}
	for more := true; more; more = m.state.End() {
		if !m.state.Begin() {
			m.finish()
			return
		}
		f()
	}
}

type Conn struct {
	rouse.Header
	fd    int
	ready atomic.Bool
	loop  *Loop
}

type Loop struct {
	q     rouse.RunQueue
	wake  chan struct{}
	tasks rouse.OwnedTasks
	free  []*Conn
}

var table = rouse.NewVtable(rouse.Ops[Conn]{
	Poll:   func(c *Conn, _ rouse.Context) bool { return c.ready.Load() },
	Cancel: func(c *Conn, _ rouse.Cause) { c.fd = -1 },
	Schedule: func(c *Conn, n rouse.Notified, _ rouse.Reason) {
		if c.loop.q.Push(n) {
			select {
			case c.loop.wake <- struct{}{}:
			default:
			}
		}
	},
	Release: func(c *Conn) { c.loop.free = append(c.loop.free, c) },
})

func (l *Loop) open(fd int) *Conn {
	var c *Conn
	if k := len(l.free); k > 0 {
		c, l.free = l.free[k-1], l.free[:k-1]
	} else {
		c = new(Conn)
	}
	c.fd, c.loop = fd, l
	n, ok := table.InitBound(c, &l.tasks)
	if !ok {
		return nil
	}
	l.q.Push(n)
	return c
}

func (l *Loop) openOwned(fd int) (*Conn, error) {
	c := &Conn{fd: fd, loop: l}
	table.Init(c)
	if !l.tasks.Bind(&c.Header) {
		c.Close()
		return nil, ErrClosed
	}
	c.Wake()
	return c, nil
}

func (l *Loop) reopen(c *Conn) {
	if c.Close() {
		table.Init(c)
		c.Wake()
	}
}

func (l *Loop) Run() {
	for range l.wake {
		for n, ok := l.q.Pop(); ok; n, ok = l.q.Pop() {
			n.Run()
		}
	}
}
