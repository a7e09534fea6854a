package rouse_test

import (
	"fmt"
	"sync"

	"github.com/rouse-go/rouse"
)

// A Mailbox is an actor. Anybody posts; one goroutine at a time handles, and
// there is none while there is nothing to handle.
type Mailbox struct {
	state rouse.State
	mu    sync.Mutex
	posts []string // guarded by mu
	gone  chan struct{}
}

func (m *Mailbox) Post(s string) {
	m.mu.Lock()
	m.posts = append(m.posts, s)
	m.mu.Unlock()
	if m.state.Notify() {
		go m.loop()
	}
}

func (m *Mailbox) Close() {
	if m.state.Close() {
		m.end()
	}
}

func (m *Mailbox) loop() {
	for m.state.Begin() {
		m.handle()
		if !m.state.End() {
			return
		}
	}
	m.end()
}

func (m *Mailbox) handle() {
	m.mu.Lock()
	posts := m.posts
	m.posts = nil
	m.mu.Unlock()
	for _, s := range posts {
		fmt.Println("got", s)
	}
}

func (m *Mailbox) end() {
	m.handle()
	m.state.Finish()
	close(m.gone)
}

// Level 0: the word alone, in a struct of one's own. Each post starts the loop
// or is seen by the one that runs; none is lost, and the loop never runs twice.
func ExampleState() {
	m := Mailbox{gone: make(chan struct{})}
	m.Post("ping")
	m.Post("pong")
	m.Close()
	<-m.gone
	m.Post("nobody is there")
	fmt.Println(m.state.Load().Complete())
	// Output:
	// got ping
	// got pong
	// true
}
