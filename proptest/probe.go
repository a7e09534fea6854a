package proptest

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

// A probe is a future that does what its check wants, and looks at how it is
// run. It keeps a Clone of its waker while it is pending.
type probe struct {
	t      *trial
	poll   func(p *probe, cx rouse.Context) bool // nil: ready at once
	drop   func()                                // optional
	polls  atomic.Int32
	drops  atomic.Int32
	handle rouse.JoinHandle[int]

	alone sync.Mutex // guards what follows
	waker rouse.Waker
	task  rouse.RawTask
}

func (p *probe) Poll(cx rouse.Context) (int, bool) {
	p.polls.Add(1)
	if p.t.watching && handedOver() {
		p.t.errorf("Schedule or Yield ran the task on the stack of whoever woke it: queue the Notified there, and call its Run from the scheduler's own loop, with no lock held")
	}
	p.alone.Lock()
	p.task, _ = cx.Waker().Task()
	p.alone.Unlock()
	if p.poll == nil || p.poll(p, cx) {
		return 1, true
	}
	p.alone.Lock()
	p.waker.CloneFrom(cx.Waker())
	p.alone.Unlock()
	return 0, false
}

func (p *probe) Drop() {
	p.drops.Add(1)
	if p.t.watching && !p.t.closed.Load() && handedOver() {
		p.t.errorf("Schedule or Yield of an open scheduler dropped the Notified: an open scheduler queues every one; only a closed one calls Notified.Drop")
	}
	if w := p.take(); !w.IsZero() {
		w.Drop()
	}
	if p.drop != nil {
		p.drop()
	}
}

// pending is a probe that is ready at its nth poll.
func pending(n int32) func(*probe, rouse.Context) bool {
	return func(p *probe, _ rouse.Context) bool { return p.polls.Load() >= n }
}

// spawn spawns a probe, in a call that is watched.
func (t *trial) spawn(poll func(*probe, rouse.Context) bool) *probe {
	p := &probe{t: t, poll: poll}
	t.spawned(p, rouse.Options{})
	return p
}

func (t *trial) spawned(p *probe, o rouse.Options) {
	t.calling("Schedule, called by Spawn", func() { p.handle = rouse.SpawnWith(t.Scheduler, p, o) })
}

func (t *trial) spawnMany(n int, poll func(*probe, rouse.Context) bool) []*probe {
	ps := make([]*probe, n)
	for i := range ps {
		ps[i] = t.spawn(poll)
	}
	return ps
}

// take returns the waker that the probe kept, or a zero one.
func (p *probe) take() rouse.Waker {
	p.alone.Lock()
	defer p.alone.Unlock()
	return p.waker.Move()
}

func (p *probe) keeps() bool {
	p.alone.Lock()
	defer p.alone.Unlock()
	return !p.waker.IsZero()
}

// raw is valid once the task was polled.
func (p *probe) raw() rouse.RawTask {
	p.alone.Lock()
	defer p.alone.Unlock()
	return p.task
}

// wake wakes the probe by the waker it kept, in a call that is watched.
func (p *probe) wake() {
	w := p.take()
	if !w.IsZero() {
		p.t.calling("Schedule, called by Wake", func() { w.Wake() })
	}
}

// each reports whether f holds of all probes.
func each(ps []*probe, f func(*probe) bool) bool {
	for _, p := range ps {
		if !f(p) {
			return false
		}
	}
	return true
}

func (p *probe) polled(n int32) bool { return p.polls.Load() >= n }

func finished(p *probe) bool { return p.handle.IsFinished() }

// count returns of how many probes f holds.
func count(ps []*probe, f func(*probe) bool) (n int) {
	for _, p := range ps {
		if f(p) {
			n++
		}
	}
	return n
}

// sound checks that no task was misused.
func (t *trial) sound(ps []*probe) {
	for _, p := range ps {
		if p.polled(1) && p.raw().Snapshot().Poisoned() {
			t.fatalf("Run or Drop was called again for a Notified that was consumed before (%v): call one of them, once, and do not ignore what it panics with", p.raw().Snapshot())
		}
	}
}

// pend waits until all tasks were polled so often, and each keeps its waker,
// which is the last that a pending poll does.
func (t *trial) pend(ps []*probe, polls int32) {
	kept := func(p *probe) bool { return p.polled(polls) && p.keeps() }
	if !t.await(func() bool { return each(ps, kept) }) {
		t.sound(ps)
		t.fatalf("%d of %d tasks that were due %d times were polled as often: every Notified that the scheduler receives must be Run", count(ps, kept), len(ps), polls)
	}
}

// ready checks that the tasks ended by themselves, after so many polls each.
func (t *trial) ready(ps []*probe, polls int32) {
	t.sound(ps)
	for _, p := range ps {
		res, done := p.handle.TryJoin()
		switch {
		case !done:
			t.fatalf("%d of %d tasks never ended, though each was handed to Schedule or Yield whenever it was due: every Notified that the scheduler receives must be Run, or, once it is closed, dropped", count(ps, func(p *probe) bool { return p.handle.IsZero() || !finished(p) }), len(ps))
		case errors.Is(res.Err, rouse.ErrDropped):
			t.fatalf("a task was cancelled as dropped by its scheduler, which is open: queue every Notified, also when there are many; only a closed scheduler calls Notified.Drop")
		case res.Err != nil:
			t.fatalf("a task that should be ready ended with: %v", res.Err)
		case p.polls.Load() != polls:
			t.fatalf("a task was polled %d times, due %d times: call Run once for each Notified", p.polls.Load(), polls)
		}
	}
}

// resolved checks that the tasks of a closed scheduler ended, in one way or another.
func (t *trial) resolved(ps []*probe, what string) {
	if !t.await(func() bool { return each(ps, finished) }) {
		t.unresolved(ps, what)
	}
	for _, p := range ps {
		res, _ := p.handle.TryJoin()
		if res.Err != nil && !errors.Is(res.Err, rouse.ErrDropped) && !errors.Is(res.Err, rouse.ErrShutdown) {
			t.fatalf("a task %s ended with: %v", what, res.Err)
		}
	}
}

func (t *trial) unresolved(ps []*probe, what string) {
	t.fatalf("%d of %d tasks %s never resolve: a closed scheduler must call Drop on every Notified that it has, and on every one that still comes, after it has released its locks",
		count(ps, func(p *probe) bool { return !finished(p) }), len(ps), what)
}

// together calls f on n goroutines at once, and returns when all have.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f(i)
			runtime.Gosched()
		}()
	}
	wg.Wait()
}
