package rouse_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// TestMailboxLosesNothing closes the Mailbox of ExampleState while others post:
// whatever Post accepts is handled once, and nothing else is.
func TestMailboxLosesNothing(t *testing.T) {
	for range 2000 {
		var accepted, refused, handled atomic.Int32
		m := Mailbox{handle: func(string) { handled.Add(1) }}
		var wg sync.WaitGroup
		for range 2 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range 3 {
					if m.Post("x") {
						accepted.Add(1)
					} else {
						refused.Add(1)
					}
				}
			}()
		}
		wg.Add(1)
		go func() { defer wg.Done(); m.Close() }()
		wg.Wait()
		for !m.state.Load().Complete() { // a run is under way still
			runtime.Gosched()
		}
		if a, r, h := accepted.Load(), refused.Load(), handled.Load(); h != a || a+r != 6 {
			t.Fatalf("accepted %d, refused %d, handled %d", a, r, h)
		}
	}
}

// TestMailboxRefusesDuringItsEnd posts from the last handler: a post is refused
// from the moment of Close.
func TestMailboxRefusesDuringItsEnd(t *testing.T) {
	var m Mailbox
	again := true
	m.handle = func(string) { again = m.Post("after Close") }
	m.posts = append(m.posts, "x") // as if accepted before
	m.Close()
	if again || len(m.posts) != 0 || !m.state.Load().Complete() {
		t.Errorf("accepted %v, left %q, state %v", again, m.posts, m.state.Load())
	}
}

// TestMailboxLooksAgain notifies from the last handler, as a post does that is
// not refused: the end looks again.
func TestMailboxLooksAgain(t *testing.T) {
	var m Mailbox
	var handled []string
	m.handle = func(s string) {
		handled = append(handled, s)
		if s == "x" {
			m.posts = append(m.posts, "between the last look and Finish")
			m.state.Notify()
		}
	}
	m.posts = append(m.posts, "x")
	m.Close()
	if len(handled) != 2 || !m.state.Load().Complete() {
		t.Errorf("handled %q, state %v", handled, m.state.Load())
	}
}
