package rouse_test

import (
	"fmt"
	"sync"

	"github.com/rouse-go/rouse"
)

// An Inbox is the smallest actor: a State and any queue.
type Inbox struct {
	state rouse.State
	queue chan string
	loops sync.WaitGroup
}

func (m *Inbox) Send(s string) {
	m.queue <- s
	if m.state.Notify() { // it was idle: exactly one caller is told so
		m.loops.Add(1)
		go m.run()
	}
}

func (m *Inbox) run() {
	defer m.loops.Done()
	for m.state.Begin() {
		for len(m.queue) > 0 {
			fmt.Println("got", <-m.queue)
		}
		if !m.state.End() { // nothing came meanwhile
			return
		}
	}
}

// A mailbox that is never closed needs three of the verbs. What was sent before
// a Notify is seen by the run that it starts or joins.
func ExampleState_mailbox() {
	m := Inbox{queue: make(chan string, 8)}
	m.Send("ping")
	m.Send("pong")
	m.loops.Wait()
	// Output:
	// got ping
	// got pong
}
