// Mailbox4 survives a handler that panics.
package main

import (
	"fmt"
	"sync"

	"github.com/rouse-go/rouse"
)

// A Mailbox handles messages in the order in which they were posted.
type Mailbox[M any] struct {
	state  rouse.State
	mu     sync.Mutex
	queue  []M
	handle func(M)
	done   chan struct{} // closed when the last message was handled
}

func NewMailbox[M any](handle func(M)) *Mailbox[M] {
	return &Mailbox[M]{handle: handle, done: make(chan struct{})}
}

// Post reports false if the mailbox is closed. What it accepts is handled.
func (m *Mailbox[M]) Post(message M) bool {
	m.mu.Lock()
	start, open := m.state.TryNotify()
	if open {
		m.queue = append(m.queue, message)
	}
	m.mu.Unlock()
	if start {
		go m.run()
	}
	return open
}

// Close refuses messages from now on, and returns at once.
func (m *Mailbox[M]) Close() {
	if m.state.Close() {
		m.state.Yield() // gives up the run that Close left with the caller
		go m.run()      // and has another goroutine make it, with the guard
	}
}

func (m *Mailbox[M]) run() {
	ended := false
	defer func() { // the guard
		if !ended { // a panic, or a call of runtime.Goexit
			fmt.Println("recovered:", recover())
			if m.state.Yield() {
				go m.run() // the rest of the queue
			}
		}
	}()
	m.turns()
	ended = true
}

func (m *Mailbox[M]) turns() {
	for m.state.Begin() {
		m.drain()
		if !m.state.End() {
			return
		}
	}
	m.end() // Begin reported false: the mailbox was closed
}

// end is the last run. Whatever was accepted is in the queue by now.
func (m *Mailbox[M]) end() {
	m.drain()
	for !m.state.Finish() { // notified since the last look
		m.drain()
	}
	close(m.done)
}

func (m *Mailbox[M]) drain() {
	for message, ok := m.next(); ok; message, ok = m.next() {
		m.handle(message)
	}
}

func (m *Mailbox[M]) next() (message M, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) == 0 {
		return message, false
	}
	message, m.queue = m.queue[0], m.queue[1:]
	return message, true
}

func main() {
	m := NewMailbox(func(n int) { fmt.Println("12 /", n, "=", 12/n) })
	m.Post(3)
	m.Post(0)
	m.Post(4)
	m.Close()
	<-m.done
}
