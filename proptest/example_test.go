package proptest_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest"
)

// An EventLoop is a scheduler for one goroutine; others may wake its tasks.
type EventLoop struct {
	mu     sync.Mutex
	queue  rouse.LocalQueue
	closed bool
}

func (l *EventLoop) Schedule(n rouse.Notified, _ rouse.Reason) {
	l.mu.Lock()
	closed := l.closed
	if !closed {
		l.queue.Push(n)
	}
	l.mu.Unlock()
	if closed {
		n.Drop()
	}
}

// Yield saves the way through the queue. That is a fault.
//
//wakervet:allow scheduleinline the fault is the example's
func (l *EventLoop) Yield(n rouse.Notified) { n.Run() }

func (l *EventLoop) pop() (rouse.Notified, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.queue.Pop()
}

// Run runs what is due.
func (l *EventLoop) Run() {
	for n, ok := l.pop(); ok; n, ok = l.pop() {
		n.Run()
	}
}

// Close drops what is due and what comes.
func (l *EventLoop) Close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	for n, ok := l.pop(); ok; n, ok = l.pop() {
		n.Drop()
	}
}

func newEventLoop() proptest.SchedulerUnderTest {
	l := new(EventLoop)
	return proptest.SchedulerUnderTest{Scheduler: l, Drive: l.Run, Close: l.Close, FIFO: true}
}

// The test of a scheduler is one call.
func ExampleTestScheduler() {
	_ = func(t *testing.T) {
		proptest.TestScheduler(t, newEventLoop)
	}
}

// Each finding says what to do.
func ExampleCheckScheduler() {
	err := proptest.CheckScheduler(newEventLoop)
	first, _, _ := strings.Cut(err.Error(), "\n")
	check, found, _ := strings.Cut(first, ": ")
	fmt.Println(check)
	fmt.Println(found)
	// Output:
	// a task that is woken while it runs is run again
	// Schedule or Yield ran the task on the stack of whoever woke it: queue the Notified there, and call its Run from the scheduler's own loop, with no lock held
}

// A RunQueue is a scheduler, and keeps its contract.
func ExampleSchedulerUnderTest() {
	err := proptest.CheckScheduler(func() proptest.SchedulerUnderTest {
		q := new(rouse.RunQueue)
		return proptest.SchedulerUnderTest{
			Scheduler: q,
			Drive: func() {
				for q.RunOne() {
				}
			},
			Close:     q.Close,
			FIFO:      true,
			FairYield: true,
		}
	})
	fmt.Println(err)
	// Output: <nil>
}
