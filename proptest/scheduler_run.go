package proptest

import (
	"sync"
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

func runsOnce(t *trial) {
	for _, n := range []int{1, 2, 100} {
		ps := t.spawnMany(n, nil)
		t.await(func() bool { return each(ps, finished) })
		t.ready(ps, 1)
	}
}

func runsForEachWake(t *trial) {
	const wakes = 5
	ps := t.spawnMany(20, pending(wakes+1))
	for i := range int32(wakes) {
		t.pend(ps, i+1)
		for _, p := range ps {
			p.wake()
		}
	}
	t.await(func() bool { return each(ps, finished) })
	t.ready(ps, wakes+1)
}

func runsYielded(t *trial) {
	const polls = 10
	ps := t.spawnMany(20, func(p *probe, cx rouse.Context) bool {
		cx.Waker().WakeByRef()
		return p.polls.Load() >= polls
	})
	t.await(func() bool { return each(ps, finished) })
	t.ready(ps, polls)
}

// handsOver looks at every way in which a Notified comes to be: the probes
// themselves see on whose stack they are.
func handsOver(t *trial) {
	woken := t.spawn(pending(2))
	byRef := t.spawn(pending(2))
	aborted := t.spawn(pending(2))
	orphaned := t.spawn(pending(2))
	ps := []*probe{woken, byRef, aborted, orphaned}
	t.pend(ps, 1)
	woken.wake()
	ref := byRef.take()
	t.calling("Schedule, called by WakeByRef", ref.WakeByRef)
	t.calling("Schedule, called by Abort", func() { aborted.handle.Abort() })
	last := orphaned.take()
	t.calling("Schedule, called by Drop of the last waker", last.Drop)
	t.await(func() bool { return each(ps, finished) })
	ref.Drop()
	t.ready([]*probe{woken, byRef}, 2)
	for _, p := range []*probe{aborted, orphaned} {
		if res, done := p.handle.TryJoin(); !done || res.Err == nil {
			t.fatalf("a task that was cancelled while it was idle never ends: the Notified that Schedule receives then, with the reason Cancelled, is as good as any other")
		}
	}
}

func calledInPoll(t *trial) {
	woken := t.spawnMany(4, pending(2))
	aborted := t.spawn(pending(2))
	t.pend(append(woken, aborted), 1)
	var alone sync.Mutex
	var spawned []*probe
	caller := t.spawn(func(p *probe, cx rouse.Context) bool {
		for _, o := range woken {
			o.wake()
		}
		p.t.calling("Schedule, called by Abort inside a Poll", func() { aborted.handle.Abort() })
		ps := p.t.spawnMany(4, nil)
		p.t.calling("Yield, for a task that wakes itself", cx.Waker().WakeByRef)
		alone.Lock()
		spawned = append(spawned, ps...)
		alone.Unlock()
		return p.polls.Load() == 2
	})
	t.await(func() bool {
		alone.Lock()
		defer alone.Unlock()
		return len(spawned) == 8 && each(spawned, finished) && each(woken, finished) && finished(aborted) && finished(caller)
	})
	t.ready([]*probe{caller}, 2)
	t.ready(woken, 2)
	t.ready(spawned, 1)
}

// many is more than any queue of a fixed length has room for.
const many = 20_000

func doesNotBlock(t *trial) {
	t.watching = false // there are too many
	outside := t.spawnMany(many, nil)
	t.await(func() bool { return each(outside, finished) })
	t.ready(outside, 1)

	var inside []*probe
	var spawned atomic.Bool
	caller := t.spawn(func(*probe, rouse.Context) bool {
		inside = t.spawnMany(many, nil)
		spawned.Store(true)
		return true
	})
	t.await(func() bool { return spawned.Load() && each(inside, finished) && finished(caller) })
	t.ready([]*probe{caller}, 1)
	t.ready(inside, 1)
}

func calledByMany(t *trial) {
	const callers, perCaller = 8, 200
	tasks := make([][]*probe, callers)
	together(callers, func(i int) {
		tasks[i] = t.spawnMany(perCaller, pending(2))
		for _, p := range tasks[i] {
			p.wake() // if it was polled already
		}
	})
	for _, ps := range tasks {
		// Wake what had no waker yet, until all had their second poll.
		t.await(func() bool {
			for _, p := range ps {
				p.wake()
			}
			return each(ps, finished)
		})
		t.await(func() bool { return each(ps, finished) })
		t.ready(ps, 2)
	}
}
