package bench

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/bench/harness"
)

// noWaker is the context of a task that need not wait.
func noWaker() rouse.Context {
	w := rouse.NoopWaker()
	return rouse.NewContext(w.Borrow())
}

// A seat is what waits in a queue, and the queues.
type seat struct {
	queue   rouse.WaitQueue
	permits rouse.Semaphore
	waiter  rouse.Waiter
}

// notifyWait: a notification with nobody waiting, and a task that takes it.
func notifyWait(n, _ int) harness.Sample {
	s, cx, taken := new(seat), noWaker(), 0
	return harness.Timed(n, func() {
		for range n {
			s.queue.NotifyOne()
			if _, ready := s.queue.Wait(cx, &s.waiter); ready {
				taken++
			}
		}
	}).Count("ready", taken)
}

// notifyKept: a notification that is kept already.
func notifyKept(n, _ int) harness.Sample {
	s := new(seat)
	return harness.Timed(n, func() {
		for range n {
			s.queue.NotifyOne()
		}
	})
}

// waitWoken: a task waits, is notified, and goes on. It stays notified
// meanwhile.
func waitWoken(n, _ int) harness.Sample {
	tasks, s, taken := park(1), new(seat), 0
	cx := rouse.NewContext(tasks.wakers[0].Borrow())
	got := harness.Timed(n, func() {
		for range n {
			s.queue.Wait(cx, &s.waiter)
			s.queue.NotifyOne()
			if _, ready := s.queue.Wait(cx, &s.waiter); ready {
				taken++
			}
		}
	})
	tasks.drain()
	return got.Count("ready", taken).Count("polls", tasks.polls)
}

// semaphore: a permit that is there is acquired and released.
func semaphore(n, _ int) harness.Sample {
	s, cx, taken := new(seat), noWaker(), 0
	s.permits.Release(1)
	return harness.Timed(n, func() {
		for range n {
			if _, ready := s.permits.Acquire(cx, &s.waiter, 1); ready {
				taken++
			}
			s.permits.Release(1)
		}
	}).Count("ready", taken)
}

func semaphoreTry(n, _ int) harness.Sample {
	s, taken := new(seat), 0
	s.permits.Release(1)
	return harness.Timed(n, func() {
		for range n {
			if s.permits.TryAcquire(1) {
				taken++
			}
			s.permits.Release(1)
		}
	}).Count("ready", taken)
}

// semaphoreWoken: a task waits for a permit, which another releases, and goes
// on.
func semaphoreWoken(n, _ int) harness.Sample {
	tasks, s, taken := park(1), new(seat), 0
	cx := rouse.NewContext(tasks.wakers[0].Borrow())
	got := harness.Timed(n, func() {
		for range n {
			s.permits.Acquire(cx, &s.waiter, 1)
			s.permits.Release(1)
			if _, ready := s.permits.Acquire(cx, &s.waiter, 1); ready {
				taken++
			}
		}
	})
	tasks.drain()
	return got.Count("ready", taken).Count("polls", tasks.polls)
}
