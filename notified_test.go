package rouse

import "testing"

// A Notified that is dropped ends the task, with a cause of its own.
func TestNotifiedDropped(t *testing.T) {
	for _, polled := range []int{0, 1} {
		var l loop
		var w Waker
		j := Spawn[output](&l, l.never(&w))
		if polled == 1 {
			l.run()
			w.Wake()
		}
		n, _ := l.q.Pop()
		n.Drop()
		l.want(t, counts{scheduled: 1 + polled, polls: polled, futures: 1}, joinedDone)
		_, err := join(t, &j)
		wantCause(t, err, CauseDropped, nil)
		if l.released != 1 {
			t.Error("not released")
		}
	}
	// An abort that was recorded before is the cause.
	var l loop
	j := Spawn[output](&l, l.ready(1))
	j.Abort()
	l.close()
	_, err := join(t, &j)
	wantCause(t, err, CauseAborted, nil)
}

// A run leaves the task's link as it is, for the Yield that may follow.
func TestRunKeepsTheLink(t *testing.T) {
	type marked struct{ Header }
	var yield func(n Notified)
	marks := NewVtable(Ops[marked]{
		Poll:     func(_ *marked, cx Context) bool { cx.Waker().WakeByRef(); return false },
		Cancel:   func(*marked, Cause) {},
		Schedule: func(_ *marked, n Notified, _ Reason) { n.Drop() },
		Yield:    func(_ *marked, n Notified) { yield(n) },
	})
	mark := new(marked)
	m := marks.InitNotified(mark)
	yields := 0
	yield = func(n Notified) {
		if s, ok := marks.Of(n.Next().Task()); !ok || s != mark {
			t.Errorf("Yield finds %v in the link", n.Next().Task())
		}
		yields++
		n.SetNext(Notified{})
		n.Drop()
	}
	d := &yieldFunc{yield: yield}
	SpawnDetached[int](d, FutureFunc[int](func(cx Context) (int, bool) {
		cx.Waker().WakeByRef()
		return 0, false
	}))
	d.n.SetNext(m)
	d.n.Run()

	n := marks.InitNotified(new(marked))
	n.SetNext(m)
	n.Run()
	if yields != 2 {
		t.Errorf("Yield was called %d times", yields)
	}
	m.Drop()
}

// A yieldFunc holds what is scheduled, and passes on what yields.
type yieldFunc struct {
	desk
	yield func(Notified)
}

func (y *yieldFunc) Yield(n Notified) { y.yield(n) }

// A scheduler that closed is told of what still comes, and refuses it.
func TestSpawnOnAClosedScheduler(t *testing.T) {
	l := loop{closed: true}
	j := Spawn[output](&l, l.ready(1))
	l.want(t, counts{scheduled: 1, futures: 1}, joinedDone)
	_, err := join(t, &j)
	wantCause(t, err, CauseDropped, nil)
	SpawnDetached[output](&l, l.ready(1))
	l.want(t, counts{scheduled: 2, futures: 2, released: 2}, detachedDone)
}

// A task polls its own handle: it waits for itself, until it is aborted.
func TestSelfJoin(t *testing.T) {
	var l loop
	var j JoinHandle[output]
	j = Spawn[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
		if _, ready := j.Poll(cx); ready {
			t.Error("it ended while it ran")
		}
		return output{}, false
	}})
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1}, "IDLE|JOIN_INTEREST|JOIN_WAKER|UNOWNED|ORPHANABLE refs=1")
	a := j.AbortHandle()
	a.Abort()
	l.run()
	l.want(t, counts{scheduled: 2, polls: 1, futures: 1}, "COMPLETE|JOIN_INTEREST|CANCELLED(aborted)|UNOWNED|ORPHANABLE refs=1")
	_, err := join(t, &j)
	wantCause(t, err, CauseAborted, nil)
	l.want(t, counts{scheduled: 2, polls: 1, futures: 1, released: 1}, "COMPLETE|CANCELLED(aborted)|UNOWNED|ORPHANABLE refs=0")
}

// The handle's slot holds the task's own last waker: giving up the handle
// leaves nobody to wake it.
func TestSelfJoinThenDetach(t *testing.T) {
	var l loop
	var j JoinHandle[output]
	j = Spawn[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
		j.Poll(cx)
		return output{}, false
	}})
	l.run()
	j.Detach()
	l.run()
	l.want(t, counts{scheduled: 2, polls: 1, futures: 1, released: 1}, "COMPLETE|CANCELLED(orphaned)|UNOWNED|ORPHANABLE refs=0")
}

// A task that is ready after it joined itself wakes itself, to no effect.
func TestSelfJoinThenReady(t *testing.T) {
	var l loop
	var j JoinHandle[output]
	j = Spawn[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
		j.Poll(cx)
		return output{l: &l, v: 1}, true
	}})
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1}, "COMPLETE|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=1")
	if v, err := join(t, &j); err != nil || v.v != 1 {
		t.Error(v, err)
	}
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, detachedDone)
}

// A task gives up its own handle while it runs.
func TestDetachInPoll(t *testing.T) {
	for _, ready := range []bool{true, false} {
		var l loop
		var j JoinHandle[output]
		var w Waker
		var s spy
		j = Spawn[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
			if !j.IsZero() {
				j.Detach()
			}
			if ready || l.polls == 2 {
				return output{l: &l}, true
			}
			w = cx.Waker().Clone()
			return output{}, false
		}})
		j.Poll(s.cx())
		l.run()
		if s.live() != 0 || s.byRefs != 0 {
			t.Errorf("the joiner: %d left, woken %d times", s.live(), s.byRefs)
		}
		if !ready {
			l.want(t, counts{scheduled: 1, polls: 1}, "IDLE|UNOWNED|ORPHANABLE refs=1")
			w.Wake()
			l.run()
		}
		l.want(t, counts{scheduled: 2 - btoi(ready), polls: 2 - btoi(ready), futures: 1, outputs: 1, released: 1}, detachedDone)
	}
}

// A task stores its own waker, and is ready: the last reference goes with its
// future's destructor.
func TestOwnWakerThenReady(t *testing.T) {
	var l loop
	own := &selfWaking{}
	j := Spawn[int](&l, own)
	l.run()
	if v, err := join(t, &j); err != nil || v != 2 {
		t.Error(v, err)
	}
	if n := l.last.Snapshot(); !n.Dead() || l.released != 1 || own.drops != 1 {
		t.Errorf("state %v, %+v", n, l.counts)
	}
}

type selfWaking struct {
	w     Waker
	polls int
	drops int
}

func (s *selfWaking) Poll(cx Context) (int, bool) {
	if s.polls++; s.polls == 1 {
		s.w = cx.Waker().Clone()
		s.w.WakeByRef()
	}
	return s.polls, s.polls == 2
}

func (s *selfWaking) Drop() {
	s.drops++
	s.w.Wake() // by value, by the task that runs
}

// A task that runs aborts itself, wakes itself and drops a waker, all at once.
func TestEverythingInPoll(t *testing.T) {
	var l loop
	var j JoinHandle[output]
	j = Spawn[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
		w := cx.Waker().Clone()
		w.WakeByRef()
		second := w.Clone()
		second.Wake()
		if !j.Abort() || j.Abort() {
			t.Error("abort was not recorded once")
		}
		w.Drop()
		return output{}, false
	}})
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1}, "COMPLETE|JOIN_INTEREST|CANCELLED(aborted)|UNOWNED|ORPHANABLE refs=0")
	_, err := join(t, &j)
	wantCause(t, err, CauseAborted, nil)
}
