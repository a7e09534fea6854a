package migrating_test

import (
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

// A Queue is the user's own; it is safe for concurrent use.
type Queue struct{ c chan int }

func (q *Queue) Push(v int) { q.c <- v }
func (q *Queue) Len() int   { return len(q.c) }
func (q *Queue) Pop() (v int, ok bool) {
	select {
	case v = <-q.c:
		return v, true
	default:
		return 0, false
	}
}

const (
	idle int32 = iota
	running
)

type StatusBox struct {
	status atomic.Int32
	queue  Queue
	handle func(int)
}

func (b *StatusBox) Post(v int) {
	b.queue.Push(v)
	b.schedule()
}

func (b *StatusBox) schedule() {
	if b.status.CompareAndSwap(idle, running) {
		go b.process()
	}
}

func (b *StatusBox) process() {
	for v, ok := b.queue.Pop(); ok; v, ok = b.queue.Pop() {
		b.handle(v)
	}
	b.status.Store(idle)
	if b.queue.Len() > 0 { // the re-check
		b.schedule()
	}
}

type StateBox struct {
	state  rouse.State
	queue  Queue
	handle func(int)
}

func (b *StateBox) Post(v int) {
	b.queue.Push(v)
	if b.state.Notify() {
		go b.process()
	}
}

func (b *StateBox) process() {
	for b.state.Begin() {
		for v, ok := b.queue.Pop(); ok; v, ok = b.queue.Pop() {
			b.handle(v)
		}
		if !b.state.End() {
			return
		}
	}
}
