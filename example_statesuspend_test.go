package rouse_test

import (
	"fmt"
	"slices"
	"sync"

	"github.com/rouse-go/rouse"
)

// An Actor is a mailbox that a pool of goroutines runs, at most batch posts at a
// time. The pool takes the Actor itself: func values made of its methods would be
// allocated for each run.
type Actor struct {
	state  rouse.State
	pool   chan *Actor // with room for all actors, since each is in it at most once
	mu     sync.Mutex
	posts  []string
	handle func(post string)
}

const batch = 2

// NewActor returns an Actor that takes posts, and handles none before Start.
func NewActor(pool chan *Actor, handle func(string)) *Actor {
	a := &Actor{pool: pool, handle: handle}
	a.state.Suspend()
	return a
}

func (a *Actor) Start() {
	if a.state.Resume() { // something was posted meanwhile
		a.pool <- a
	}
}

// Pause has no handler called any more until Start. It reports false if one is
// still to return.
func (a *Actor) Pause() bool { return a.state.Suspend() }

// Post reports false if the actor is stopped.
func (a *Actor) Post(s string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	start, ok := a.state.TryNotify()
	if ok {
		a.posts = append(a.posts, s)
	}
	if start {
		a.pool <- a
	}
	return ok
}

// Run is called by a goroutine of the pool.
func (a *Actor) Run() {
	if !a.state.Begin() {
		a.end()
		return
	}
	again := false
	if a.some() { // and there may be more: others have their turn first
		again = a.state.Yield()
	} else {
		again = a.state.End()
	}
	if again {
		a.pool <- a
	}
}

// some handles a batch, and reports whether it was a full one. It ends early if
// the actor is stopped or paused.
func (a *Actor) some() (full bool) {
	for range batch {
		a.mu.Lock()
		if len(a.posts) == 0 {
			a.mu.Unlock()
			return false
		}
		s := a.posts[0]
		a.posts = slices.Delete(a.posts, 0, 1)
		a.mu.Unlock()
		a.handle(s)
		if n := a.state.Load(); n.Cancelled() || n.Suspended() {
			break
		}
	}
	return true
}

// Stop refuses posts from now on, and drops those that were not handled.
func (a *Actor) Stop() {
	if a.state.Close() {
		a.end()
	}
}

func (a *Actor) end() {
	for again := true; again; again = !a.state.Finish() {
		a.mu.Lock()
		a.posts = a.posts[:0]
		a.mu.Unlock()
	}
}

// Restart has a stopped actor take posts again, and handle them once it is
// started. It reports false if the actor has not ended yet.
func (a *Actor) Restart() bool {
	a.state.Suspend()
	return a.state.Open()
}

// The whole life of an actor: it takes posts before it is started, gives way after
// each batch, is paused, stopped, and started again.
func ExampleState_Suspend() {
	pool := make(chan *Actor, 1)
	work := func() {
		for len(pool) > 0 {
			(<-pool).Run()
		}
	}
	a := NewActor(pool, func(post string) { fmt.Println("got", post) })
	a.Post("one")
	a.Post("two")
	a.Post("three")
	work()
	fmt.Println("started")
	a.Start()
	work()
	fmt.Println("paused:", a.Pause())
	a.Post("four")
	work()
	a.Stop()
	fmt.Println("accepted:", a.Post("five"))
	fmt.Println("restarted:", a.Restart())
	a.Post("six")
	a.Start()
	work()
	// Output:
	// started
	// got one
	// got two
	// got three
	// paused: true
	// accepted: false
	// restarted: true
	// got six
}
