package rouse_test

import (
	"fmt"
	"sync"

	"github.com/rouse-go/rouse"
)

// A PriorityLoop is a scheduler that runs tasks that were woken before those that
// only yield.
type PriorityLoop struct {
	mu           sync.Mutex
	first, later rouse.LocalQueue
	closed       bool
}

// Schedule is called by whoever spawns, wakes or cancels a task.
func (l *PriorityLoop) Schedule(n rouse.Notified, _ rouse.Reason) { l.push(&l.first, n) }

// Yield is called for a task that was woken while it ran.
func (l *PriorityLoop) Yield(n rouse.Notified) { l.push(&l.later, n) }

func (l *PriorityLoop) push(q *rouse.LocalQueue, n rouse.Notified) {
	l.mu.Lock()
	closed := l.closed
	if !closed {
		q.Push(n)
	}
	l.mu.Unlock()
	if closed { // after the lock: Drop ends the task here
		n.Drop()
	}
}

func (l *PriorityLoop) pop() (n rouse.Notified, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n, ok = l.first.Pop(); !ok {
		n, ok = l.later.Pop()
	}
	return n, ok
}

// Run runs tasks until none is due.
func (l *PriorityLoop) Run() {
	for n, ok := l.pop(); ok; n, ok = l.pop() {
		n.Run()
	}
}

// Close ends the tasks that are due. One that is woken later ends at once.
func (l *PriorityLoop) Close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	for n, ok := l.pop(); ok; n, ok = l.pop() {
		n.Drop()
	}
}

// A Turns is a future that runs some times, and lets others run in between.
type Turns struct {
	name string
	left int
	last func() // is called in the last of them, if it is set
}

func (t *Turns) Poll(cx rouse.Context) (int, bool) {
	fmt.Println(t.name)
	if t.left--; t.left > 0 {
		cx.Waker().WakeByRef()
		return 0, false
	}
	if t.last != nil {
		t.last()
	}
	return 0, true
}

// A Scheduler of your own decides in which order tasks run. Here the urgent task,
// which is new, runs before the second turn of b.
func ExampleScheduler() {
	l := new(PriorityLoop)
	defer l.Close()
	urgent := func() { rouse.SpawnDetached(l, &Turns{name: "urgent", left: 1}) }
	rouse.SpawnDetached(l, &Turns{name: "a", left: 2, last: urgent})
	rouse.SpawnDetached(l, &Turns{name: "b", left: 2})
	l.Run()
	// Output:
	// a
	// b
	// a
	// urgent
	// b
}
