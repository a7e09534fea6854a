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
	handle func(post string)
}

// Post reports false if the mailbox is closed. What it accepts is handled.
func (m *Mailbox) Post(s string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	start, ok := m.state.TryNotify()
	if ok {
		m.posts = append(m.posts, s)
	}
	if start { // no run is to come: this caller starts one
		go m.run()
	}
	return ok
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

func (m *Mailbox) Close() {
	if m.state.Close() { // no run is to come that would see it
		m.end()
	}
}

// end handles what was accepted before the mailbox was closed.
func (m *Mailbox) end() {
	m.drain()
	for !m.state.Finish() { // notified since the last look
		m.drain()
	}
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
