package rouse

import (
	"fmt"
	"reflect"
	"unsafe"
)

// A Vtable is a task's operations. There is one for each type of task, for
// the life of the program; it must not be copied or changed once a task has
// it. NewVtable builds one without unsafe.
//
// Under RUNNING means that no other operation of the two, Poll and Cancel, is
// or will be running before this one has returned, and that what it wrote is
// visible to the next. None is called with a lock of the kit's held. A panic
// in any of them leaves the task consistent; see each. It is tokio's
// task::raw::Vtable, made public.
type Vtable struct {
	// Poll runs the task, under RUNNING, until it is ready for good or has
	// arranged to be woken. A panic or a Goexit ends the task: Cancel is
	// called, with CausePanicked or CauseExited, then Panicked.
	Poll func(h *Header, cx Context) (ready bool)

	// Cancel ends the task instead of a ready Poll, once, under RUNNING.
	Cancel func(h *Header, cause Cause)

	// Schedule takes a Notified that is due: to a queue, to be Run by another
	// stack frame, never by this one; or, once the locks of the scheduler are
	// released, to its Drop. It is called inside Wake, Abort and Waker.Drop,
	// so it must not block. If it panics it has not taken n: the kit drops n,
	// and the panic goes on to the caller.
	Schedule func(n Notified, why Reason)

	// Yield takes the Notified of a task that was woken while it ran. If nil,
	// Schedule does, with the reason Yielded.
	Yield func(n Notified)

	// Release is called once, when the task is complete and nothing refers
	// to it any more, on the stack that gave up the last reference; it may
	// recycle the memory unless Snapshot().Pinned(). Optional.
	Release func(h *Header)

	// Panicked learns of a panic in Poll or Cancel and reports whether it
	// dealt with it. If it did not, or is nil, the panic goes on to the
	// caller of Run once the task is complete.
	Panicked func(h *Header, err *JoinError) bool

	// OrphanCheck says that only counted wakers wake these tasks: one that is
	// pending without any is cancelled, with CauseOrphaned. It holds for tasks
	// made by InitNotified and InitBound; an embedder wakes its own as it likes.
	OrphanCheck bool

	// Orphaned, with OrphanCheck, has orphans reported and kept, as
	// OrphanHooks.Orphaned does. Optional.
	Orphaned func(h *Header, err *JoinError)

	// Uncounted says that the garbage collector owns these tasks: cloning and
	// dropping their wakers costs nothing, and they are never released.
	Uncounted bool

	joined  bool // a cell: it has a join waker's slot and an output
	kind    cellKind
	refused refused
}

func (v *Vtable) waker() *RawWakerVTable {
	if v.Uncounted {
		return &uncountedWakerVTable
	}
	return &taskWakerVTable
}

// policy returns the flags that a task of v is born with, besides those in n.
// An uncounted task has one reference that is never given back, so it is never
// dead or orphaned. One that is born idle is not checked: its word would be an
// orphan's from the first, and a stale settler might claim it.
func (v *Vtable) policy(n Snapshot) Snapshot {
	switch {
	case v.Uncounted:
		return refOne
	case !v.OrphanCheck || !n.has(flagNotified):
		return 0
	case v.Orphaned != nil:
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

func (r Reason) String() string { return reasonNames[r] }

// Ops is a Vtable in terms of the user's own type T, whose first field must
// be a Header.
type Ops[T any] struct {
	Poll                   func(t *T, cx Context) (ready bool)
	Cancel                 func(t *T, cause Cause)
	Schedule               func(t *T, n Notified, why Reason)
	Yield                  func(t *T, n Notified)
	Release                func(t *T)
	Panicked               func(t *T, err *JoinError) bool
	Orphaned               func(t *T, err *JoinError)
	OrphanCheck, Uncounted bool
}

// NewVtable returns the Vtable of T. It panics if the first field of T is not
// a Header, or if one of Poll, Cancel and Schedule is missing. Call it once
// for a type, in a package variable's initialiser.
func NewVtable[T any](o Ops[T]) *Vtable {
	typ := reflect.TypeFor[T]()
	if typ.Kind() != reflect.Struct || typ.NumField() == 0 || typ.Field(0).Type != reflect.TypeFor[Header]() {
		panic(fmt.Sprintf("rouse: NewVtable: the first field of %v is not a rouse.Header", typ))
	}
	if o.Poll == nil || o.Cancel == nil || o.Schedule == nil {
		panic(fmt.Sprintf("rouse: NewVtable[%v]: Poll, Cancel and Schedule are required", typ))
	}
	v := &Vtable{
		Poll:        func(h *Header, cx Context) bool { return o.Poll(outer[T](h), cx) },
		Cancel:      func(h *Header, cause Cause) { o.Cancel(outer[T](h), cause) },
		Schedule:    func(n Notified, why Reason) { o.Schedule(outer[T](n.h), n, why) },
		OrphanCheck: o.OrphanCheck,
		Uncounted:   o.Uncounted,
	}
	if o.Yield != nil {
		v.Yield = func(n Notified) { o.Yield(outer[T](n.h), n) }
	}
	if o.Release != nil {
		v.Release = func(h *Header) { o.Release(outer[T](h)) }
	}
	if o.Panicked != nil {
		v.Panicked = func(h *Header, err *JoinError) bool { return o.Panicked(outer[T](h), err) }
	}
	if o.Orphaned != nil {
		v.Orphaned = func(h *Header, err *JoinError) { o.Orphaned(outer[T](h), err) }
	}
	return v
}

// outer returns the struct that h is the first field of.
func outer[T any](h *Header) *T { return (*T)(unsafe.Pointer(h)) }
