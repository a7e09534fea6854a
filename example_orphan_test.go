package rouse_test

import (
	"errors"
	"fmt"

	"github.com/rouse-go/rouse"
)

// A future that returns pending and keeps no waker would wait for ever. It is
// detected at once, and its JoinHandle says why it ended.
func Example_orphan() {
	var q rouse.LocalQueue
	j := rouse.Spawn(&q, rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
		w := cx.Waker().Clone()
		defer w.Drop() // it should have been handed to a timer
		return 0, false
	}))
	for q.RunOne() {
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

// Close forgets to wake those who wait: it should call Wake here.
func (i *inbox) Close() {
	for k := range i.waiting {
		i.waiting[k].Drop()
	}
}

// An event source is closed and does not wake the tasks that wait for it. They end
// at once, instead of never.
func Example_orphanOfAClosedSource() {
	var q rouse.LocalQueue
	source := new(inbox)
	j := rouse.Spawn(&q, source)
	for q.RunOne() {
	}
	fmt.Println("waits:", !j.IsFinished())

	source.Close()
	for q.RunOne() {
	}
	res, _ := j.TryJoin()
	fmt.Println(errors.Is(res.Err, rouse.ErrOrphaned))
	// Output:
	// waits: true
	// true
}

// A patient scheduler keeps the tasks that nobody can wake, and reports them.
type patient struct {
	rouse.NoHooks
	rouse.LocalQueue
}

func (p *patient) Orphaned(t rouse.RawTask, err *rouse.JoinError) {
	fmt.Println("report:", err.Name, err.Cause)
}

func ExampleOrphanHooks() {
	p := new(patient)
	var tasks rouse.OwnedTasks
	polls := 0
	j := rouse.SpawnWith(p, rouse.FutureFunc[int](func(rouse.Context) (int, bool) {
		polls++
		//wakervet:allow pollpending its wakes come from the owner of the tasks
		return polls, polls == 3
	}), rouse.Options{Owned: &tasks, Name: "poller"})
	for p.RunOne() {
	}
	fmt.Println(polls, "polls")

	for t := range tasks.All() { // a source of wakes that keeps no waker
		t.Header().Wake()
	}
	for p.RunOne() {
	}
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
	n.Run() // keeps no waker
	for q.RunOne() {
	}
	// Output: cancelled: orphaned
}
