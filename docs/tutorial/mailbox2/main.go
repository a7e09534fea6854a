// Mailbox2 has many senders. The handler needs no lock for what it alone uses.
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
}

// Post puts a message into the queue, and starts a run if none is to come.
func (m *Mailbox[M]) Post(message M) {
	m.mu.Lock()
	m.queue = append(m.queue, message)
	m.mu.Unlock()
	if m.state.Notify() {
		go m.run()
	}
}

func (m *Mailbox[M]) run() {
	for m.state.Begin() {
		for message, ok := m.next(); ok; message, ok = m.next() {
			m.handle(message)
		}
		if !m.state.End() {
			return
		}
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

// A Counter is an actor: its fields belong to its handler.
type Counter struct {
	Mailbox[int]
	sum     int
	handled int
}

func main() {
	const senders, messages = 8, 1000
	done := make(chan int)
	c := new(Counter)
	c.handle = func(n int) {
		c.sum += n // no lock: there is one run at a time
		if c.handled++; c.handled == senders*messages {
			done <- c.sum
		}
	}
	for range senders {
		go func() {
			for range messages {
				c.Post(2)
			}
		}()
	}
	fmt.Println("sum:", <-done)
}
