//go:build rouse_debug

package rouse

import (
	"fmt"
	"sync/atomic"
)

// A handle is what the values hold, and what the collector sees when the last
// of them is gone; the record is what outlives it. Only the handle leads to the
// task, so that the set of the living keeps none alive.
type handle struct {
	record *record
	task   *Header // nil for a foreign waker
	life   *handle // the task's, when the handle was born
}

type record struct {
	kind       handleKind
	born       stack
	ended      atomic.Pointer[endOfLife]
	prev, next *record // in the set of the living
}

type endOfLife struct {
	op    string
	stack stack
}

type handleKind uint8

const (
	kindWaker handleKind = iota
	kindNotified
	kindJoinHandle
	kindPoll // a borrow that ends by itself is no leak
	kindTask // and nor is a task
)

var handleKinds = [...]string{"Waker", "Notified", "JoinHandle", "Context", "task"}

func (k handleKind) String() string { return handleKinds[k] }

func newHandle(k handleKind, task *Header) *handle {
	h := &handle{record: &record{kind: k}, task: task}
	h.record.born = callers()
	if task != nil {
		h.life = task.life.Load()
	}
	if k < kindPoll {
		h.watch()
	}
	return h
}

// check panics if h has ended, or the memory of its task is another's.
func (h *handle) check(op string) {
	if h == nil {
		return
	}
	if e := h.record.ended.Load(); e != nil {
		h.misuse(op, e)
	}
	if h.recycled() {
		h.misuse(op, nil)
	}
}

// finish ends the life of a handle, once.
func (h *handle) finish(op string) {
	if h == nil {
		return
	}
	e := &endOfLife{op: op}
	if h.record.kind != kindPoll {
		e.stack = callers()
	}
	if h.record.kind < kindPoll && h.recycled() {
		h.misuse(op, nil)
	}
	if !h.record.ended.CompareAndSwap(nil, e) {
		h.misuse(op, h.record.ended.Load())
	}
	if h.record.kind < kindPoll {
		h.record.forget()
	}
	if h.record.kind == kindWaker && h.task != nil {
		h.task.left.Store(e) // while h still keeps the task
	}
}

// recycled reports whether the memory of h's task has got another tenant.
func (h *handle) recycled() bool {
	return h.task != nil && h.record.kind != kindTask && h.task.life.Load() != h.life
}

// misuse panics with what was done, where h was born and where it ended. The
// operation did not touch the task's word; a Notified that is used twice poisons
// it, as in every build, since a scheduler that does so will do it again.
//
//go:noinline
func (h *handle) misuse(op string, e *endOfLife) {
	r := h.record
	msg := "rouse: " + op + ": "
	switch {
	case e == nil:
		msg += fmt.Sprintf("the %v is of a task whose memory was given to another before the %v was consumed", r.kind, r.kind)
	case r.kind == kindPoll:
		msg += "a borrowed waker was used after its poll, which ended by " + e.op
	case r.kind == kindTask:
		msg += "a borrowed waker was used after its task, which ended by " + e.op
	default:
		msg += fmt.Sprintf("the %v was consumed before, by %s", r.kind, e.op)
	}
	msg += h.state() + "\n\nborn at:\n" + r.born.String()
	if e != nil && e.stack != (stack{}) {
		msg += "ended at:\n" + e.stack.String()
	}
	if e == nil {
		msg += "the memory's new task born at:\n" + h.task.life.Load().record.born.String()
	}
	if r.kind == kindNotified && !h.recycled() {
		h.task.state.poison()
	}
	panic(msg)
}

func (h *handle) state() string {
	switch {
	case h.task == nil:
		return " (a foreign waker)"
	case h.recycled() || h.record.kind == kindTask && h.task.life.Load() != h:
		return fmt.Sprintf(" (state %v, of another task in the same memory)", h.task.Snapshot())
	}
	return fmt.Sprintf(" (task %d, state %v)", h.task.taskID(), h.task.Snapshot())
}

// site returns where the task was born.
func (h *Header) site() string {
	if life := h.life.Load(); life != nil {
		return life.record.born.site()
	}
	return ""
}

// lastWaker tells how the last of the task's wakers ended.
func (h *Header) lastWaker() string {
	e := h.left.Load()
	if e == nil {
		return "it never had an owned waker"
	}
	return "its last waker ended by " + e.op + " at:\n" + e.stack.String()
}
