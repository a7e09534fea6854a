package main

import (
	"sync"
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

// A job is what a task of either level does: something at random, whenever it
// is polled. There is a new one for each tenant of a cell.
type job struct {
	r    *round
	slot *slot
	rng  uint64 // of the poll

	// sent counts the wakes before they are made, seen is what the last poll
	// found there: once all is quiet they are equal, or a wake was lost.
	sent, seen atomic.Uint64

	polling  atomic.Bool
	over     atomic.Bool // the future is destroyed
	released atomic.Bool // of level 1
}

// A verdict is what a poll comes to.
type verdict int

const (
	pending verdict = iota
	ready
)

func (j *job) poll(cx rouse.Context) verdict {
	t := &j.r.tally
	if j.polling.Swap(true) {
		t.failf("two polls at once")
	}
	defer j.polling.Store(false)
	if j.over.Load() {
		t.failf("a poll after the end")
	}
	t.polls.Add(1)
	j.seen.Store(j.sent.Load())
	j.rng = j.rng*6364136223846793005 + 1442695040888963407
	switch p := j.rng >> 33 % 1000; {
	case p < 5:
		t.panics.Add(1)
		panic(errPlanned)
	case p < 30:
		return ready
	case p < 130:
		j.slot.keep(j, cx.Waker())
		j.sent.Add(1)
		t.wakes.Add(1)
		cx.Waker().WakeByRef()
	case p < 145: // keeps no waker: if there is no other it is an orphan
	default:
		j.slot.keep(j, cx.Waker())
	}
	return pending
}

// end is the future's destructor, or what stands for it.
func (j *job) end() {
	if j.over.Swap(true) {
		j.r.failf("a second end")
	}
	j.r.ended.Add(1)
	if p := j.rng >> 43 % 100; p < 5 {
		j.r.nudge(int(j.rng >> 20))
	}
}

// A future is a job of level 2.
type future struct{ *job }

func (f future) Poll(cx rouse.Context) (output, bool) {
	if f.poll(cx) == pending {
		return output{}, false
	}
	f.r.made.Add(1)
	return output{f.job, new(atomic.Bool)}, true
}

func (f future) Drop() { f.end() }

// An output is taken or destroyed, once.
type output struct {
	j    *job
	gone *atomic.Bool
}

func (o output) Drop() {
	if o.gone.Swap(true) {
		o.j.r.failf("an output is destroyed twice")
	}
	o.j.r.gone.Add(1)
}

// A conn is a task of level 1, and is recycled.
type conn struct {
	rouse.Header
	job  *job
	pool *sync.Pool // of those that the same Vtable made
}

var connOps = rouse.Ops[conn]{
	Poll: func(c *conn, cx rouse.Context) bool {
		if c.job.poll(cx) == pending {
			return false
		}
		c.job.end()
		return true
	},
	Cancel:   func(c *conn, _ rouse.Cause) { c.job.end() },
	Schedule: func(c *conn, n rouse.Notified, why rouse.Reason) { c.job.r.crew.Schedule(n, why) },
	Release: func(c *conn) {
		r := c.job.r
		if c.job.released.Swap(true) || !c.job.over.Load() {
			r.failf("a second release, or one before the end")
		}
		r.released.Add(1)
		if !c.Snapshot().Pinned() {
			c.pool.Put(c)
		}
	},
	Panicked: func(*conn, *rouse.JoinError) bool { return true },
}

var (
	conns          = rouse.NewVtable(connOps)
	checkedConns   = rouse.NewVtable(with(func(o *rouse.Ops[conn]) { o.OrphanCheck = true }))
	uncountedConns = rouse.NewVtable(with(func(o *rouse.Ops[conn]) { o.Uncounted = true; o.Release = nil }))
)

func with(change func(*rouse.Ops[conn])) rouse.Ops[conn] {
	o := connOps
	change(&o)
	return o
}
