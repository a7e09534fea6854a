package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// A tally is what has happened in a round. Of most things there are two
// counts, taken at different places, that have to agree in the end.
type tally struct {
	spawned, ended         atomic.Uint64 // futures made and destroyed
	made, gone             atomic.Uint64 // outputs
	granted, ran, refused  atomic.Uint64 // Notifieds
	initialised, released  atomic.Uint64 // tasks of level 1 with counted wakers
	resolved               atomic.Uint64 // JoinHandles
	polls, wakes           atomic.Uint64
	aborts, panics, checks atomic.Uint64
	walks                  atomic.Uint64 // over the list of the tasks

	// Of the pieces, which have tasks of their own.
	sessions, offices atomic.Uint64 // that have come to their end
	visits, visited   atomic.Uint64 // visitors made and ended
	handed, served    atomic.Uint64 // Notifieds of a stealCrew, and runs
	permits, left     atomic.Uint64 // made, and there in the end
	brought           atomic.Uint64 // items
	taken, kept       atomic.Uint64 // items
	posted, handled   atomic.Uint64 // letters

	mu    sync.Mutex
	wrong []string
}

func (t *tally) String() string {
	return fmt.Sprintf("%d spawns, %d wakes, %d polls, %d recorded aborts, %d panics, %d joins, %d walks over the list, %d checks of quiet; %d visits in %d sessions, %d letters in %d offices",
		t.spawned.Load(), t.wakes.Load(), t.polls.Load(), t.aborts.Load(), t.panics.Load(), t.resolved.Load(), t.walks.Load(), t.checks.Load(),
		t.visits.Load(), t.sessions.Load(), t.posted.Load(), t.offices.Load())
}

func (t *tally) add(o *tally) {
	for _, c := range [][2]*atomic.Uint64{
		{&t.spawned, &o.spawned}, {&t.wakes, &o.wakes}, {&t.polls, &o.polls}, {&t.aborts, &o.aborts},
		{&t.panics, &o.panics}, {&t.resolved, &o.resolved}, {&t.walks, &o.walks}, {&t.checks, &o.checks},
		{&t.visits, &o.visits}, {&t.sessions, &o.sessions}, {&t.posted, &o.posted}, {&t.offices, &o.offices},
	} {
		c[0].Add(c[1].Load())
	}
}

// tasks is how many there were.
func (t *tally) tasks() uint64 { return t.spawned.Load() }

func (t *tally) failf(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.wrong) < 10 {
		t.wrong = append(t.wrong, fmt.Sprintf(format, args...))
	}
}

func (t *tally) failed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.wrong) > 0
}

// findings is to be called when the round is over.
func (t *tally) findings() []string {
	for _, c := range []struct {
		what     string
		in, out  uint64
		in2, of2 string
	}{
		{"futures", t.spawned.Load(), t.ended.Load(), "made", "destroyed"},
		{"outputs", t.made.Load(), t.gone.Load(), "made", "taken or destroyed"},
		{"Notifieds", t.granted.Load(), t.ran.Load() + t.refused.Load(), "handed over", "run or dropped"},
		{"tasks of level 1", t.initialised.Load(), t.released.Load(), "made", "released"},
		{"visitors", t.visits.Load(), t.visited.Load(), "made", "ended"},
		{"Notifieds of workers that steal", t.handed.Load(), t.served.Load(), "handed over", "run"},
		{"permits", t.permits.Load(), t.left.Load(), "made", "left"},
		{"items", t.brought.Load(), t.taken.Load() + t.kept.Load(), "brought", "taken or left"},
		{"letters", t.posted.Load(), t.handled.Load(), "accepted", "handled"},
	} {
		if c.in != c.out {
			t.failf("%d %s %s, %d %s", c.in, c.what, c.in2, c.out, c.of2)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.wrong
}
