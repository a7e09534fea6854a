package rouse

import (
	"context"
	"math/bits"
	"runtime"
	"sync"
	"testing"
)

func (s *sitter) acquires(t *testing.T, q *Semaphore, n int, want polled) {
	t.Helper()
	ok, ready := q.Acquire(s.cx(), &s.Waiter, n)
	if got := (polled{ok, ready}); got != want {
		t.Errorf("polled: %+v, want %+v", got, want)
	}
}

// has checks how many permits there are when nobody waits.
func (q *Semaphore) has(t *testing.T, n int) {
	t.Helper()
	if got := q.state.Load(); got != uint64(n)*semaOne {
		t.Errorf("%d permits, flags %b; want %d", got/semaOne, got&semaFlags, n)
	}
}

func (q *Semaphore) atEase(t *testing.T, n int, sitters []*sitter) {
	t.Helper()
	atEase(t, q.state.Load()-uint64(n)*semaOne, []waitList{q.waiting}, sitters)
}

func TestSemaphoreWithoutWaiting(t *testing.T) {
	var q Semaphore
	s := newSitters(1)
	q.Release(0)
	if q.TryAcquire(1) || !q.TryAcquire(0) {
		t.Error("a new Semaphore has permits")
	}
	q.Release(5)
	if !q.TryAcquire(2) || q.TryAcquire(4) || !q.TryAcquire(1) {
		t.Error("of 5 permits 2, 4, 1 were acquired")
	}
	s[0].acquires(t, &q, 0, toldGo)
	s[0].acquires(t, &q, 2, toldGo)
	q.has(t, 0)
	q.Release(3)
	s[0].acquires(t, &q, 3, toldGo)
	q.atEase(t, 0, s)
}

func TestSemaphoreIsFair(t *testing.T) {
	var q Semaphore
	s := newSitters(4)
	s[0].acquires(t, &q, 2, toldWait)
	s[1].acquires(t, &q, 3, toldWait)
	s[2].acquires(t, &q, 1, toldWait)
	s[2].acquires(t, &q, 1, toldWait)
	q.Release(1) // too few for the first, and nobody overtakes
	want(t, s, 0, 0, 0, 0)
	if q.TryAcquire(1) || q.TryAcquire(0) {
		t.Error("TryAcquire overtook")
	}
	s[3].acquires(t, &q, 0, toldWait)
	q.Release(3)
	want(t, s, 1, 0, 0, 0)
	s[0].acquires(t, &q, 2, toldGo)
	q.Release(3)
	want(t, s, 1, 1, 1, 1)
	for i, n := range []int{3, 1, 0} {
		s[i+1].acquires(t, &q, n, toldGo)
	}
	q.atEase(t, 1, s)
}

func TestSemaphoreDrop(t *testing.T) {
	var q Semaphore
	s := newSitters(3)
	all := func(n ...int) {
		for i, s := range s {
			s.woken = 0
			s.acquires(t, &q, n[i], toldWait)
		}
	}
	all(5, 2, 1)
	q.Release(2)
	want(t, s, 0, 0, 0)
	s[0].Drop() // it held up the others
	want(t, s, 0, 1, 0)
	s[1].Drop() // returns what it was given
	want(t, s, 0, 1, 1)
	s[2].acquires(t, &q, 1, toldGo)
	s[2].Drop()
	q.atEase(t, 1, s)

	all(5, 2, 1)
	s[1].Drop()
	s[2].Drop()
	s[0].Drop()
	q.has(t, 1)
	if !q.TryAcquire(1) {
		t.Error("the permit is gone")
	}

	all(1, 1, 1)
	q.Release(3)
	for _, s := range s {
		s.Drop()
	}
	q.atEase(t, 3, s)
}

func TestSemaphoreClose(t *testing.T) {
	var q Semaphore
	s := newSitters(4)
	for _, s := range s[:3] {
		s.acquires(t, &q, 2, toldWait)
	}
	q.Release(3)
	q.Close()
	q.Close()
	want(t, s, 1, 1, 1, 0)
	s[0].acquires(t, &q, 2, toldGo)
	s[1].acquires(t, &q, 2, toldClosed)
	s[2].Drop()
	s[3].acquires(t, &q, 0, toldClosed)
	if q.TryAcquire(0) {
		t.Error("TryAcquire of a closed Semaphore")
	}
	q.Release(2)
	if n := q.state.Load(); n != 3*semaOne|semaClosed {
		t.Errorf("state %b", n)
	}
	atEase(t, 0, []waitList{q.waiting}, s)
}

// More are to be woken than fit in a batch, and one that leaves between two is
// forgotten.
func TestSemaphoreReleasesMany(t *testing.T) {
	const n = 2*wakeBatchSize + 3
	var q Semaphore
	var order []int
	s := newSitters(n + 1)
	wakers := make([]Waker, n)
	for i := range wakers {
		wakers[i] = FuncWaker(func() {
			order = append(order, i)
			if i == 0 {
				s[n].acquires(t, &q, 2, toldWait)
				s[n-2].Drop()
				q.Release(1)
			}
		})
		q.Acquire(NewContext(wakers[i].Borrow()), &s[i].Waiter, 1)
	}
	q.Release(n)
	if len(order) != n-1 {
		t.Fatalf("woke %v", order)
	}
	for _, i := range order {
		s[i].acquires(t, &q, 1, toldGo)
	}
	s[n].acquires(t, &q, 2, toldGo)
	q.atEase(t, 0, s)
}

func TestSemaphorePanics(t *testing.T) {
	const n = wakeBatchSize + 3
	for name, f := range map[string]func(*Semaphore){
		"Release": func(q *Semaphore) { q.Release(n) },
		"Close":   (*Semaphore).Close,
		"Drop": func(q *Semaphore) {
			q.Release(n) // which the first holds up, who waits for more
			q.waiting.first.Drop()
		},
	} {
		for how, ending := range map[string]func(){"panic: waker": panics("waker"), "exit": exits} {
			var q Semaphore
			s := newSitters(n)
			if name == "Drop" {
				newSitters(1)[0].acquires(t, &q, n+1, toldWait)
			}
			bad := FuncWaker(ending)
			for i, s := range s {
				if i%4 == 1 {
					q.Acquire(NewContext(bad.Borrow()), &s.Waiter, 1)
				} else {
					s.acquires(t, &q, 1, toldWait)
				}
			}
			if e := ends(func() { f(&q) }); !e.all(how, (n+2)/4) {
				t.Errorf("%s: %v, want %s", name, e, how)
			}
			for i, s := range s {
				if i%4 != 1 && s.wakes() != 1 {
					t.Errorf("%s: %d was not woken", name, i)
				}
				if _, ready := q.Acquire(s.cx(), &s.Waiter, 1); !ready {
					t.Errorf("%s: %d still waits", name, i)
				}
			}
			atEase(t, q.state.Load()&^semaClosed, []waitList{q.waiting}, s)
		}
	}
}

func TestSemaphoreMisuse(t *testing.T) {
	var q Semaphore
	s := newSitters(1)[0]
	for op, f := range map[string]func(n int){
		"Semaphore.Release":    q.Release,
		"Semaphore.TryAcquire": func(n int) { q.TryAcquire(n) },
		"Semaphore.Acquire":    func(n int) { q.Acquire(s.cx(), &s.Waiter, n) },
	} {
		mustPanic(t, func() { f(-1) }, op, "negative")
	}
	q.has(t, 0)
	if most := uint64(1) << 60; bits.UintSize == 64 {
		q.Release(int(most))
		mustPanic(t, func() { q.Release(1) }, "Semaphore.Release", "2^60")
		mustPanic(t, func() { q.Release(int(most) + 1) }, "Semaphore.Release", "2^60")
		mustPanic(t, func() { q.TryAcquire(int(most * 4)) }, "Semaphore.TryAcquire", "2^60")
		if !q.TryAcquire(int(most)) {
			t.Error("permits are lost")
		}
	}
}

// A mutex for tasks, made of a Semaphore: many goroutines, one at a time, and some
// give up while they wait.
func TestSemaphoreAsAMutex(t *testing.T) {
	const workers, each = 8, 1000
	var q Semaphore
	q.Release(1)
	inside, locked := 0, 0
	var all sync.WaitGroup
	for range workers {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := range each {
				ctx, cancel := context.WithCancel(context.Background())
				if i%3 == 0 {
					go cancel()
				}
				ok, err := BlockOn[bool](ctx, &locking{q: &q})
				cancel()
				if !ok || err != nil {
					continue
				}
				if inside++; inside != 1 {
					t.Error("two inside")
				}
				locked++
				if i%16 == 0 {
					runtime.Gosched()
				}
				inside--
				q.Release(1)
			}
		}()
	}
	all.Wait()
	q.has(t, 1)
	if locked < workers*(each-(each+2)/3) { // those who never give up
		t.Errorf("locked %d times", locked)
	}
}

type locking struct {
	q    *Semaphore
	wait Waiter
}

func (f *locking) Poll(cx Context) (bool, bool) { return f.q.Acquire(cx, &f.wait, 1) }
func (f *locking) Drop()                        { f.wait.Drop() }
