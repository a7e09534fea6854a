package rouse_test

import (
	"errors"
	"fmt"

	"github.com/rouse-go/rouse"
)

// A Session waits for ever, and says when it is destroyed.
type Session struct {
	name string
	w    rouse.Waker
}

func (s *Session) Poll(cx rouse.Context) (int, bool) {
	s.w.CloneFrom(cx.Waker())
	return 0, false
}

func (s *Session) Drop() {
	fmt.Println(s.name, "closes")
	s.w.Drop()
}

// A runtime shuts down: idle tasks end here and now, those that are queued
// when they are run or dropped, and what is spawned after is refused.
func ExampleOwnedTasks() {
	var q rouse.LocalQueue
	s := rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) { q.Push(n) })
	var tasks rouse.OwnedTasks
	opts := rouse.Options{Owned: &tasks}

	idle := rouse.SpawnWith[int](s, &Session{name: "idle"}, opts)
	n, _ := q.Pop()
	n.Run()
	busy := rouse.SpawnWith[int](s, rouse.Ready(1), opts)
	fmt.Println("tasks:", tasks.Len())

	tasks.CloseAndShutdownAll()
	fmt.Println("idle has ended:", idle.IsFinished(), "busy:", busy.IsFinished())
	for n, ok := q.Pop(); ok; n, ok = q.Pop() {
		n.Run()
	}
	fmt.Println("busy has ended:", busy.IsFinished(), "tasks:", tasks.Len())

	late := rouse.SpawnWith[int](s, rouse.Ready(1), opts)
	res, _ := late.TryJoin()
	fmt.Println(errors.Is(res.Err, rouse.ErrShutdown))
	// Output:
	// tasks: 2
	// idle closes
	// idle has ended: true busy: false
	// busy has ended: true tasks: 0
	// true
}
