package rouse

import "context"

// The costs of what a runtime needs besides its tasks.
func pieceCosts() (cs []cost) {
	for _, more := range []func() []cost{parkerCosts, waitQueueCosts, semaphoreCosts, stealQueueCosts} {
		cs = append(cs, more()...)
	}
	return cs
}

func parkerCosts() []cost {
	p := new(Parker)
	ctx := context.Background()
	ended, end := context.WithCancel(context.Background())
	end()
	ready := wait{&job{ready: true}}
	p.WakerRef()
	p.ParkTimeout(0)
	permit := p.Unpark
	return []cost{
		{"Parker.Unpark, awake", 1, 0, nil, p.Unpark, p.Park},
		{"Parker.Unpark, a permit", 1, 0, permit, p.Unpark, p.Park},
		{"Parker.Park, a permit", 1, 0, permit, p.Park, nil},
		{"Parker.ParkTimeout, a permit", 1, 0, permit, func() { p.ParkTimeout(late) }, nil},
		{"Parker.ParkTimeout, no permit, no time", 2, 0, nil, func() { p.ParkTimeout(0) }, nil},
		{"Parker.ParkContext, a permit", 1, 0, permit, func() { p.ParkContext(ctx) }, nil},
		{"Parker.ParkContext, ended", 0, 0, nil, func() { p.ParkContext(ended) }, nil},
		{"Parker.WakerRef", 0, 0, nil, func() { p.WakerRef() }, nil},
		{"BlockOn, ready at once", 0, 2, nil, func() { BlockOn[int](ctx, ready) }, nil},
	}
}

func waitQueueCosts() []cost {
	q, shut := new(WaitQueue), new(WaitQueue)
	shut.Close()
	s := newSitters(2)
	other := NoopWaker()
	wait := func() { q.Wait(s[0].cx(), &s[0].Waiter) }
	take := func() { wait(); s[0].Waiter.Drop() }
	woken := func() { wait(); s[0].due.take().Run(); s[0].kept.Drop() }
	leave := func() { s[0].Waiter.Drop() }
	waits := func() { q.WaitUntil(s[0].cx(), &s[0].Waiter, func() bool { return false }) }
	return []cost{
		{"WaitQueue.NotifyOne, nobody waits", 1, 0, nil, q.NotifyOne, wait},
		{"WaitQueue.NotifyOne, one is kept", 1, 0, q.NotifyOne, q.NotifyOne, wait},
		{"WaitQueue.NotifyOne, closed", 0, 0, nil, shut.NotifyOne, nil},
		{"WaitQueue.NotifyOne, one waits", 1, 0, wait, q.NotifyOne, woken}, // the wake
		{"WaitQueue.NotifyAll, nobody waits", 0, 0, nil, q.NotifyAll, nil},
		{"WaitQueue.NotifyAll, one waits", 1, 0, wait, q.NotifyAll, woken},
		{"WaitQueue.Wait, one is kept", 1, 0, q.NotifyOne, wait, nil},
		{"WaitQueue.Wait, closed", 0, 0, nil, func() { shut.Wait(s[0].cx(), &s[0].Waiter) }, nil},
		{"WaitQueue.Wait, to wait", 2, 0, nil, wait, take}, // a clone, and the state
		{"WaitQueue.Wait, to wait on", 0, 0, wait, wait, take},
		{"WaitQueue.Wait, with another waker", 1, 0, wait, func() { q.Wait(NewContext(other.Borrow()), &s[0].Waiter) }, take},
		{"WaitQueue.WaitUntil, it holds", 0, 0, nil, func() { q.WaitUntil(s[0].cx(), &s[0].Waiter, func() bool { return true }) }, nil},
		{"WaitQueue.WaitUntil, to wait", 2, 0, nil, waits, take},
		{"Waiter.Drop, idle", 0, 0, nil, leave, nil},
		{"Waiter.Drop, waits", 1, 0, wait, leave, nil}, // the waker
	}
}

func semaphoreCosts() []cost {
	q, shut := new(Semaphore), new(Semaphore)
	shut.Close()
	q.Release(1)
	s := newSitters(1)
	try := func() { q.TryAcquire(1) }
	one := func() { q.Release(1) }
	wait := func() { q.Acquire(s[0].cx(), &s[0].Waiter, 2) }
	leave := func() { s[0].Waiter.Drop() }
	woken := func() { wait(); s[0].due.take().Run(); s[0].kept.Drop(); one() }
	return []cost{
		{"Semaphore.TryAcquire", 1, 0, nil, try, one},
		{"Semaphore.TryAcquire, too few", 0, 0, nil, func() { q.TryAcquire(2) }, nil},
		{"Semaphore.Release, nobody waits", 1, 0, try, one, nil},
		{"Semaphore.Release, one waits", 1, 0, wait, one, woken}, // the wake
		{"Semaphore.Acquire, at once", 1, 0, nil, func() { q.Acquire(s[0].cx(), &s[0].Waiter, 1) }, one},
		{"Semaphore.Acquire, closed", 0, 0, nil, func() { shut.Acquire(s[0].cx(), &s[0].Waiter, 1) }, nil},
		{"Semaphore.Acquire, to wait", 2, 0, nil, wait, leave}, // a clone, and the state
		{"Semaphore.Acquire, to wait on", 0, 0, wait, wait, leave},
		{"Waiter.Drop, of a Semaphore", 1, 0, wait, leave, nil}, // the waker
	}
}

func stealQueueCosts() []cost {
	q, other, shared := new(StealQueue), new(StealQueue), new(SharedQueue)
	notes := make([]Notified, 2*stealRing)
	for i := range notes {
		notes[i] = jobs.InitNotified(new(job))
	}
	next := 0
	push := func() { q.Push(notes[next%len(notes)], shared); next++ }
	pop := func() { q.Pop() }
	three := func() { push(); push(); push() }
	clear := func() {
		for _, q := range []interface{ Pop() (Notified, bool) }{q, other, shared} {
			for _, ok := q.Pop(); ok; _, ok = q.Pop() {
			}
		}
	}
	fill := func() {
		for range stealRing {
			push()
		}
	}
	share := func() { shared.Push(notes[0]); shared.Push(notes[1]); shared.Push(notes[2]) }
	return []cost{
		{"StealQueue.Push", 0, 0, nil, push, pop},
		{"StealQueue.Push, full", 1, 0, fill, push, clear},
		{"StealQueue.Pop", 1, 0, push, pop, nil},
		{"StealQueue.Pop, empty", 0, 0, nil, pop, nil},
		{"StealQueue.Steal", 2, 0, three, func() { other.Steal(q) }, clear},
		{"StealQueue.Steal, nothing", 0, 0, nil, func() { other.Steal(q) }, nil},
		{"StealQueue.Take", 0, 0, share, func() { q.Take(shared) }, clear},
		{"StealQueue.Take, nothing", 0, 0, nil, func() { q.Take(shared) }, nil},
		{"SharedQueue.Push", 0, 0, nil, func() { shared.Push(notes[0]) }, clear},
		{"SharedQueue.Pop", 0, 0, share, func() { shared.Pop() }, clear},
	}
}
