package rouse

import "unsafe"

// A Header is what every task carries. Embed it as the first field of a struct
// of yours, and the struct is a task: it can be woken, queued, owned, cancelled
// and released without another allocation.
//
//		      (1) Wake               (2) Notified.Run
//		idle ──────────▶ notified ──────────────────▶ running ──(5)──▶ complete
//		 ▲                  ▲ │                        │  │  ▲              │
//		 │                  │ └──(6) Notified.Drop ────│──│──┘ cancelled    │ (7)
//		 │                  └──(4) woken meanwhile ────┘  │                 ▼
//		 └─────────────────────(3) Poll not ready ────────┘             released
//
//	 1. A Waker, a WakerRef or Header.Wake wakes the task: Ops.Schedule receives
//	    the Notified, and owes it a Run or a Drop.
//	 2. Whoever has the Notified runs it: Ops.Poll is called, or Ops.Cancel if
//	    the task was cancelled meanwhile.
//	 3. Poll returned false, and no wake came while it ran: the task waits.
//	 4. Poll returned false, and a wake came while it ran: Ops.Yield receives the
//	    Notified.
//	 5. Poll returned true, or Cancel has returned: the task has ended.
//	 6. Whoever has the Notified drops it: Ops.Cancel is called instead of a poll.
//	 7. The last waker, claim and owner are gone: Ops.Release is called.
//
// A Vtable makes a task of it: call Init, InitNotified or InitBound before
// anything else. A Header must not be copied; do not use its fields. It is kept
// within one cache line, since a million tasks pay for each byte. Its methods are safe for concurrent use by multiple goroutines.
//
// A task may be initialised again once it has ended and nothing refers to it
// any more: in Ops.Release, or after it. Reset the other fields of your struct,
// and leave the Header to the Vtable. An assignment to the whole struct is a data
// race, since another goroutine that gave up a waker of the former task may still
// look at the word. Nor may a slice of tasks grow, which would copy them: let it
// have pointers. The debug build tells of both, at the next use of that Header.
// Of a slice that has grown it tells when a copy is used. A waker, a queue or a
// list that knows the task where it was before still reaches it there, in memory
// that nothing else refers to; no build tells of that.
//
// The ideas are tokio's runtime/task/core.rs, and intrusive collections.
type Header struct {
	// First: a waker is its address.
	state State

	id word
	traced
	granted
	vtable *vtable
	next   *Header
	shard  *shard
	prev   *Header
	succ   *Header
}

// Who may touch which field, and when. A claim is RUNNING, NOTIFIED (while not
// COMPLETE) or JOIN_INTEREST; "new" is whoever initialises the task, before its
// word is stored. cell.go has the same for what only tasks of level 2 have.
//
//	field       read by                              written by
//	state       anybody with a claim, a waker,       the transitions of state.go; stored by "new",
//	            or a pin; a settler, see below       atomically, since a settler may be looking
//	id          as state                             as state: CAS from 0; 0 by "new"
//	vtable      as state                             new
//	next        the holder of the Notified, and      the same
//	            the queue that it is in
//	shard       anybody with a claim or a waker;     new; OwnedTasks.Bind, once, before the task is
//	            who has the task by the list's       reachable
//	            lock, or pinned
//	prev, succ  under the shard's lock               the same
//	traced      times and counts: anybody with a     RUNNING; new
//	            claim; due: RUNNING or NOTIFIED      RUNNING or NOTIFIED
//	granted     debug build: atomic                  debug build: atomic
//
// What may be read after an RMW depends on the word that it returned:
//
//	the caller owns NOTIFIED or RUNNING by it        everything
//	dead and COMPLETE                                everything, exclusively: the caller releases
//	dead or orphaned, not COMPLETE                   only the word, until a CAS has claimed the last run
//	anything else                                    nothing: another goroutine may release the task
//
// So what an event or a message needs is copied before the RMW. After a
// Schedule the caller touches the task only by a claim or waker that it still has.

// bind puts a new task, which owes its first run, on a list; or cancels it, if
// the list is closed.
func (h *Header) bind(o *OwnedTasks) bool {
	if o.Bind(h) {
		return true
	}
	h.tooLate()
	return false
}

// tooLate cancels a new task, which owes its first run, and whose list was
// closed before.
func (h *Header) tooLate() {
	h.state.init((h.state.Load() | flagUnowned).cancelled(CauseShutdown))
	h.grant().Drop()
}

// mustBeFree panics, before anything is written, unless h was never a task, or
// is one of v's that has ended and that nothing refers to.
func (h *Header) mustBeFree(op string, v *vtable) {
	if debugging {
		h.intact(op)
	}
	if h.vtable == nil {
		return
	}
	n := h.state.Load()
	reads(&h.shard, "shard")
	reason := ""
	switch {
	case h.vtable != v:
		reason = "it was made a task by another Vtable"
	case n.Poisoned():
		reason = "it was misused before"
	case n.Running():
		reason = "it is running"
	case !n.Complete() && n.Notified():
		reason = "it is queued: Run or Drop its Notified first"
	case n.Refs() != int64(v.uncounted):
		reason = "a waker of it exists"
	case h.shard != nil && h.shard.has(h):
		reason = "it is on the list of an OwnedTasks: Remove it first"
	default:
		return
	}
	panic("rouse: " + op + ": the Header is a task already, and cannot become another: " + reason + " (state " + n.String() + ")")
}

// init stores the word last, and atomically: a stale settler of the former
// tenant may be looking at it.
func (h *Header) init(v *vtable, n Snapshot) {
	writes(&h.vtable, "header")
	h.vtable = v
	if h.id.Load() != 0 {
		h.id.Store(0)
	}
	writes(&h.next, "link")
	writes(&h.shard, "shard")
	writes(&h.succ, "list link")
	h.next, h.shard, h.prev, h.succ = nil, nil, nil, nil
	if tracing {
		h.traceTask(traceSpawn, outcomeNone, CauseNone)
	}
	h.begin()
	h.state.init(n | v.policy(n))
}

// waker returns the word of the task's wakers.
func (h *Header) waker() unsafe.Pointer {
	return unsafe.Add(unsafe.Pointer(h), h.vtable.uncounted)
}

// WakerRef returns the task's waker, borrowed. It is valid while the caller
// owns the task or holds a claim or a waker. Cost: no atomic operation.
func (h *Header) WakerRef() WakerRef {
	if debugging {
		h.intact("Header.WakerRef")
	}
	if h.vtable == nil {
		panic(uninitialised("Header.WakerRef"))
	}
	return WakerRef{p: h.waker(), borrow: h.own()}
}

// Wake wakes the task, as WakerRef().WakeByRef() does. Cost: one atomic
// operation; none if the task has ended.
func (h *Header) Wake() {
	if debugging {
		h.intact("Header.Wake")
	}
	if h.vtable == nil {
		panic(uninitialised("Header.Wake"))
	}
	wakeByRef(unsafe.Pointer(h))
}

// Abort asks the task to end at its next run, and submits it if none is owed.
// It reports whether this request was recorded first: false means that the task
// has ended or was cancelled before. A poll that is ready wins over it. Cost:
// one atomic operation; none if there is nothing to do.
func (h *Header) Abort() bool {
	if debugging {
		h.intact("Header.Abort")
	}
	if h.vtable == nil {
		panic(uninitialised("Header.Abort"))
	}
	return h.abort(CauseAborted)
}

// AbortHandle returns a handle that can end the task, as Abort does, and that may
// be kept for as long as its holder likes. The caller owns the task, or holds a
// claim or a waker. From now on the task's Snapshot is Pinned: Ops.Release must
// not recycle its memory. Cost: one atomic operation the first time.
func (h *Header) AbortHandle() AbortHandle {
	if h.vtable == nil {
		panic(uninitialised("Header.AbortHandle"))
	}
	h.state.pin("Header.AbortHandle")
	return AbortHandle{h}
}

// Close ends a task that the caller owns: Ops.Cancel is called by Close if the
// task is idle, and otherwise at its next run. It reports whether Close called
// it. Cost: two atomic operations; one if a run is to come; none if there is
// nothing to do.
func (h *Header) Close() bool {
	if debugging {
		h.intact("Header.Close")
	}
	if h.vtable == nil {
		panic(uninitialised("Header.Close"))
	}
	if h.state.toClosed() != actCancel {
		return false
	}
	h.cancel(CauseClosed)
	return true
}

// Disown gives up the ownership that Init left with the caller: the task is
// released when it has ended and its last waker is gone, or at once if that is
// so already. If it is pending and nobody can wake it, it is submitted for a
// last run that cancels it. Disown panics if a list owns the task. Cost: one
// atomic operation.
func (h *Header) Disown() {
	if debugging {
		h.intact("Header.Disown")
	}
	if h.vtable == nil {
		panic(uninitialised("Header.Disown"))
	}
	reads(&h.shard, "shard")
	if h.shard != nil && h.shard.has(h) {
		panic("rouse: Header.Disown: the task is on the list of an OwnedTasks, which owns it (state " + h.Snapshot().String() + ")")
	}
	h.settled(h.state.toDisowned())
}

// Snapshot returns the task's word. Cost: one atomic load.
func (h *Header) Snapshot() Snapshot { return h.state.Load() }

// String prints the task's word. It is safe at any time.
func (h *Header) String() string { return "rouse.Header(" + h.state.Load().String() + ")" }

// ID returns the task's identity. Cost: one atomic load; the first time two
// more operations.
func (h *Header) ID() ID {
	if debugging {
		h.intact("Header.ID")
	}
	return h.taskID()
}

// An uninitialised is what an operation on a Header panics with that no Vtable
// has made a task. It is formatted late, so that the operations are inlined.
type uninitialised string

func (op uninitialised) Error() string {
	return "rouse: " + string(op) + ": the Header is no task yet: call Init, InitNotified or InitBound of its Vtable first"
}

// An ID identifies a task in its process. It is dealt when it is first asked
// for, so that a task that nobody names costs none. IDs are never used twice.
type ID uint64

// lastID is the package's one mutable global: an identity is unique in a
// process or it is none.
var lastID word

func (h *Header) taskID() ID {
	if id := h.id.Load(); id != 0 {
		return ID(id)
	}
	h.id.CompareAndSwap(0, lastID.Add(1))
	return ID(h.id.Load())
}
