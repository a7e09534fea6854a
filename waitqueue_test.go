package rouse

import (
	"context"
	"runtime"
	"sync"
	"testing"
)

// A sitter is an idle task that waits, and knows how often it was woken.
type sitter struct {
	job
	Waiter
	woken int
}

func newSitters(n int) []*sitter {
	s := make([]*sitter, n)
	for i := range s {
		s[i] = new(sitter)
		jobs.Init(&s[i].job)
	}
	return s
}

func (s *sitter) cx() Context { return NewContext(s.job.WakerRef()) }

// wakes returns how often it was woken, of the times that can be told apart.
func (s *sitter) wakes() int {
	if s.due.n != (Notified{}) {
		s.due.run()
		s.woken++
	}
	return s.woken
}

// A polled is what a poll returned.
type polled struct{ ok, ready bool }

var (
	toldWait   = polled{}
	toldGo     = polled{true, true}
	toldClosed = polled{false, true}
)

func (s *sitter) waits(t *testing.T, q *WaitQueue, want polled) {
	t.Helper()
	ok, ready := q.Wait(s.cx(), &s.Waiter)
	if got := (polled{ok, ready}); got != want {
		t.Errorf("polled: %+v, want %+v", got, want)
	}
}

// atEase checks that nobody is in the queue, or has a waker too many.
func atEase(t *testing.T, state uint64, lists []waitList, sitters []*sitter) {
	t.Helper()
	for i, s := range sitters {
		s.wakes()
		s.kept.Drop()
		if n := s.Snapshot().Refs(); n != 0 || s.state() != waiterIdle || s.Waiter.prev != nil || s.Waiter.next != nil {
			t.Errorf("sitter %d has %d wakers, state %d; it is linked: %v", i, n, s.state(), s.Waiter.prev != nil || s.Waiter.next != nil)
		}
	}
	for _, l := range lists {
		if l != (waitList{}) {
			t.Error("a list is not empty")
		}
	}
	if state != 0 {
		t.Errorf("state %d", state)
	}
}

func (s *sitter) state() uint64 { return s.Waiter.state.Load() }

func (q *WaitQueue) atEase(t *testing.T, state uint64, sitters []*sitter) {
	t.Helper()
	atEase(t, q.state.Load()-state, []waitList{q.waiting, q.leaving}, sitters)
}

// want checks how often each was woken.
func want(t *testing.T, sitters []*sitter, wakes ...int) {
	t.Helper()
	for i, s := range sitters {
		if got := s.wakes(); got != wakes[i] {
			t.Errorf("sitter %d: woken %d times, want %d", i, got, wakes[i])
		}
	}
}

func TestWaitQueueIsFirstInFirstOut(t *testing.T) {
	var q WaitQueue
	s := newSitters(3)
	for range 2 {
		for _, s := range s {
			s.woken = 0
			s.waits(t, &q, toldWait)
			s.waits(t, &q, toldWait)
		}
		q.NotifyOne()
		want(t, s, 1, 0, 0)
		s[1].waits(t, &q, toldWait)
		q.NotifyOne()
		want(t, s, 1, 1, 0)
		s[1].waits(t, &q, toldGo)
		s[0].waits(t, &q, toldGo)
		q.NotifyOne()
		want(t, s, 1, 1, 1)
		s[2].waits(t, &q, toldGo)
		q.atEase(t, queueEmpty, s)
	}
}

func TestNotificationIsKept(t *testing.T) {
	var q WaitQueue
	s := newSitters(2)
	q.NotifyOne()
	q.NotifyOne()
	s[0].waits(t, &q, toldGo)
	s[0].waits(t, &q, toldWait)
	q.NotifyAll() // nothing is kept of that
	s[0].waits(t, &q, toldGo)
	s[1].waits(t, &q, toldWait)
	s[1].Drop()
	q.NotifyOne()
	q.NotifyAll() // which leaves alone what is kept
	s[1].waits(t, &q, toldGo)
	want(t, s, 1, 0)
	q.atEase(t, queueEmpty, s)
}

func TestNotifyAll(t *testing.T) {
	const n = 2*wakeBatchSize + 3
	var q WaitQueue
	var order []int
	s := newSitters(n + 1)
	wakers := make([]Waker, n)
	for i := range wakers {
		wakers[i] = FuncWaker(func() {
			order = append(order, i)
			if i == 0 { // who comes now is not let go on, and a NotifyOne is for that one
				s[n].waits(t, &q, toldWait)
				q.NotifyOne()
			}
		})
		q.Wait(NewContext(wakers[i].Borrow()), &s[i].Waiter)
	}
	q.NotifyAll()
	if len(order) != n {
		t.Fatalf("woke %v", order)
	}
	for i, j := range order {
		if i != j {
			t.Fatalf("woke in the order %v", order)
		}
		s[i].waits(t, &q, toldGo)
	}
	s[n].waits(t, &q, toldGo)
	q.atEase(t, queueEmpty, s)
}

func TestWaitQueueClose(t *testing.T) {
	var q WaitQueue
	s := newSitters(4)
	for _, s := range s[:3] {
		s.waits(t, &q, toldWait)
	}
	q.NotifyOne()
	q.Close()
	q.Close()
	q.NotifyOne()
	q.NotifyAll()
	want(t, s, 1, 1, 1, 0)
	s[0].waits(t, &q, toldGo)
	s[0].waits(t, &q, toldClosed)
	s[1].waits(t, &q, toldClosed)
	s[2].Drop()
	s[3].waits(t, &q, toldClosed)
	q.atEase(t, queueClosed, s)

	var kept WaitQueue
	kept.NotifyOne()
	kept.Close()
	s[0].waits(t, &kept, toldClosed)
	kept.atEase(t, queueClosed, s)
}

// Close while a NotifyAll is under way: each is told what ended it.
func TestCloseDuringNotifyAll(t *testing.T) {
	const n = wakeBatchSize + 2
	var q WaitQueue
	s := newSitters(n + 1)
	w := FuncWaker(func() {
		if s[n].state() == waiterIdle {
			s[n].waits(t, &q, toldWait)
			q.Close()
		}
	})
	for _, s := range s[:n] {
		q.Wait(NewContext(w.Borrow()), &s.Waiter)
	}
	q.NotifyAll()
	for _, s := range s[:n] {
		s.waits(t, &q, toldGo)
	}
	s[n].waits(t, &q, toldClosed)
	q.atEase(t, queueClosed, s)
}

func TestWaiterDrop(t *testing.T) {
	var q WaitQueue
	s := newSitters(3)
	all := func() {
		for _, s := range s {
			s.woken = 0
			s.waits(t, &q, toldWait)
		}
	}
	all()
	s[1].Drop() // in the middle
	s[0].Drop()
	s[0].Drop()
	q.NotifyOne()
	want(t, s, 0, 0, 1)
	s[2].Drop() // the last: it is kept
	s[0].waits(t, &q, toldGo)

	all()
	q.NotifyOne()
	s[0].Drop() // passes it on
	want(t, s, 1, 1, 0)
	s[1].Drop()
	want(t, s, 1, 1, 1)
	s[2].waits(t, &q, toldGo)
	s[0].waits(t, &q, toldWait) // nothing is left
	s[0].Drop()

	all()
	q.NotifyAll()
	s[0].Drop() // passes nothing on
	s[0].waits(t, &q, toldWait)
	s[0].Drop()
	s[1].waits(t, &q, toldGo)
	s[2].Drop()

	all()
	s[2].Drop() // the last of the list
	s[2].waits(t, &q, toldWait)
	q.NotifyOne()
	q.Close()
	s[0].Drop() // there is nobody to pass it on to
	s[1].waits(t, &q, toldClosed)
	s[2].waits(t, &q, toldClosed)
	q.atEase(t, queueClosed, s)
}

// A second Close, while the first is under way.
func TestCloseDuringClose(t *testing.T) {
	const n = wakeBatchSize + 2
	var q WaitQueue
	s := newSitters(n)
	w := FuncWaker(q.Close)
	for _, s := range s {
		q.Wait(NewContext(w.Borrow()), &s.Waiter)
	}
	q.Close()
	for _, s := range s {
		s.waits(t, &q, toldClosed)
	}
	q.atEase(t, queueClosed, s)
}

// Drop of one that leaves, between two batches; and Close, when nobody waits.
func TestDropDuringNotifyAll(t *testing.T) {
	const n = wakeBatchSize + 3
	var q WaitQueue
	s := newSitters(n)
	w := FuncWaker(func() { s[n-2].Drop(); q.Close() })
	for _, s := range s {
		q.Wait(NewContext(w.Borrow()), &s.Waiter)
	}
	q.NotifyAll()
	for i, s := range s {
		if i != n-2 {
			s.waits(t, &q, toldGo)
		}
	}
	q.atEase(t, queueClosed, s)
}

func TestWaitWithAnotherWaker(t *testing.T) {
	var q WaitQueue
	s := newSitters(3)
	s[0].waits(t, &q, toldWait)
	if _, ready := q.Wait(s[1].cx(), &s[0].Waiter); ready {
		t.Error("ready")
	}
	if s[0].Snapshot().Refs() != 0 || s[1].Snapshot().Refs() != 1 {
		t.Error("the old waker was not dropped, or the new one not kept")
	}
	q.NotifyOne()
	want(t, s, 0, 1, 0)
	s[0].waits(t, &q, toldGo)
	q.atEase(t, queueEmpty, s)
}

func TestWaiterElsewhere(t *testing.T) {
	var q, other WaitQueue
	var sema Semaphore
	s := newSitters(1)[0]
	use := map[string]func(){
		"WaitQueue.Wait":    func() { other.Wait(s.cx(), &s.Waiter) },
		"Semaphore.Acquire": func() { sema.Acquire(s.cx(), &s.Waiter, 1) },
	}
	s.waits(t, &q, toldWait)
	for op, f := range use {
		mustPanic(t, f, op, "elsewhere")
	}
	q.NotifyOne()
	for op, f := range use {
		mustPanic(t, f, op, "elsewhere")
	}
	s.waits(t, &q, toldGo)
	s.waits(t, &other, toldWait) // it is free again
	s.Drop()
	if _, ready := sema.Acquire(s.cx(), &s.Waiter, 1); ready {
		t.Error("there is a permit")
	}
	mustPanic(t, func() { s.waits(t, &q, toldWait) }, "WaitQueue.Wait", "elsewhere")
	mustPanic(t, func() { sema.Acquire(s.cx(), &s.Waiter, 2) }, "Semaphore.Acquire", "another number")
	mustPanic(t, func() { new(Semaphore).Acquire(s.cx(), &s.Waiter, 1) }, "Semaphore.Acquire", "elsewhere")
	s.Drop() // of the Semaphore, not of where it waited before
	sema.atEase(t, 0, []*sitter{s})
	other.atEase(t, queueEmpty, nil)
}

// TestWaitUntilTakes has conditions that take what they find, as that of a
// channel does: what one call of cond has taken is what WaitUntil returns.
func TestWaitUntilTakes(t *testing.T) {
	for _, c := range []struct {
		name string
		when int // the look, from 1, from which on there is something to take
		do   func(*WaitQueue)
		want polled
	}{
		{"it comes while it registers", 2, func(q *WaitQueue) {}, toldGo},
		{"it comes, and the queue is closed, while it registers", 2, (*WaitQueue).Close, toldGo},
		{"there is nothing, and the queue is closed while it registers", 3, (*WaitQueue).Close, toldClosed},
	} {
		var q WaitQueue
		s := newSitters(1)[0]
		looks, taken := 0, 0
		ok, ready := q.WaitUntil(s.cx(), &s.Waiter, func() bool {
			if looks++; looks == 1 {
				defer c.do(&q)
			}
			if looks < c.when {
				return false
			}
			taken++
			return true
		})
		if got := (polled{ok, ready}); got != c.want || ok != (taken == 1) || taken > 1 {
			t.Errorf("%s: %+v, want %+v; taken: %d", c.name, got, c.want, taken)
		}
	}
}

func TestWaitUntil(t *testing.T) {
	var q WaitQueue
	s := newSitters(3)
	holds, looks := false, 0
	until := func(s *sitter, want polled) {
		t.Helper()
		ok, ready := q.WaitUntil(s.cx(), &s.Waiter, func() bool { looks++; return holds })
		if got := (polled{ok, ready}); got != want {
			t.Errorf("polled: %+v, want %+v", got, want)
		}
	}
	holds = true
	until(s[0], toldGo) // without a notification
	if looks != 1 {
		t.Errorf("looked %d times", looks)
	}
	holds = false
	until(s[0], toldWait)
	until(s[1], toldWait)
	until(s[0], toldWait)
	holds = true
	q.NotifyOne()
	until(s[0], toldGo) // takes the notification with it
	want(t, s, 1, 0, 0)
	holds = false
	q.NotifyOne()
	until(s[1], toldWait) // it was another's: it waits on
	q.NotifyOne()
	holds = true
	until(s[1], toldGo)

	holds = false
	until(s[0], toldWait)
	until(s[1], toldWait)
	holds = true
	until(s[0], toldGo) // not notified, and gone
	q.NotifyOne()
	until(s[1], toldGo)

	holds = false
	q.NotifyOne()
	until(s[0], toldWait) // what is kept is waited out
	q.Close()
	until(s[0], toldClosed)
	until(s[0], toldClosed)
	holds = true
	until(s[0], toldGo)
	s[0].woken, s[1].woken = 0, 0
	want(t, s[2:], 0)
	q.atEase(t, queueClosed, s)

	// The event comes between the look before and the place in the queue.
	var r WaitQueue
	event := false
	ok, ready := r.WaitUntil(s[2].cx(), &s[2].Waiter, func() bool {
		was := event
		event = true
		r.NotifyAll()
		return was
	})
	if !ok || !ready {
		t.Error("missed it")
	}
	r.atEase(t, queueEmpty, s)
}

// Wakers that panic keep nobody from being woken, and leave all as it should be.
func TestWaitQueuePanics(t *testing.T) {
	const n = wakeBatchSize + 3
	for name, f := range map[string]func(*WaitQueue){"NotifyAll": (*WaitQueue).NotifyAll, "Close": (*WaitQueue).Close} {
		for how, ending := range map[string]func(){"panic: waker": panics("waker"), "exit": exits} {
			var q WaitQueue
			s := newSitters(n)
			bad := FuncWaker(ending)
			for i, s := range s {
				if i%4 == 1 {
					q.Wait(NewContext(bad.Borrow()), &s.Waiter)
				} else {
					s.waits(t, &q, toldWait)
				}
			}
			if e := ends(func() { f(&q) }); !e.all(how, (n+2)/4) {
				t.Errorf("%s: %v, want %s", name, e, how)
			}
			for i, s := range s {
				if i%4 != 1 && s.wakes() != 1 {
					t.Errorf("%s: %d was not woken", name, i)
				}
				if _, ready := q.Wait(s.cx(), &s.Waiter); !ready {
					t.Errorf("%s: %d still waits", name, i)
				}
			}
			q.atEase(t, q.state.Load(), s)
		}
	}
	var q WaitQueue
	s := newSitters(2)
	bad := FuncWaker(panics("waker"))
	q.Wait(NewContext(bad.Borrow()), &s[0].Waiter)
	s[1].waits(t, &q, toldWait)
	mustPanic(t, q.NotifyOne, "waker")
	mustPanic(t, func() { s[0].Drop(); q.NotifyOne(); s[1].Drop(); panic("end") }, "end")
	want(t, s, 0, 1)
	s[0].waits(t, &q, toldGo)
	q.atEase(t, queueEmpty, s)
}

// Producers and consumers on many goroutines: each item is taken once, and nobody
// sleeps while there are items.
func TestWaitQueueHandsItemsOver(t *testing.T) {
	const workers, each = 4, 2000
	var q WaitQueue
	var mu sync.Mutex
	items, taken := 0, 0
	over := false
	var all sync.WaitGroup
	for range workers {
		all.Add(2)
		go func() {
			defer all.Done()
			for i := range each {
				mu.Lock()
				items++
				mu.Unlock()
				q.NotifyOne()
				if i%64 == 0 {
					runtime.Gosched()
				}
			}
		}()
		go func() {
			defer all.Done()
			for {
				got, err := BlockOn[bool](context.Background(), &taking{q: &q, try: func() bool {
					mu.Lock()
					defer mu.Unlock()
					if items > 0 {
						items--
						taken++
						over = taken == workers*each
						return true
					}
					return over
				}})
				if !got || err != nil {
					return
				}
				mu.Lock()
				end := over
				mu.Unlock()
				if end {
					q.Close()
					return
				}
			}
		}()
	}
	all.Wait()
	if items != 0 || taken != workers*each {
		t.Errorf("%d items are left, %d were taken", items, taken)
	}
}

// A taking waits until it can take something, or the queue is closed.
type taking struct {
	q    *WaitQueue
	try  func() bool
	wait Waiter
}

func (f *taking) Poll(cx Context) (bool, bool) { return f.q.WaitUntil(cx, &f.wait, f.try) }
func (f *taking) Drop()                        { f.wait.Drop() }

// While a NotifyAll is under way one that it has not told gives up, and others
// come: each is in its own list.
func TestDropAndComeDuringNotifyAll(t *testing.T) {
	const n = wakeBatchSize + 3
	var q WaitQueue
	s := newSitters(n + 2)
	w := FuncWaker(func() {
		if s[n].state() != waiterIdle {
			return
		}
		s[n].waits(t, &q, toldWait)
		s[n+1].waits(t, &q, toldWait)
		s[n-1].Drop() // it leaves the list of those that leave
	})
	for _, s := range s[:n] {
		q.Wait(NewContext(w.Borrow()), &s.Waiter)
	}
	q.NotifyAll()
	for _, s := range s[:n-1] {
		s.waits(t, &q, toldGo)
	}
	q.NotifyOne()
	q.NotifyOne()
	s[n].waits(t, &q, toldGo)
	s[n+1].waits(t, &q, toldGo)
	s[n].woken, s[n+1].woken = 0, 0
	q.atEase(t, queueEmpty, s)
}

// A notification is kept while a NotifyAll is under way, and then the queue is
// closed: those that leave are told all the same.
func TestCloseOfAKeptNotificationDuringNotifyAll(t *testing.T) {
	const n = wakeBatchSize + 3
	var q WaitQueue
	s := newSitters(n)
	w := FuncWaker(func() {
		q.NotifyOne()
		q.Close()
	})
	for _, s := range s {
		q.Wait(NewContext(w.Borrow()), &s.Waiter)
	}
	q.NotifyAll()
	for _, s := range s {
		s.waits(t, &q, toldGo)
	}
	q.atEase(t, queueClosed, s)
}

// A NotifyAll that is under way leaves alone what a later one has let go, which
// wakes them itself: a panic of theirs is not the first one's.
func TestNotifyAllOfItsOwn(t *testing.T) {
	var q WaitQueue
	s := newSitters(2)
	s[0].waits(t, &q, toldWait)
	s[1].waits(t, &q, toldWait)
	q.mu.Lock() // the first half of release
	q.leaving.append(&q.waiting)
	earlier := q.generation
	q.generation++
	q.state.Store(queueEmpty)
	q.mu.Unlock()
	q.wakeLeaving(earlier)
	want(t, s, 0, 0)
	q.wakeLeaving(earlier + 1)
	want(t, s, 1, 1)
	s[0].waits(t, &q, toldGo)
	s[1].waits(t, &q, toldGo)
}

// The waker that is replaced is dropped without the lock: what its table does may
// use the queue.
func TestReplacedWakerIsDroppedWithoutTheLock(t *testing.T) {
	var q WaitQueue
	var w Waiter
	s := spy{onEnd: q.Close}
	q.Wait(s.cx(), &w)
	noop := NoopWaker()
	q.Wait(NewContext(noop.Borrow()), &w)
	if told, ready := q.Wait(NewContext(noop.Borrow()), &w); told || !ready || s.drops != 1 {
		t.Errorf("told %v, ready %v, %d drops", told, ready, s.drops)
	}
}
