// Package rouse is a kit of lock-free primitives for people who write
// runtimes: event loops, actor engines, drivers of FFI and WASM futures,
// schedulers, simulators. One uint64 holds a task's life cycle, its claims and
// its waker count; every clone, drop and wake is a transition of that word. It
// is tokio's task and waker core (runtime/task), rebuilt for Go.
//
// # Three ways in
//
// Level 0 is the word: a [State] inside a struct of yours is the
// idle/notified/running machine of a mailbox or a work loop, with the verbs
// Notify, Begin, End, Yield and Close.
//
// Level 1 is the header: embed a [Header] as the first field of a struct of
// yours, give it a [Vtable] ([NewVtable] needs no unsafe), and it is a task,
// with wakers, a queue link, cancellation and release, for no allocation but
// your own.
//
// Level 2 is the task: [Spawn] a [Future] on a [Scheduler], and await its
// [JoinHandle]; [AbortHandle], [Pool].
//
// Around them: [OwnedTasks], the list of a runtime's tasks that can shut them
// all down; [RunQueue] and [LocalQueue], queues that never allocate or fail;
// [WakerCell], where a task waits for an event.
//
// # Ownership
//
// Who owns what stands in the types. A [Waker] is owned: consume it, by Wake,
// Drop or Move. A [WakerRef] is borrowed, by value: Clone it to keep it. A
// [Notified] is the right and the duty to run a task once: Run it, Drop it or
// give it on. A [JoinHandle] is the right to the outcome: await it or Detach
// it. A function that takes a *Waker moves out of it; one that takes a WakerRef
// borrows. Consuming zeroes the variable, and using a zero handle panics.
//
// A task is released, to its Pool or by Vtable.Release, when its last waker,
// claim and owner are gone: exactly one atomic operation makes that true, and
// whoever did it releases. It is a matter of recycling and of destructors, not
// of memory safety, which is the collector's.
//
// # Publication
//
// Everything written before a wake happens before the poll that it causes or
// joins, in the sense of the Go memory model: a wake that finds its task
// notified is still an atomic read-modify-write, where a load, or a send to a
// full channel with a default, would publish nothing.
//
// # Orphans
//
// A pending task that no waker can wake would stay for ever. The kit knows it
// at the instant the last waker is dropped, or the poll returns without having
// kept one: the task is run a last time, to be cancelled, and its joiner gets
// [ErrOrphaned]. The check is exact where every wake source keeps an owned
// Waker. It is not complete: a cycle of tasks, a future that stores its own
// waker, and a Waker that was forgotten instead of dropped still hide a hang.
//
// It is on for spawned tasks: [Options].NoOrphanCheck turns it off, and a
// scheduler with [OrphanHooks] has orphans reported and kept. On level 1 it is
// Ops.OrphanCheck, with Ops.Orphaned to keep them, of tasks made by InitNotified
// or InitBound; on level 0 State.CheckOrphans. Nothing of it costs a locked
// instruction before there is an orphan.
//
// # User code
//
// Polls, destructors, hooks and foreign wakers run with no lock of the kit's
// held and no slot half written; Wake, Abort and Waker.Drop never poll and
// never destroy a future, they only submit. One exception: a Notified that its
// scheduler refuses is cancelled on the stack that submitted it. A panic or a
// runtime.Goexit in user code leaves the word consistent and the joiner
// resolved; what nobody dealt with goes on to the caller of [Notified.Run].
//
// # Build tags
//
// rouse_debug makes every handle know where it was born and ended, and panics
// on misuse with both stacks; see [Leaks]. rouse_trace emits tokio's waker
// events and those of tasks to a [Tracer]; package trace has some. rouse_explore
// routes the atomics to the interleaving explorer in proptest/explore. Without
// them nothing of that is in the binary.
//
// Package inspect shows the tasks of a running program on a page. What to use
// for which symptom is in docs/when-it-goes-wrong.md.
package rouse
