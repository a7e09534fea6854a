package lost

import (
	"log"

	"github.com/rouse-go/rouse"
)

type sched struct {
	q      rouse.RunQueue
	closed bool
}

func (s *sched) Schedule(n rouse.Notified, why rouse.Reason) { // want `the Notified n is not run, dropped or queued, on a path to the return at line \d+`
	if s.closed {
		return
	}
	s.q.Push(n)
}

func (s *sched) Yield(rouse.Notified) { // want `a scheduler must run, drop or queue its Notified, which has no name here`
	s.closed = true
}

var logs = rouse.ScheduleFunc(func(n rouse.Notified, why rouse.Reason) { // want `the Notified n is not run, dropped or queued`
	log.Println(n.Task().ID(), why)
})

var blank = rouse.ScheduleFunc(func(_ rouse.Notified, why rouse.Reason) {}) // want `which has no name here`

func results(q *rouse.RunQueue, h *rouse.Header, v *rouse.Vtable[rouse.Header]) {
	v.InitNotified(h) // want `the Notified that InitNotified returns is discarded: its task never runs again`
	q.Pop()           // want `the Notified that Pop returns is discarded`
	for {
		if _, ok := q.Pop(); !ok { // want `the Notified that Pop returns is discarded`
			return
		}
	}
}

func stopped(s *sched) {
	for {
		n, ok := s.q.Pop() // want `the Notified n is not run, dropped or queued, on a path to the return at line \d+`
		if !ok {
			return
		}
		if s.closed {
			return
		}
		n.Run()
	}
}

func skipped(s *sched) {
	for {
		n, ok := s.q.Pop() // want `the Notified n is not run, dropped or queued before line \d+ defines the next`
		if !ok {
			return
		}
		if s.closed {
			continue
		}
		n.Run()
	}
}

func bound(v *rouse.Vtable[rouse.Header], h *rouse.Header, o *rouse.OwnedTasks, q *rouse.RunQueue) {
	v.InitBound(h, o)         // want `the Notified that InitBound returns is discarded: its task never runs again`
	n, _ := v.InitBound(h, o) // who knows that the list is open
	q.Push(n)
	m, open := v.InitBound(h, o) // want `the Notified m is not run`
	if !open {
		return
	}
	if h == nil {
		q.Push(m)
	}
	if x, ok := v.InitBound(h, o); ok {
		q.Push(x)
	}
	if y, _ := v.InitBound(h, o); !y.IsZero() {
		q.Push(y)
	}
}

func unborn(h *rouse.Header, v *rouse.Vtable[rouse.Header], ok bool) {
	n := v.InitNotified(h) // want `the Notified n is not run`
	if ok {
		n.Run()
	}
}

//wakervet:takes n
func enqueue(n rouse.Notified, full bool) { // want `the Notified n is not run`
	if !full {
		n.Drop()
	}
}

var twice = rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) { // want `the Notified n is not run, dropped or queued`
	closed := late()
	if !closed {
		due <- n
	}
	closed = late()
	if closed {
		n.Drop()
	}
})

var both = rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) { // want `the Notified n is not run, dropped or queued`
	closed := late()
	if closed {
		due <- n
	}
	if closed {
		n.Drop()
	}
})

func late() bool { return due == nil }

// The rest is silent.

var locked = rouse.ScheduleFunc(func(n rouse.Notified, why rouse.Reason) {
	var err error
	closed := late()
	if !closed {
		due <- n
	}
	if closed && why == 0 {
		n.Drop()
	} else if closed {
		err = push(n)
		if err != nil {
			n.Drop()
		}
	}
})

func push(n rouse.Notified) error { return nil }

type list struct {
	head   rouse.Notified
	closed bool
}

func (l *list) Schedule(n rouse.Notified, why rouse.Reason) {
	if l.closed {
		n.Drop()
		return
	}
	n.SetNext(l.head)
	l.head = n
}

func (l *list) Yield(n rouse.Notified) { l.Schedule(n, 0) }

func (l *list) pop() (rouse.Notified, bool) {
	n := l.head
	if n.IsZero() {
		return n, false
	}
	l.head = n.Next()
	return n, true
}

func (l *list) front() rouse.Notified { return l.head }

func (l *list) run() {
	for {
		n, ok := l.pop()
		if !ok {
			break
		}
		n.Run()
	}
	for n, ok := l.pop(); ok; n, ok = l.pop() {
		n.Drop()
	}
	if first := l.front(); first.IsZero() {
		return
	}
	l.front()
}

var unexpected = rouse.ScheduleFunc(func(rouse.Notified, rouse.Reason) { panic("unexpected") })

var onDemand rouse.ScheduleFunc = func(n rouse.Notified, _ rouse.Reason) {
	select {
	case due <- n:
	default:
		go func() { due <- n }()
	}
}

var due = make(chan rouse.Notified, 1)

func batch(q *rouse.RunQueue) (all []rouse.Notified) {
	for {
		n, ok := q.Pop()
		if !ok {
			return all
		}
		all = append(all, n)
	}
}

func empty(q *rouse.RunQueue) {
	if _, ok := q.Pop(); ok {
		panic("not empty")
	}
}

func purposely(h *rouse.Header, v *rouse.Vtable[rouse.Header]) {
	_ = v.InitNotified(h)
}

// A method of the name that is no Scheduler's.
type timetable struct{}

func (timetable) Schedule(n rouse.Notified, at int64, id rouse.ID) bool { return false }
