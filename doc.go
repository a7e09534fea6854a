// Package rouse has the parts that task runtimes are made of: tasks that wait
// without holding a goroutine, the wakers that make them run again, queues,
// handles to await and to cancel them, and lists that shut them down. It is for
// people who write event loops, actor engines, schedulers, simulators and drivers
// of foreign futures; code that can let a goroutine block needs none of it.
//
// The life cycle of a task, its claims and the number of its wakers are one
// uint64, and every operation on a task is one or a few atomic operations on that
// word. Waking, running and ending a task takes no lock; lists of tasks, and of
// those that wait for one event, have short ones. The design is that of the Rust
// runtime tokio, rebuilt for Go.
//
// # Three ways in
//
// Level 0 is the word. A [State] is a field of a struct of yours, and says when to
// start the one loop that handles its work: Notify, TryNotify, Begin, End, Yield;
// Close, Finish, Open; Suspend, Resume. It is for mailboxes and work loops that
// have a queue of their own.
//
// Level 1 is the header. A [Header] is the first field of a struct of yours, a
// connection or a timer or an actor, and a [Vtable] makes that struct a task. It
// has wakers, a place in a queue, cancellation and release, and needs no
// allocation besides your struct.
//
// Level 2 is the task. [Spawn] makes a task of a [Future] and submits it to a
// [Scheduler]; a [JoinHandle] awaits its outcome, an [AbortHandle] cancels it, a
// [Pool] recycles its memory. It is for runtimes whose users write futures.
//
// Each level works without the next. Around them are the other parts of a runtime:
//
//   - [RunQueue] and [LocalQueue], queues that never allocate and never fail. They
//     are Schedulers that can be closed: the shortest runtime is one of them and a
//     loop that calls RunOne.
//   - [StealQueue] and [SharedQueue], the queues of a runtime with many workers, and
//     [Parker], where a worker sleeps while there is nothing to run.
//   - [OwnedTasks], the list of a runtime's tasks, which shuts them down, and tells
//     when it is empty.
//   - [WakerCell], where one task waits for an event; [WaitQueue], where many tasks
//     wait for one; [Semaphore], where they wait for permits.
//   - [BlockOn], which polls a future on the calling goroutine.
//
// # Glossary
//
// Task: a piece of work that runs in steps and waits between them. It is idle, or
// notified, or running, or complete.
//
// Poll: one step of a task, a call of its Poll method. It does what can be done
// now, and never waits. It is ready, which completes the task, or pending: then it
// has arranged that the task is woken.
//
// Future: what a task of level 2 polls, a value with a method Poll that returns an
// output and true, or false while it is pending. It runs nowhere until it is polled.
//
// Context: what a poll is passed. It has a borrowed waker of the task.
//
// Waker: the right to wake a task, which has it polled again. A [Waker] is owned
// and counted; a [WakerRef] is borrowed for the time of a call. Any goroutine that
// has one may wake the task at any time, and as often as it likes.
//
// Notified: a task is notified from a wake until the run that the wake causes. A
// [Notified] is the right and the duty to bring about that run: its holder runs it
// or drops it, once. There is never more than one for a task.
//
// Scheduler: what receives the Notified of a task that was woken, and has a
// goroutine run it later. It is the part that a runtime brings.
//
// Word: the uint64 that holds the state of a task. A [Snapshot] is its value at
// some moment, and can be printed.
//
// Claim: a right on a task that one party holds at a time. There are three: to run
// the task, to bring about its next run (a Notified), and to take its outcome (a
// JoinHandle). A claim keeps the task from being released.
//
// Owner: whoever keeps a task from being released without a claim or a waker. It is
// the code that made the task by Vtable.Init, until it calls Disown, or a list.
//
// Cancel: to end a task without an output. The [Cause] says why. A task that runs
// is cancelled after that run, unless its poll is ready.
//
// Destructor: what is called when a task ends: a method Drop() of its future, or
// of an output that nobody took, or Ops.Cancel.
//
// Release: what happens to a complete task once no claim, no waker and no owner is
// left. A Pool recycles its memory, or Ops.Release is called. Otherwise nothing
// happens, and the garbage collector frees the memory as usual.
//
// Orphan: a task that is pending while no waker is left that could wake it.
//
// Atomic read-modify-write operation, RMW: an atomic add, swap or compare-and-swap
// (CAS). The costs in this documentation count them. An atomic load or store is
// none.
//
// # Ownership
//
// The types say who owns what. A [Waker] is owned: its owner consumes it once, by
// Wake, Drop, Move or IntoRaw. A [WakerRef] is borrowed and has no Drop; Clone makes
// a Waker of it. A [Notified] is consumed once, by Run or Drop, or handed on. A
// [JoinHandle] is consumed by the outcome that it returns, or by Detach.
//
// A function that takes a *Waker consumes what it points to; a function that takes
// a WakerRef borrows it. To consume a Waker or a JoinHandle sets the variable to
// zero, so that a second use panics. Neither must be copied, and go vet reports
// copies.
//
// What is forgotten is no danger to memory, which the garbage collector owns. But
// a Waker that was forgotten keeps its task from being released, and hides that
// the task is an orphan. A JoinHandle that was forgotten keeps the task from being
// released, and the destructor of its output is not called. A Notified that was
// forgotten leaves its task notified for ever. A program that does not recycle
// tasks can let the garbage collector own them, by Options.Uncounted or
// Ops.Uncounted: their wakers need no Drop.
//
// # Publication
//
// Everything that was written before a wake is visible to the poll that the wake
// causes, or joins if the task was notified already: in the words of the Go memory
// model, the wake is synchronized before the poll. So a wake that finds its task
// notified is an atomic read-modify-write operation too. A mere load would not
// publish, and neither does a send to a full channel in a select with a default.
//
// # Orphans
//
// An orphan would wait for ever. The package detects it in the operation that
// drops the last waker, or that ends a poll which kept none. The task is then run
// one last time, which cancels it, and its JoinHandle returns [ErrOrphaned].
//
// The check is on for spawned tasks. [Options].NoOrphanCheck turns it off for one
// task, and a scheduler with [OrphanHooks] receives reports instead and keeps the
// tasks. At level 1 it is off unless Ops.OrphanCheck is set, for tasks that a list
// owns. Level 0 has none. It costs nothing as long as there is no orphan.
//
// Without the check a pending task is kept only while something refers to it. If it
// has neither a waker nor an owner nor a JoinHandle, it is cancelled all the same,
// because nothing that is counted could ever wake it. A task of which no waker is
// counted, by Options.Uncounted or Ops.Uncounted, is kept in any case.
//
// If every source of wakes keeps an owned Waker, the check never ends a task that
// would have been woken. It does not find every hang: a cycle of tasks that hold
// each other's wakers, a future that stores its own waker, and a Waker that was
// forgotten still hide one.
//
// # User code
//
// Polls, destructors, hooks and the functions behind wakers of other kinds are user
// code. They are called while no lock of this package is held.
//
// Wake, Abort and Waker.Drop never poll a task and never destroy a future: they
// only submit it to its scheduler. Notified.Drop, Header.Close and
// OwnedTasks.CloseAndShutdownAll do cancel tasks on the calling goroutine. A
// scheduler that is closed drops the Notified that it receives, so there a Wake
// may lead to a destructor.
//
// A panic or a runtime.Goexit in user code leaves the task consistent and its
// JoinHandle resolved. [Scheduler] says which panics are raised again, and where.
//
// # Build tags
//
// rouse_debug checks every handle: misuse panics with the stacks where the handle
// was created and consumed, and [Leaks] lists the handles that were not consumed.
// rouse_trace sends the events of wakers and tasks to a [Tracer], and counts.
// rouse_explore lets the package proptest/explore run a program through all
// interleavings of its atomic operations. Without a tag nothing of that is in the
// binary.
//
// Package inspect shows the tasks of a running program on a page. Which tool to
// use for which symptom is said in docs/when-it-goes-wrong.md.
//
// # Reading the source
//
// An auditor reads these files in this order. Each relies on those before it, most
// of all on what is named here.
//
//	word.go        the atomic types; nothing else
//	snapshot.go    the flags and the count; on nothing
//	transition.go  the rules, as pure functions; on the flags
//	casloop.go, state.go
//	               the rules applied atomically; on the rules, and on tests that
//	               prove each hand-written short form equal to its rule
//	workloop.go    the verbs of level 0, and their rules; on state.go
//	header.go      what a task consists of, and who may touch which field when; on
//	               the claims in the word
//	vtable.go      the operations of a type of tasks; on the layout of Go's structs
//	               and functions
//	rawtask.go     what follows from a transition; on the access rules of header.go
//	notified.go    a run; on the claims NOTIFIED and RUNNING
//	ending.go      the steps from the last poll to the end; on the claim RUNNING
//	shortways.go   the short ways to the same end; on ending.go
//	panics.go      what becomes of the panics of user code; on nothing
//	waker.go, ref.go, rawwaker.go
//	               wakers; on the count, which keeps the task
//	spawn.go, pool.go, cell.go, join.go
//	               level 2; on the claim JOIN_INTEREST, and on JOIN_WAKER for the
//	               slot of the joiner's waker
//	runqueue.go, stealqueue.go, sharedqueue.go
//	               queues; on the claim NOTIFIED, whose holder owns a task's link
//	owned.go       lists of tasks; on who may give up a task's owner
//	wakercell.go, waiter.go, waitqueue.go, semaphore.go, parker.go
//	               where tasks and goroutines wait; on wakers alone
//	ownedempty.go  waiting for the end of all tasks; on owned.go and waitqueue.go
//
// TRANSITIONS.md is the table of all transitions, generated from the code.
package rouse
