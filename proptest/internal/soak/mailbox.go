package main

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

// A mailbox is a State with a queue of letters, as the package documentation has it:
// a pool of goroutines runs it, some letters at a time. Its handler forwards letters,
// and sometimes panics.
type mailbox struct {
	o     *office
	id    int
	state rouse.State
	owed  atomic.Bool // a run, of which it stands in the pool

	mu       sync.Mutex
	letters  []letter
	accepted []int // by sender, guarded by mu

	// These are the run's, or, while a Suspend that found no run is in force, the
	// owner's. The race detector sees if there are two.
	handled []int // by sender
	rng     *rand.Rand
	inside  atomic.Bool // the same, for builds without race detector
	ends    int         // how often it was finished

	restarts int // the owner's
}

// A letter is the n-th that the mailbox has accepted of its sender.
type letter struct{ from, n, hops int }

// post reports false if the mailbox is closed. from is used by one goroutine at a time.
func (m *mailbox) post(from, hops int) bool {
	m.mu.Lock()
	start, ok := m.state.TryNotify()
	if ok {
		m.accepted[from]++
		m.letters = append(m.letters, letter{from, m.accepted[from], hops})
		m.o.posted.Add(1)
	}
	m.mu.Unlock()
	if start {
		m.start()
	}
	if start && !ok {
		m.o.r.failf("TryNotify has a run started of a State that it says is closed")
	}
	return ok
}

// start puts the mailbox into the pool. It is there once, or an owed run was told of
// twice.
func (m *mailbox) start() {
	if m.owed.Swap(true) {
		m.o.r.failf("two runs of a mailbox are owed")
		return
	}
	m.o.pool <- m
}

// run is called by a goroutine of the pool.
func (m *mailbox) run() {
	m.owed.Store(false)
	held := true
	defer m.guard(&held)
	if !m.state.Begin() {
		m.finish(&held)
		return
	}
	if m.o.stops && m.rng.IntN(50) == 0 { // it ends without a Close
		m.finish(&held)
		return
	}
	more := m.some(true)
	held = false
	var again bool
	if more {
		again = m.state.Yield()
	} else {
		again = m.state.End()
	}
	if again {
		m.start()
	}
}

// guard gives up the run of a handler that panics.
func (m *mailbox) guard(held *bool) {
	if v := recover(); v != nil && v != errPlanned {
		m.o.r.failf("a mailbox panics: %v", v)
	}
	if *held && m.state.Yield() {
		m.start()
	}
}

// close is the owner's.
func (m *mailbox) close() {
	if m.state.Close() {
		held := true
		defer m.guard(&held)
		m.finish(&held)
	}
}

// finish handles what was accepted before the mailbox was closed, and ends it.
func (m *mailbox) finish(held *bool) {
	for again := true; again; {
		m.some(false)
		m.ends++
		if again = !m.state.Finish(); again {
			m.ends--
		}
	}
	*held = false
}

// batch is how many letters a run handles.
const batch = 4

// some handles letters: all there are, or a batch of them. It reports whether there
// may be more.
func (m *mailbox) some(few bool) (more bool) {
	if m.inside.Swap(true) {
		m.o.r.failf("two runs of a mailbox at once")
	}
	defer m.inside.Store(false)
	for i := 0; !few || i < batch; i++ {
		m.mu.Lock()
		if len(m.letters) == 0 {
			m.mu.Unlock()
			return false
		}
		l := m.letters[0]
		m.letters = m.letters[1:]
		m.mu.Unlock()
		m.handle(l)
		if few && m.state.Load().Suspended() {
			return true
		}
	}
	return true
}

func (m *mailbox) handle(l letter) {
	if m.handled[l.from]++; m.handled[l.from] != l.n {
		m.o.r.failf("letter %d of sender %d is the %d-th to be handled", l.n, l.from, m.handled[l.from])
	}
	m.o.handled.Add(1)
	if l.hops > 0 {
		m.o.boxes[m.rng.IntN(len(m.o.boxes))].post(senders+m.id, l.hops-1)
	}
	if m.rng.IntN(100) == 0 {
		panic(errPlanned)
	}
}
