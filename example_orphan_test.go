package rouse_test

import (
	"errors"
	"fmt"

	"github.com/rouse-go/rouse"
)

// A future that returns pending and keeps no waker would be asleep for ever.
// It is found at that instant, and its joiner learns why.
func Example_orphan() {
	var q rouse.LocalQueue
	s := rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) { q.Push(n) })

	j := rouse.Spawn[int](s, rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
		w := cx.Waker().Clone()
		defer w.Drop() // it should have been handed to a timer
		return 0, false
	}))
	for n, ok := q.Pop(); ok; n, ok = q.Pop() {
		n.Run()
	}

	res, _ := j.TryJoin()
	var err *rouse.JoinError
	fmt.Println(errors.Is(res.Err, rouse.ErrOrphaned), errors.As(res.Err, &err), err.Cause)
	// Output: true true orphaned
}

// An inbox is where tasks wait for messages.
type inbox struct{ waiting []rouse.Waker }

func (i *inbox) Poll(cx rouse.Context) (string, bool) {
	i.waiting = append(i.waiting, cx.Waker().Clone())
	return "", false
}

// Close forgets to wake who waits: it should call Wake here.
func (i *inbox) Close() {
	for k := range i.waiting {
		i.waiting[k].Drop()
	}
}

// An event source that is closed without waking those that wait for it: they
// end at that instant, instead of never.
func Example_orphanOfAClosedSource() {
	var q rouse.LocalQueue
	s := rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) { q.Push(n) })
	run := func() {
		for n, ok := q.Pop(); ok; n, ok = q.Pop() {
			n.Run()
		}
	}

	source := new(inbox)
	j := rouse.SpawnWith[string](s, source, rouse.Options{})
	run()
	_, ready := j.TryJoin()
	fmt.Println("waits:", !ready)

	source.Close()
	run()
	res, _ := j.TryJoin()
	fmt.Println(errors.Is(res.Err, rouse.ErrOrphaned))
	// Output:
	// waits: true
	// true
}

// A patient scheduler keeps the tasks that nobody can wake, and reports them.
type patient struct {
	rouse.NoHooks
	q rouse.LocalQueue
}

func (p *patient) Schedule(n rouse.Notified, _ rouse.Reason) { p.q.Push(n) }
func (p *patient) Yield(n rouse.Notified)                    { p.q.Push(n) }

func (p *patient) Orphaned(t rouse.RawTask, err *rouse.JoinError) {
	fmt.Println("report:", err.Name, err.Cause)
}

func (p *patient) run() {
	for n, ok := p.q.Pop(); ok; n, ok = p.q.Pop() {
		n.Run()
	}
}

func ExampleOrphanHooks() {
	p := new(patient)
	var tasks rouse.OwnedTasks
	polls := 0
	j := rouse.SpawnWith[int](p, rouse.FutureFunc[int](func(rouse.Context) (int, bool) {
		polls++
		//wakervet:allow pollpending its wakes come from the owner of the tasks
		return polls, polls == 3
	}), rouse.Options{Owned: &tasks, Name: "poller"})
	p.run()
	fmt.Println(polls, "polls")

	for t := range tasks.All() { // a source of wakes that keeps no waker
		t.Header().Wake()
	}
	p.run()
	res, _ := j.TryJoin()
	fmt.Println(res.Value, res.Err)
	// Output:
	// report: poller orphaned
	// 2 polls
	// 3 <nil>
}

// A session is a task of level 1 that asks for the check.
type session struct {
	rouse.Header
	q *rouse.LocalQueue
}

var sessions = rouse.NewVtable(rouse.Ops[session]{
	Poll:        func(*session, rouse.Context) bool { return false },
	Cancel:      func(_ *session, c rouse.Cause) { fmt.Println("cancelled:", c) },
	Schedule:    func(s *session, n rouse.Notified, _ rouse.Reason) { s.q.Push(n) },
	OrphanCheck: true,
})

func ExampleOps_orphanCheck() {
	var q rouse.LocalQueue
	s := &session{q: &q}
	n := sessions.InitNotified(s)
	n.Run() // which keeps no waker
	for n, ok := q.Pop(); ok; n, ok = q.Pop() {
		n.Run()
	}
	// Output: cancelled: orphaned
}
