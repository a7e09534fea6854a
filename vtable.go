package rouse

import (
	"fmt"
	"reflect"
	"unsafe"
)

// Ops are the operations of the tasks of a type T, whose first field is a
// Header. Poll, Cancel and Schedule are required.
//
// Poll and Cancel run while the task is RUNNING: never at the same time, and
// each sees what the previous one wrote. No operation is called with a lock of
// this package held. A panic in any of them leaves the task consistent; each
// says what it leads to.
type Ops[T any] struct {
	// Poll runs the task. It returns true if the task is ready, for good, and
	// false if it has arranged that a waker wakes it. A panic or a
	// runtime.Goexit ends the task: Cancel is called, with CausePanicked or
	// CauseExited, then Panicked.
	Poll func(t *T, cx Context) (ready bool)

	// Cancel ends the task instead of a ready Poll. It is called once. A wake
	// that comes while it runs leads to no run: let it refuse, under the lock of
	// your queue, what others may still send to t.
	Cancel func(t *T, cause Cause)

	// Schedule takes a Notified that is due. It puts n into a queue, from which
	// another stack frame runs it; it never runs n itself. A scheduler that is
	// closed drops n, after it has released its locks. Schedule is called inside
	// Wake, Abort and Waker.Drop, so it must not block. If it panics it has not
	// taken n: n is dropped, and the panic goes on to the caller.
	Schedule func(t *T, n Notified, why Reason)

	// Yield takes the Notified of a task that was woken while it ran, as
	// Schedule does. If it is nil, Schedule is called with the reason Yielded.
	Yield func(t *T, n Notified)

	// Release is called once, when the task has ended and nothing refers to it
	// any more, by whoever gave up the last reference. It may recycle the memory
	// unless t's Snapshot is Pinned. If it drops the last waker of another task
	// that has ended, that one is released inside it, and so on: the calls nest,
	// and each takes less than 1 KB of the stack, whose limit is 1 GB. Where
	// chains of a million tasks can be, put the wakers on a list of your own, and
	// drop them when Release has returned. It may be nil.
	Release func(t *T)

	// Panicked learns of a panic in Poll or Cancel, and reports whether it dealt
	// with it. If it did not, or is nil, the panic goes on to the caller of
	// Notified.Run once the task has ended.
	Panicked func(t *T, err *JoinError) bool

	// OrphanCheck says that only counted wakers wake these tasks. A task that is
	// pending without any is cancelled, with CauseOrphaned, although a list owns
	// it. It is for tasks made by InitBound. The owner of a task made by Init
	// wakes it as it likes, so that it is not checked. A task made by
	// InitNotified has no owner, so that it is cancelled in any case.
	OrphanCheck bool

	// Orphaned, with OrphanCheck, has orphans reported and kept, as
	// OrphanHooks.Orphaned does. It may be nil.
	Orphaned func(t *T, err *JoinError)

	// Uncounted says that the garbage collector owns these tasks: cloning and
	// dropping their wakers costs nothing, and they are never released.
	Uncounted bool
}

// A Vtable is the operations of the tasks of a type T. There is one for each
// type, for the life of the program; its methods make tasks of a *T. It must
// not be copied. Its methods are safe for concurrent use by multiple goroutines.
//
// The idea is tokio's task::raw::Vtable.
type Vtable[T any] struct {
	_ noCopy
	v vtable
}

// NewVtable returns the Vtable of T. It panics if the first field of T is
// neither a Header nor a struct that begins with one, or if one of Poll, Cancel
// and Schedule is missing. Call it in the initialiser of a package variable:
//
//	var connVtable = rouse.NewVtable(rouse.Ops[conn]{Poll: (*conn).poll, …})
//
// Go forbids this where Poll itself uses connVtable, to start tasks of its own
// kind. Then assign the variable in an init function.
func NewVtable[T any](o Ops[T]) *Vtable[T] {
	typ := reflect.TypeFor[T]()
	if !startsWithHeader(typ) {
		panic(fmt.Sprintf("rouse: NewVtable: the first field of %v is not a rouse.Header", typ))
	}
	if o.Poll == nil || o.Cancel == nil || o.Schedule == nil {
		panic(fmt.Sprintf("rouse: NewVtable[%v]: Poll, Cancel and Schedule are required", typ))
	}
	// Safe: a *T and the *Header at its start are one pointer, passed alike, and
	// a func value is one pointer to its code. So the table holds the user's own
	// functions, and no wrapper stands between. TestVtableCallsTheUsersFunctions
	// proves it on each architecture.
	p := unsafe.Pointer(&o)
	u := (*untypedOps)(p)
	return &Vtable[T]{v: vtable{
		poll:        u.poll,
		cancel:      u.cancel,
		schedule:    u.schedule,
		yield:       u.yield,
		release:     u.release,
		panicked:    u.panicked,
		orphaned:    u.orphaned,
		orphanCheck: o.OrphanCheck,
		uncounted:   tagOf(o.Uncounted),
	}}
}

func startsWithHeader(typ reflect.Type) bool {
	for typ.Kind() == reflect.Struct && typ.NumField() > 0 {
		if typ = typ.Field(0).Type; typ == reflect.TypeFor[Header]() {
			return true
		}
	}
	return false
}

// untypedOps is Ops[T] for the Header at the start of a T: the same fields in
// the same order, which a test compares.
type untypedOps struct {
	poll        func(*Header, Context) bool
	cancel      func(*Header, Cause)
	schedule    func(*Header, Notified, Reason)
	yield       func(*Header, Notified)
	release     func(*Header)
	panicked    func(*Header, *JoinError) bool
	orphanCheck bool
	orphaned    func(*Header, *JoinError)
	uncounted   bool
}

// Init makes t an idle task that the caller owns: it is not released before
// Disown, or until a list that it was bound to lets go of it. Wake it to have it
// run. Init panics, and changes nothing, if t is a task already that is queued or
// running, or that a waker or a list still refers to. Cost: one atomic store.
func (v *Vtable[T]) Init(t *T) { v.header("Vtable.Init", t).init(&v.v, 0) }

// InitNotified makes t a task that nobody owns: it is released when it has ended
// and its last waker is gone. If its last waker is gone while it is pending,
// nothing refers to it any more: it is submitted for a last run that cancels it,
// with CauseOrphaned, also without Ops.OrphanCheck. A task that is to wait for
// Header.Wake alone is made by Init. It owes a first run; the caller hands the
// Notified to a scheduler. It panics as Init does. Cost: one atomic store.
func (v *Vtable[T]) InitNotified(t *T) Notified {
	h := v.header("Vtable.InitNotified", t)
	h.init(&v.v, initDetached)
	return h.grant()
}

// InitBound makes t a task that o owns, and that owes a first run; the caller
// hands the Notified to a scheduler. If o is closed the task is cancelled here,
// with CauseShutdown, and there is no Notified. It panics as Init does. Cost:
// one atomic store, and a lock.
func (v *Vtable[T]) InitBound(t *T, o *OwnedTasks) (n Notified, open bool) {
	h := v.header("Vtable.InitBound", t)
	h.init(&v.v, flagNotified)
	if !h.bind(o) {
		return Notified{}, false
	}
	return h.grant(), true
}

// Of returns the struct that t is the task of, if v made it a task. So a future
// finds the task that polls it, whose fields are its to use for that long:
//
//	if t, ok := cx.Waker().Task(); ok {
//		if c, ok := connVtable.Of(t); ok {
//			…
//		}
//	}
//
// and a scheduler that of a Notified, by its method Task. Cost: no atomic
// operation.
func (v *Vtable[T]) Of(t RawTask) (*T, bool) {
	if t.h == nil || t.h.vtable != &v.v {
		return nil, false
	}
	return (*T)(unsafe.Pointer(t.h)), true // safe: v made it of a *T
}

// header returns the Header of t, which may become a task.
func (v *Vtable[T]) header(op string, t *T) *Header {
	if v.v.poll == nil {
		panic("rouse: " + op + ": the Vtable is zero: NewVtable makes one")
	}
	h := (*Header)(unsafe.Pointer(t)) // safe: NewVtable has looked at T
	h.mustBeFree(op, &v.v)
	return h
}

// A vtable is what the harness knows of a kind of task. For tasks of level 1 it
// holds the user's functions; those of level 2 go by their cell.
type vtable struct {
	poll     func(h *Header, cx Context) (ready bool)
	cancel   func(h *Header, cause Cause)
	schedule func(h *Header, n Notified, why Reason)
	yield    func(h *Header, n Notified)
	release  func(h *Header)
	panicked func(h *Header, err *JoinError) bool
	orphaned func(h *Header, err *JoinError)

	orphanCheck bool
	isCell      bool     // level 2: it has a join waker's slot and an output
	kind        cellKind // of a cell
	uncounted   uintptr  // the tag of its wakers
}

func tagOf(collected bool) uintptr {
	if collected {
		return uncounted
	}
	return 0
}

// policy returns the flags that a task of v is born with, besides those in n.
// An uncounted task has one reference that is never given back, so it is never
// dead or orphaned. One that is born idle is not checked: its word would be an
// orphan's from the first, and a stale settler might claim it.
func (v *vtable) policy(n Snapshot) Snapshot {
	switch {
	case v.uncounted != 0:
		return refOne
	case !v.orphanCheck || !n.has(flagNotified):
		return 0
	case v.orphaned != nil:
		return flagOrphanable | flagKeep
	}
	return flagOrphanable
}

// A Reason tells a scheduler why it receives a Notified.
type Reason uint8

const (
	Spawned   Reason = iota // the task is new
	Woken                   // a waker woke it
	Yielded                 // it was woken while it ran
	Cancelled               // its next run will end it
)

var reasonNames = [...]string{"spawned", "woken", "yielded", "cancelled"}

// String returns the reason in one word, such as "woken".
func (r Reason) String() string { return reasonNames[r] }
