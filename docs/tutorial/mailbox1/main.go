// Mailbox1 hands messages to one goroutine, which is there only while there are any.
package main

import (
	"fmt"
	"sync"

	"github.com/rouse-go/rouse"
)

// A Mailbox handles messages in the order in which they were posted.
type Mailbox struct {
	state  rouse.State // the zero value is ready to use
	mu     sync.Mutex
	queue  []string
	handle func(message string)
}

// Post puts a message into the queue, and starts a run if none is to come.
func (m *Mailbox) Post(message string) {
	m.mu.Lock()
	m.queue = append(m.queue, message)
	m.mu.Unlock()
	if m.state.Notify() {
		go m.run()
	}
}

// run handles all messages, and ends when there are no more.
func (m *Mailbox) run() {
	for m.state.Begin() {
		for message, ok := m.next(); ok; message, ok = m.next() {
			m.handle(message)
		}
		if !m.state.End() { // nothing was posted since Begin
			return
		}
	}
}

// next takes the first message off the queue.
func (m *Mailbox) next() (message string, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) == 0 {
		return message, false
	}
	message, m.queue = m.queue[0], m.queue[1:]
	return message, true
}

func main() {
	var handled sync.WaitGroup
	handled.Add(3)
	m := &Mailbox{handle: func(message string) {
		fmt.Println("got", message)
		handled.Done()
	}}
	m.Post("one")
	m.Post("two")
	m.Post("three")
	handled.Wait()
}
