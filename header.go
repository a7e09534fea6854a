package rouse

import "sync/atomic"

// A Header is what every task carries. Embed it as the first field of a
// struct of yours, and the struct is a task: it can be woken, queued, owned,
// cancelled and released without another allocation.
//
//	      (1) Wake               (2) Notified.Run
//	idle ──────────▶ notified ──────────────────▶ running ──(5)──▶ complete
//	 ▲                  ▲ │                        │  │  ▲              │
//	 │                  │ └──(6) Notified.Drop ────│──│──┘ cancelled    │ (7)
//	 │                  └──(4) woken meanwhile ────┘  │                 ▼
//	 └─────────────────────(3) Poll not ready ────────┘             released
//
// (1) any Waker, WakerRef, Header.Wake: Vtable.Schedule receives the Notified.
// (2) Vtable.Poll, or Vtable.Cancel if it was cancelled meanwhile.
// (4) Vtable.Yield receives the Notified. (5) Poll was ready. (7) Vtable.Release,
// once the last waker, claim and owner are gone.
//
// A Header must not be copied, and its fields are not for its embedder: it is
// a cache line, and a million tasks pay for each byte. Call Init or
// InitNotified before anything else. All methods may race, but for these two
// and where it says otherwise.
//
// The idea is tokio's (runtime/task/core.rs), the embedding is intrusive
// collections'.
type Header struct {
	_ [0]atomic.Uint64
	traced
	granted
	state  State
	id     word
	vtable *Vtable

	// next belongs to the holder of the Notified, and to the queue it is in.
	next *Header

	// The owner list's. shard is written once, by Bind; the links are
	// guarded by its lock.
	shard      *shard
	prev, succ *Header
}

// Init makes h an idle task of the caller's: it is not released before Disown,
// or until a list that it was bound to lets go of it. Wake it to have it run.
// RMWs: 0.
func (h *Header) Init(v *Vtable) { h.init(v, 0) }

// InitNotified makes h a task that nobody owns: it is released when its last
// waker and claim are gone. It owes a first run; the caller hands the Notified
// to a scheduler. RMWs: 0.
func (h *Header) InitNotified(v *Vtable) Notified {
	h.init(v, initDetached)
	return h.grant()
}

// InitBound makes h a task that o owns, and that owes a first run; the caller
// hands the Notified to a scheduler. If o is closed the task is cancelled
// here, with CauseShutdown, and there is no Notified. RMWs: 0; a lock.
func (h *Header) InitBound(v *Vtable, o *OwnedTasks) (n Notified, open bool) {
	h.init(v, flagNotified)
	if !h.bind(o) {
		return Notified{}, false
	}
	return h.grant(), true
}

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

// init stores the word last, and atomically: a stale settler of the former
// tenant may be looking at it.
func (h *Header) init(v *Vtable, n Snapshot) {
	writes(&h.vtable, "header")
	h.vtable = v
	if h.id.Load() != 0 {
		h.id.Store(0)
	}
	h.next, h.shard, h.prev, h.succ = nil, nil, nil, nil
	if tracing {
		h.traceTask(TraceSpawn, OutcomeNone, CauseNone)
	}
	h.begin()
	h.state.init(n | v.policy(n))
}

// WakerRef returns the task's waker, borrowed. It is valid while the caller
// owns the task or holds a claim or a waker. RMWs: 0.
func (h *Header) WakerRef() WakerRef {
	return WakerRef{data: h.data(), vtable: h.vtable.waker(), borrow: h.own()}
}

// Wake wakes the task, as WakerRef().WakeByRef() does. RMWs: 1; complete 0.
func (h *Header) Wake() { wakeByRef(h.data(), &taskWakerVTable) }

// Abort asks the task to end at its next run, and submits it if none is owed.
// It reports whether this request was recorded first: false means that the
// task is complete or was cancelled before. A poll that is ready beats it.
// RMWs: 1; nothing to do 0.
func (h *Header) Abort() bool { return h.abort(CauseAborted) }

// Close ends a task of the caller's own: Vtable.Cancel is called here and now
// if it is idle, else at its next run. It reports whether it was called here.
// RMWs: 2; recorded 1; nothing to do 0.
func (h *Header) Close() bool {
	if h.state.ToClosed() != ActCancel {
		return false
	}
	h.cancel(CauseClosed)
	return true
}

// Disown gives up the ownership that Init left with the caller: the task is
// released, now or when its last waker and claim are gone. If it is pending
// and nobody can wake it, it is scheduled for a last, cancelled run. RMWs: 1.
func (h *Header) Disown() { h.settled(h.state.ToDisowned()) }

// Snapshot returns the task's word. RMWs: 0.
func (h *Header) Snapshot() Snapshot { return h.state.Load() }

// ID returns the task's identity. RMWs: 0; the first time 1 or 2.
func (h *Header) ID() ID { return h.taskID() }

// An ID identifies a task in its process. It is dealt when it is first asked
// for, so that a task that nobody names costs none; IDs are never used twice.
type ID uint64

// lastID is the kit's one mutable global: an identity is unique in a process
// or it is none.
var lastID word

func (h *Header) taskID() ID {
	if id := h.id.Load(); id != 0 {
		return ID(id)
	}
	h.id.CompareAndSwap(0, lastID.Add(1))
	return ID(h.id.Load())
}
