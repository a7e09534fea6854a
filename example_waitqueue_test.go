package rouse_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/rouse-go/rouse"
)

// A Mailroom is an unbounded channel for tasks: any number of them receive.
type Mailroom struct {
	mu      sync.Mutex
	letters []string
	ready   rouse.WaitQueue
}

func (m *Mailroom) Send(s string) {
	m.mu.Lock()
	m.letters = append(m.letters, s)
	m.mu.Unlock()
	m.ready.NotifyOne() // first the letter, then the notification
}

// Close lets the receivers have what is left, and then refuses.
func (m *Mailroom) Close() { m.ready.Close() }

func (m *Mailroom) take() (s string, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.letters) == 0 {
		return "", false
	}
	s, m.letters = m.letters[0], m.letters[1:]
	return s, true
}

// A Receive is the future of one letter; it is empty if the Mailroom is closed.
type Receive struct {
	from *Mailroom
	wait rouse.Waiter
}

func (r *Receive) Poll(cx rouse.Context) (letter string, ready bool) {
	_, ready = r.from.ready.WaitUntil(cx, &r.wait, func() (ok bool) {
		letter, ok = r.from.take()
		return ok
	})
	return letter, ready
}

// Drop gives up the place in the queue, if it has one.
func (r *Receive) Drop() { r.wait.Drop() }

// Many tasks wait for letters. Each letter is for one of them.
func ExampleWaitQueue() {
	e := NewExecutor()
	defer e.Stop()

	room := new(Mailroom)
	first := rouse.Spawn(&e.queue, &Receive{from: room})
	second := rouse.Spawn(&e.queue, &Receive{from: room})
	room.Send("hello")
	room.Send("world")
	a, _ := first.Join(context.Background())
	b, _ := second.Join(context.Background())
	fmt.Println(len(a), len(b))

	third := rouse.Spawn(&e.queue, &Receive{from: room})
	room.Close()
	c, _ := third.Join(context.Background())
	fmt.Printf("%q\n", c)
	// Output:
	// 5 5
	// ""
}

// A Turnstile is the future of one notification.
type Turnstile struct {
	queue *rouse.WaitQueue
	place rouse.Waiter // where this future waits
}

func (t *Turnstile) Poll(cx rouse.Context) (bool, bool) { return t.queue.Wait(cx, &t.place) }

// Drop gives up the place. If it was notified already, the next one is instead.
func (t *Turnstile) Drop() { t.place.Drop() }

// A Waiter is a field of the future that waits, so waiting allocates nothing.
func ExampleWaiter() {
	var q rouse.RunQueue
	var w rouse.WaitQueue
	first := rouse.Spawn(&q, &Turnstile{queue: &w})
	second := rouse.Spawn(&q, &Turnstile{queue: &w})
	for q.RunOne() {
	}
	w.NotifyOne()
	first.Abort() // it was notified, and gives up: the second one is notified
	for q.RunOne() {
	}
	res, _ := first.TryJoin()
	fmt.Println("first:", res.Value, res.Err != nil)
	res, _ = second.TryJoin()
	fmt.Println("second:", res.Value, res.Err != nil)
	// Output:
	// first: false true
	// second: true false
}
