package rouse_test

import (
	"fmt"
	"sync"

	"github.com/rouse-go/rouse"
)

// A Mailbox is an actor. Anybody posts. One goroutine at a time handles what was
// posted, and there is none while there is nothing to handle.
type Mailbox struct {
	state  rouse.State // the zero value is ready to use
	mu     sync.Mutex
	posts  []string
	closed bool
	handle func(post string)
}

// Post reports false if the mailbox is closed. What it accepts is handled.
func (m *Mailbox) Post(s string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	m.posts = append(m.posts, s)
	if m.state.Notify() { // no run is to come: this caller starts one
		go m.run()
	}
	return true
}

func (m *Mailbox) run() {
	for m.state.Begin() {
		m.drain()
		if !m.state.End() { // nothing was posted meanwhile
			return
		}
	}
	m.end() // Begin reported false: the mailbox was closed
}

// Close refuses first, and closes the state then. So whoever sees the state
// closed finds in the queue everything that Post accepted.
func (m *Mailbox) Close() {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	if m.state.Close() { // no run is to come that would see it
		m.end()
	}
}

func (m *Mailbox) end() {
	m.drain()
	m.state.Finish()
}

func (m *Mailbox) drain() {
	m.mu.Lock()
	posts := m.posts
	m.posts = nil
	m.mu.Unlock()
	for _, s := range posts {
		m.handle(s)
	}
}

// Level 0: the word alone, in a struct of one's own. Each post starts the run or
// is seen by the one that is to come, and there are never two at a time.
func ExampleState() {
	var handled sync.WaitGroup
	handled.Add(2)
	m := Mailbox{handle: func(post string) {
		fmt.Println("got", post)
		handled.Done()
	}}
	m.Post("ping")
	m.Post("pong")
	m.Close()
	handled.Wait()
	fmt.Println("accepted:", m.Post("too late"))
	// Output:
	// got ping
	// got pong
	// accepted: false
}
