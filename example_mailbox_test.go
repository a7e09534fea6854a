package rouse_test

import (
	"fmt"
	"sync"

	"github.com/rouse-go/rouse"
)

// An Inbox is the smallest actor: a State and a channel.
type Inbox struct {
	state rouse.State
	queue chan string
	runs  sync.WaitGroup
}

func (m *Inbox) Send(s string) {
	m.queue <- s
	if m.state.Notify() { // exactly one caller is told that no run is to come
		m.runs.Add(1)
		go m.run()
	}
}

func (m *Inbox) run() {
	defer m.runs.Done()
	for m.state.Begin() {
		for len(m.queue) > 0 {
			fmt.Println("got", <-m.queue)
		}
		if !m.state.End() { // nothing came meanwhile
			return
		}
	}
}

// A mailbox that is never closed needs three methods. What was sent before a
// Notify is seen by the run that it starts or joins.
func ExampleState_mailbox() {
	m := Inbox{queue: make(chan string, 8)}
	m.Send("ping")
	m.Send("pong")
	m.runs.Wait()
	// Output:
	// got ping
	// got pong
}
