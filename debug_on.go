//go:build rouse_debug

package rouse

import (
	"fmt"
	"sync/atomic"
	"unsafe"
)

const debugging = true

// A token goes with an owned handle, and with its copies: that of a Waker and
// a JoinHandle inside the value, that of a Notified also in the Header, since
// queues keep Headers only. A borrow is the handle that a WakerRef hangs on:
// its waker's, its poll's, or its task's.
type (
	token    struct{ *handle }
	borrow   struct{ *handle }
	spending struct{ *handle }
	granted  struct {
		current pointer[handle]    // of the Notified that exists, if any
		life    pointer[handle]    // of the task, from Init to its release
		left    pointer[endOfLife] // of the waker that ended last
		lent    atomic.Uint32      // how often it was polled
	}
)

func joinToken(h *Header) token { return token{newHandle(kindJoinHandle, h)} }

// wakerToken is none for wakers that may be forgotten.
func wakerToken(p unsafe.Pointer) token {
	switch s := stateOf(p); {
	case uintptr(p)&uncounted != 0:
		return token{}
	case s.Load().has(flagForeign):
		return token{newHandle(kindWaker, nil)}
	default:
		return token{newHandle(kindWaker, s.task())}
	}
}

// A slot is what a WakerCell points to: memory of its own, so that the token
// waits with the waker. It is not written to any more.
type slot struct {
	p       unsafe.Pointer
	token   token
	contest contest
}

func toSlot(w *Waker) *slot {
	s := &slot{p: w.p, token: w.token}
	w.p, w.token = nil, token{}
	return s
}

func fromSlot(s *slot) Waker           { return Waker{p: s.p, token: s.token} }
func waitsIn(s *slot, r WakerRef) bool { return s != nil && s.p == r.p }

// ends ends the life of the handle of a waker that is being consumed.
func (w *Waker) ends(op string) {
	w.token.end(op)
	if w.p == nil {
		consumed(op)
	}
}

// uses panics if w cannot be used any more.
func (w *Waker) uses(op string) {
	w.token.check(op)
	if w.p == nil {
		consumed(op)
	}
}

// check panics if r cannot be used any more.
func (r WakerRef) check(op string) {
	r.borrow.check("WakerRef." + op)
	if r.p == nil {
		consumed("WakerRef." + op)
	}
}

//go:noinline
func consumed(op string) {
	panic("rouse: " + op + ": the waker is zero, or was consumed before by Wake, Drop, Move or IntoRaw")
}

func (t token) check(op string) { t.handle.check(op) }
func (t token) end(op string)   { t.handle.finish(op) }
func (t token) lend() borrow    { return borrow{t.handle} }

// joins marks a JoinHandle as one that a goroutine is in Join of; check panics
// for every other use that such a goroutine would not come to know of.
func (t token) joins() (done func()) {
	if !t.handle.joining.CompareAndSwap(false, true) {
		t.handle.joinedTwice("JoinHandle.Join")
	}
	return func() { t.handle.joining.Store(false) }
}

func (b borrow) check(op string) { b.handle.check(op) }
func (b borrow) end(op string)   { b.handle.finish(op) }

func (s spending) end(op string) {
	if s.handle != nil {
		s.handle.isQueued(op)
	}
	s.handle.finish(op)
}

func (h *Header) lend() borrow {
	h.lent.Add(1)
	return borrow{newHandle(kindPoll, h)}
}

func (h *Header) grant() Notified {
	n := newHandle(kindNotified, h)
	h.current.Store(n)
	return Notified{h: h, spend: spending{n}}
}

func (h *Header) queued() Notified {
	h.intact("Notified.Run")
	return Notified{h: h, spend: spending{h.current.Load()}}
}

// begin starts a task's life, and ends that of the former tenant of its memory.
func (h *Header) begin() {
	h.current.Store(nil)
	h.left.Store(nil)
	life := newHandle(kindTask, h)
	if old := h.life.Swap(life); old != nil {
		old.record.ended.CompareAndSwap(nil, &endOfLife{op: "Init", stack: callers()})
	}
	h.settle(life.record)
}

func (h *Header) end() { h.life.Load().finish("its release") }

func (h *Header) own() borrow { return borrow{h.life.Load()} }

// A handle is what the values hold, and what the collector sees when the last
// of them is gone; the record is what outlives it. Only the handle leads to the
// task, so that the set of the living keeps none alive.
type handle struct {
	record  *record
	task    *Header                   // nil for a foreign waker
	joining atomic.Bool               // of a JoinHandle: a goroutine is in Join
	life    *handle                   // the task's, when the handle was born; a task's own has none, or all tenants would be kept
	queue   atomic.Pointer[endOfLife] // since when a Notified is in a queue
}

type record struct {
	kind       handleKind
	born       stack
	skip       int // how many frames of it are a runtime's own; of a task
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
	if task != nil && k != kindTask {
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
	if h.joining.Load() && (op == "JoinHandle.Join" || op == "JoinHandle.Poll" || op == "JoinHandle.TryJoin" || op == "JoinHandle.Detach") {
		h.joinedTwice(op)
	}
}

func (h *handle) joinedTwice(op string) {
	panic("rouse: " + op + ": another goroutine is in Join of the JoinHandle, and would sleep for ever" + h.state() + "\n\nborn at:\n" + h.record.born.String())
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
	case e == nil && h.task.life.Load() == nil:
		msg += fmt.Sprintf("the %v is of a task whose Header was overwritten, by an assignment to the whole struct, before the %v was consumed", r.kind, r.kind)
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
	if e == nil && h.task.life.Load() != nil {
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
	case h.task.life.Load() == nil:
		return fmt.Sprintf(" (state %v)", h.task.Snapshot())
	case h.recycled() || h.record.kind == kindTask && h.task.life.Load() != h:
		return fmt.Sprintf(" (state %v, of another task in the same memory)", h.task.Snapshot())
	}
	return fmt.Sprintf(" (task %d, state %v)", h.task.taskID(), h.task.Snapshot())
}

// site returns where the task was born.
func (h *Header) site() string {
	if life := h.life.Load(); life != nil {
		return life.record.born.site(life.record.skip)
	}
	return ""
}

// skip moves the site of a new task up the stack by n frames.
func (h *Header) skip(n int) { h.life.Load().record.skip = n }

// lastWaker tells how the last of the task's wakers ended.
func (h *Header) lastWaker() string {
	e := h.left.Load()
	if e == nil {
		return "it never had an owned waker"
	}
	return "its last waker ended by " + e.op + " at:\n" + e.stack.String()
}
