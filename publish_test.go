package rouse

import (
	"runtime"
	"testing"
)

// What a waker wrote before it woke is visible to the run that the wake joins.
// Each test hands plain data over by one coalesced wake: the race detector
// sees no other edge, because the test itself waits by plain, uninstrumented
// words.

const publishers = 3

// A post is a goroutine's plain data, and its word that the wake has returned.
type post struct {
	data int
	_    [56]byte
	sent uint32
	_    [60]byte
}

//go:norace
//go:noinline
func (p *post) send() { p.sent = 1 }

//go:norace
//go:noinline
func (p *post) isSent() bool { return p.sent != 0 }

// publish has goroutines write data and wake, and returns when all have.
func publish(posts []post, wake func(i int)) {
	for i := range posts {
		go func() {
			posts[i].data = i + 1
			wake(i)
			posts[i].send()
		}()
	}
	for i := range posts {
		for !posts[i].isSent() {
			runtime.Gosched()
		}
	}
}

func wantPublished(t *testing.T, posts []post) {
	t.Helper()
	for i := range posts {
		if posts[i].data != i+1 {
			t.Errorf("post %d is %d", i, posts[i].data)
		}
	}
}

// reader is a task that is pending until it is to look at what was posted.
func reader(t *testing.T, l *loop, posts []post, w *Waker) JoinHandle[output] {
	polls := 0
	return Spawn[output](l, probe{l: l, poll: func(cx Context) (output, bool) {
		if polls++; polls == 1 {
			*w = cx.Waker().Clone()
			return output{}, false
		}
		wantPublished(t, posts)
		return output{l: l}, true
	}})
}

func TestCoalescedWakeByRefPublishes(t *testing.T) {
	var l loop
	var w Waker
	posts := make([]post, publishers)
	j := reader(t, &l, posts, &w)
	l.run()
	w.WakeByRef()
	publish(posts, func(int) { w.WakeByRef() })
	l.run()
	w.Drop()
	j.Detach()
	l.want(t, counts{scheduled: 2, polls: 2, futures: 1, outputs: 1, released: 1}, detachedDone)
}

func TestCoalescedWakeByValuePublishes(t *testing.T) {
	var l loop
	var w Waker
	posts := make([]post, publishers)
	j := reader(t, &l, posts, &w)
	l.run()
	wakers := make([]Waker, publishers)
	for i := range wakers {
		wakers[i] = w.Clone()
	}
	w.WakeByRef()
	publish(posts, func(i int) { wakers[i].Wake() })
	l.run()
	w.Drop()
	j.Detach()
	l.want(t, counts{scheduled: 2, polls: 2, futures: 1, outputs: 1, released: 1}, detachedDone)
}

func TestCoalescedHeaderWakePublishes(t *testing.T) {
	for _, v := range []*Vtable[actor]{actors, uncountedActors} {
		var l loop
		posts := make([]post, publishers)
		a := l.newActor(v, func(Context) bool { wantPublished(t, posts); return true })
		a.Wake()
		publish(posts, func(i int) {
			if i == 0 {
				a.Wake()
			} else {
				a.WakerRef().WakeByRef()
			}
		})
		l.run()
		if l.polls != 1 {
			t.Errorf("%+v", l.counts)
		}
	}
}

// A wake of a task that runs joins the run after.
func TestWakeWhileRunningPublishes(t *testing.T) {
	var l loop
	posts := make([]post, publishers)
	a := l.newActor(actors, nil)
	a.poll = func(Context) bool {
		if l.polls == 1 {
			a.Wake()
			publish(posts, func(int) { a.Wake() })
			return false
		}
		wantPublished(t, posts)
		return true
	}
	a.Wake()
	l.run()
	l.want(t, counts{scheduled: 1, yields: 1, polls: 2}, "COMPLETE refs=0")
}

// An abort that finds a run owed publishes too.
func TestCoalescedAbortPublishes(t *testing.T) {
	var l loop
	posts := make([]post, 1)
	a := l.newActor(actors, pending)
	a.cancel = func(Cause) { wantPublished(t, posts) }
	a.Wake()
	publish(posts, func(int) { a.Abort() })
	l.run()
	l.want(t, counts{scheduled: 1, futures: 1}, "COMPLETE|CANCELLED(aborted) refs=0")
}

func TestCoalescedNotifyPublishes(t *testing.T) {
	var s State
	posts := make([]post, publishers)
	s.Notify()
	publish(posts, func(int) { s.Notify() })
	s.Begin()
	wantPublished(t, posts)

	// While it runs: seen after End.
	posts = make([]post, publishers)
	publish(posts, func(int) { s.Notify() })
	if !s.End() || !s.Begin() {
		t.Fatal("the notification was lost")
	}
	wantPublished(t, posts)
	s.Finish()
}

// A wake of an empty cell is seen by the Register that comes after.
func TestWakeOfAnEmptyCellPublishes(t *testing.T) {
	var cell WakerCell
	var l loop
	posts := make([]post, publishers)
	a := l.newActor(actors, func(cx Context) bool {
		cell.Register(cx.Waker())
		wantPublished(t, posts)
		return true
	})
	publish(posts, func(int) { cell.Wake() })
	a.Wake()
	l.run()
}

// A wake that takes the waker publishes to the poll, and to whoever finds the
// cell empty after it.
func TestWakeOfACellPublishes(t *testing.T) {
	var cell WakerCell
	var l loop
	posts := make([]post, publishers)
	a := l.newActor(actors, func(cx Context) bool { wantPublished(t, posts); return true })
	cell.Register(a.WakerRef())
	a.Wake()
	publish(posts, func(i int) {
		if w, ok := cell.Take(); ok {
			w.Wake()
			return
		}
		cell.Wake()
		a.Wake()
	})
	l.run()
}

func TestCloseOfACellPublishes(t *testing.T) {
	var cell WakerCell
	posts := make([]post, 1)
	publish(posts, func(int) { cell.Close() })
	if cell.Register((&spy{}).ref()) {
		t.Error("registered")
	}
	wantPublished(t, posts)
}

// What a producer wrote before Push is visible after Pop.
func TestRunQueuePublishes(t *testing.T) {
	var l loop
	var q RunQueue
	posts := make([]post, publishers)
	tasks := make([]*actor, publishers)
	for i := range tasks {
		tasks[i] = l.newActor(actors, func(Context) bool {
			if posts[i].data != i+1 {
				t.Errorf("post %d is %d", i, posts[i].data)
			}
			return true
		})
		tasks[i].state.Notify()
	}
	publish(posts, func(i int) { q.Push(tasks[i].grant()) })
	for n, ok := q.Pop(); ok; n, ok = q.Pop() {
		n.Run()
	}
	if l.polls != publishers {
		t.Errorf("%+v", l.counts)
	}
}

// What a task wrote is visible to its joiner.
func TestCompletionPublishes(t *testing.T) {
	var l loop
	posts := make([]post, 1)
	j := Spawn[int](&l, FutureFunc[int](func(Context) (int, bool) {
		posts[0].data = 1
		return 1, true
	}))
	go func() {
		l.run()
		posts[0].send()
	}()
	for !posts[0].isSent() {
		runtime.Gosched()
	}
	if res, ready := j.TryJoin(); !ready || res.Value != 1 {
		t.Error(res, ready)
	}
	wantPublished(t, posts)
}
