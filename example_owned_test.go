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

// A runtime shuts down. First the list: idle tasks end, and new ones are refused.
// Then the queue: the tasks in it end when they are dropped.
func ExampleOwnedTasks() {
	var q rouse.RunQueue
	var tasks rouse.OwnedTasks
	opts := rouse.Options{Owned: &tasks}

	idle := rouse.SpawnWith(&q, &Session{name: "idle"}, opts)
	q.RunOne()
	queued := rouse.SpawnWith(&q, &Session{name: "queued"}, opts)
	fmt.Println("tasks:", tasks.Len())

	tasks.CloseAndShutdownAll()
	fmt.Println("idle has ended:", idle.IsFinished(), "queued:", queued.IsFinished())
	q.Close()
	fmt.Println("queued has ended:", queued.IsFinished(), "tasks:", tasks.Len())

	late := rouse.SpawnWith(&q, rouse.Ready(1), opts)
	res, _ := late.TryJoin()
	fmt.Println(errors.Is(res.Err, rouse.ErrShutdown))
	// Output:
	// tasks: 2
	// idle closes
	// idle has ended: true queued: false
	// queued closes
	// queued has ended: true tasks: 0
	// true
}
