// Mailbox5 runs many mailboxes on a few workers, in turns.
package main

import (
	"fmt"
	"sync"

	"github.com/rouse-go/rouse"
)

// A System is workers, and the mailboxes that are due. Each mailbox is in the
// channel at most once, so a channel with room for all of them is never full.
type System struct {
	due     chan *Mailbox
	workers sync.WaitGroup
}

func NewSystem(workers, mailboxes int) *System {
	s := &System{due: make(chan *Mailbox, mailboxes)}
	for range workers {
		s.workers.Add(1)
		go func() {
			defer s.workers.Done()
			for m := range s.due {
				m.turn()
			}
		}()
	}
	return s
}

// Stop ends the workers. All mailboxes must have ended.
func (s *System) Stop() {
	close(s.due)
	s.workers.Wait()
}

// A Mailbox handles messages in the order in which they were posted.
type Mailbox struct {
	state  rouse.State
	system *System
	mu     sync.Mutex
	queue  []int
	handle func(int)
	done   sync.WaitGroup
}

func (s *System) NewMailbox(handle func(int)) *Mailbox {
	m := &Mailbox{system: s, handle: handle}
	m.done.Add(1)
	return m
}

// Post reports false if the mailbox is closed. What it accepts is handled.
func (m *Mailbox) Post(message int) bool {
	m.mu.Lock()
	start, open := m.state.TryNotify()
	if open {
		m.queue = append(m.queue, message)
	}
	m.mu.Unlock()
	if start {
		m.system.due <- m
	}
	return open
}

// Close refuses messages from now on, and returns at once.
func (m *Mailbox) Close() {
	if m.state.Close() {
		m.state.Yield()
		m.system.due <- m
	}
}

const perTurn = 16 // messages that one mailbox handles before others have their turn

// turn handles some messages. The guard keeps the worker alive, too.
func (m *Mailbox) turn() {
	ended := false
	defer func() {
		if !ended {
			fmt.Println("recovered:", recover())
			if m.state.Yield() {
				m.system.due <- m
			}
		}
	}()
	open := m.state.Begin()
	more := m.some()
	switch {
	case more:
		if m.state.Yield() { // gives up the run with work left
			m.system.due <- m
		}
	case !open:
		for !m.state.Finish() { // nothing was accepted since: the mailbox is closed
		}
		m.done.Done()
	case m.state.End(): // something was posted, or it was closed
		m.system.due <- m
	}
	ended = true
}

// some handles at most perTurn messages, and reports whether there may be more.
func (m *Mailbox) some() bool {
	for range perTurn {
		message, ok := m.next()
		if !ok {
			return false
		}
		m.handle(message)
	}
	return true
}

func (m *Mailbox) next() (message int, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) == 0 {
		return message, false
	}
	message, m.queue = m.queue[0], m.queue[1:]
	return message, true
}

func main() {
	const mailboxes, hops = 1000, 100
	s := NewSystem(2, mailboxes)
	ring := make([]*Mailbox, mailboxes)
	var arrived sync.WaitGroup
	arrived.Add(mailboxes)
	for i := range ring {
		ring[i] = s.NewMailbox(func(left int) {
			if left == 0 {
				arrived.Done()
				return
			}
			ring[(i+1)%mailboxes].Post(left - 1) // on to the next mailbox
		})
	}
	for _, m := range ring {
		m.Post(hops)
	}
	arrived.Wait()
	for _, m := range ring {
		m.Close()
	}
	for _, m := range ring {
		m.done.Wait()
	}
	s.Stop()
	fmt.Println(mailboxes*(hops+1), "messages,", mailboxes, "mailboxes, 2 workers")
}
