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

// TestActorAllocatesNothing: neither to schedule an actor nor to run it, nor the
// guard of a run that may panic.
func TestActorAllocatesNothing(t *testing.T) {
	pool := make(chan *Actor, 1)
	handled := 0
	a := NewActor(pool, func(string) { handled++ })
	a.Start()
	w := Worker{queue: make(chan func(), 1)}
	job := func() { handled++ }
	once := func() {
		a.Post("x")
		(<-pool).Run()
		w.queue <- job
		if w.state.Notify() {
			w.idle.Add(1)
			w.run()
		}
	}
	if got := testing.AllocsPerRun(100, once); got != 0 || handled != 202 {
		t.Errorf("%v allocations, %d handled", got, handled)
	}
}

// TestActorLosesNothing pauses, starts and stops an actor while others post, with
// two goroutines in the pool.
func TestActorLosesNothing(t *testing.T) {
	for range 500 {
		pool := make(chan *Actor, 1)
		var accepted, handled atomic.Int32
		inside := 0 // of the runs, and of a Pause that reports true
		a := NewActor(pool, func(string) { inside++; handled.Add(1) })
		var posts, workers sync.WaitGroup
		for range 2 {
			workers.Add(1)
			go func() {
				defer workers.Done()
				for a := range pool {
					a.Run()
				}
			}()
			posts.Add(1)
			go func() {
				defer posts.Done()
				for range 10 {
					if a.Post("x") {
						accepted.Add(1)
					}
				}
			}()
		}
		for range 5 {
			a.Start()
			if a.Pause() {
				inside++
			}
		}
		a.Start()
		posts.Wait()
		for handled.Load() != accepted.Load() {
			runtime.Gosched()
		}
		for !a.state.Load().Idle() { // the last run has still to end
			runtime.Gosched()
		}
		a.Stop()
		close(pool)
		workers.Wait()
		if a.Post("x") || accepted.Load() != 20 || !a.state.Load().Complete() {
			t.Fatalf("%d accepted, state %v", accepted.Load(), a.state.Load())
		}
	}
}
