// Mailbox3 can be closed. What it has accepted is handled; then it is done.
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
	if m.state.Close() { // no run is to come: this caller has the last one
		go m.end()
	}
}

func (m *Mailbox[M]) run() {
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
	handled := 0
	m := NewMailbox(func(int) { handled++ })

	var senders sync.WaitGroup
	accepted := make(chan int, 4)
	for range 4 {
		senders.Add(1)
		go func() {
			defer senders.Done()
			n := 0
			for n < 100_000 && m.Post(n) { // until it is closed
				n++
			}
			accepted <- n
		}()
	}
	m.Close()
	senders.Wait()
	<-m.done

	sum := 0
	for range 4 {
		sum += <-accepted
	}
	fmt.Println("all that was accepted was handled:", handled == sum)
	fmt.Println("accepted now:", m.Post(1))
}
