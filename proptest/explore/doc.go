// Package explore runs a concurrent scenario under every interleaving of its operations on shared
// memory, and shows the schedule on which it fails.
//
// Go's atomic operations are sequentially consistent, so every execution of a program is an
// interleaving of them, and a search over interleavings is a complete check of code whose shared
// memory is atomic. Plain memory that the atomics guard is checked for data races under Go's
// happens-before rules; without a race, it behaves the same in all interleavings of the atomics.
//
// # Preparing the code under test
//
// The code names its shared types in one file, which a build tag replaces:
//
//	//go:build !explore                         //go:build explore
//
//	package sched                               package sched
//
//	import (                                    import "github.com/rouse-go/rouse/proptest/explore"
//		"sync"
//		"sync/atomic"
//	)
//
//	type word = atomic.Uint64                   type word = explore.Uint64
//	type pointer[T any] = atomic.Pointer[T]     type pointer[T any] = explore.Pointer[T]
//	type mutex = sync.Mutex                     type mutex = explore.Mutex
//
//	func reads[T any](*T, string)  {}           func reads[T any](p *T, s string)  { explore.Reads(p, s) }
//	func writes[T any](*T, string) {}           func writes[T any](p *T, s string) { explore.Writes(p, s) }
//
// Outside an exploration the types are the plain ones they wrap, so all other tests run under the
// tag as well. Positions in reports skip files called *_explore.go. Loops that spin call Pause,
// which is runtime.Gosched outside. Goroutines, channels, timers and other locks are not
// explored: a scenario starts its threads itself, and stands in for what blocks with Await. A loop
// that gives up after a number of turns calls runtime.Gosched or nothing, as each turn counts.
//
// # Writing a scenario
//
// The function given to Run builds fresh state and declares threads:
//
//	func TestTwoWakers(t *testing.T) {
//		explore.Check(t, explore.Config{}, func(x *explore.Exec) {
//			polls := new(explore.Ghost[int])
//			s := &Scheduler{Poll: func() { polls.Set(polls.Get() + 1) }}
//			x.Name(s, "scheduler")
//			x.Go("waker 1", s.Wake)
//			x.Go("waker 2", s.Wake)
//			x.Daemon("worker", func() {
//				for {
//					x.Await("work", s.HasWork)
//					s.RunOne()
//				}
//			})
//			x.Final(func() { x.Assert(polls.Get() > 0, "never polled") })
//		})
//	}
//
// Go is the go statement, also when a thread calls it. A Daemon may wait for ever once all others
// have ended. Await stands for a receive from a channel, a condition variable, a futex: what the
// thread is blocked in until others have made something true.
//
// The function is called anew for each execution. Failures are: Failf and Assert; a panic or a
// race in a thread; threads that are stuck when none can run (Daemons may be); use of what was
// Retired; and a schedule of more than Config.MaxSteps steps. The failing schedule is shown as a
// table with the token that makes Replay run it again. To check that a known bug is found, use
// CheckFails. A thread that spins, or blocks, on what is not instrumented ends the process.
//
// # Testing a Scheduler of package rouse
//
// Under the build tag rouse_explore the kit itself is made of instrumented objects, so that a
// scheduler is run with the code that it will be used with. Use that tag for your own types too,
// put it on the test's file, and set Config.RetryLoops, which holds for the kit:
//
//	go test -tags rouse_explore ./...
//
// The kit keeps a few package variables, such as the counter that task IDs are dealt from. A
// scenario would find them as the execution before left them, so it must begin by calling
//
//	rouse.Restart()
//
// which gives them the values that they have when a program starts, in the function given to Run,
// before anything else. It must not be called while tasks of the execution exist. Restart exists
// under the tag alone, in the kit's file word_explore.go, so go doc does not show it. Package
// variables of your own need the same: set them there too.
//
// See the example "scheduler". What the tasks of the scenario do is up to you; that each of them
// is run after its last wake, that a joiner is woken, that a closed scheduler has dropped what it
// was given are what to look for in Final, and threads that are stuck are found by themselves.
// Begin with two tasks and one worker. Everything that package proptest's TestScheduler checks
// needs no exploration; run it first.
//
// To see a task by a name of yours in tables, spawn it on a Scheduler of the scenario's that calls
// x.Name(n.Task().Header(), "task A") and hands n on to the one under test.
//
// # Reading a failure
//
// The table has a column for each thread and a line for each operation, in the order in which
// they happened; the last column is the word that the operation was on, before and after. If that
// takes more than 100 columns, the threads share one, and the word is shown below the operation.
// Config.Format prints the values of words, and Exec.Format those of some of them. What a
// thread does to plain memory up to its next operation belongs to the step. What comes before the
// first operation of a thread is shown as setup, and so is what the function given to Run did
// itself; the checks in Final are shown as the end. Of all schedules that fail in the same way,
// the table is one with few switches between threads. For a data race the two accesses are shown
// with their lines in the source.
//
// A thread that is still running when an execution is over, because another one has failed, is
// ended as by runtime.Goexit. Its deferred calls are run, outside the exploration; what they do to
// instrumented objects is not shown.
//
// Replay runs the schedule of a token again, in a debugger, or after a change that does not
// change the operations.
//
// # What the search relies on
//
// Threads switch only before operations on instrumented objects, Await and Pause. States are
// recognized by what the objects hold and by what each thread has observed; with that, threads
// must be deterministic, and all they share must be one of
//
//   - instrumented objects,
//   - plain locations whose accesses are announced (Reads and Writes, Read and Write, Var),
//   - Ghosts, for what belongs to the scenario: counts, expectations, a queue of its own,
//   - state that Key reports (which turns partial-order reduction off).
//
// What Final examines is shared state too. A variable that only one thread uses needs nothing,
// nor does one that is never written after setup. Package-level state must not carry over from
// one execution to the next; the search reports a scenario that behaves differently when one
// schedule is run twice. Memory reuse outside a Pool, maps ranged over, time and random numbers
// are what makes one do so.
//
// The search cannot notice by itself that threads share a plain variable which nobody announced:
// it may call a scenario exhausted that can fail. Config.CrossCheck can, for a scenario that is
// small enough to run without any pruning. Run it once for a small version of your scenario.
//
// # Keeping the number of states small
//
// A thread remembers, to the search, all that it ever observed. Three things make it forget what
// no longer matters. Config.RetryLoops is for code whose compare-and-swap loops keep nothing from
// a failed attempt; it is usually the largest reduction, and safe for most lock-free code. Do is
// for an operation that leaves its caller nothing but a result. At is for a place in a loop. A
// promise that is not kept makes the search miss executions, so each is explicit; in particular
// what a thread keeps in plain memory of its own, as the consumer of a queue may, outlives a Do
// or an At, and must be announced like shared memory.
//
// Give a Name, in the function given to Run, to the shared objects that it does not operate on. An
// object without one is known by the thread that was first to operate on it, and by when. That
// makes states differ which are equal; and where a Do, an At, an Await or RetryLoops makes a thread
// forget on which of two such objects it operated, states that differ are taken for equal. Objects
// that a thread allocates itself need no name.
//
// A scenario that is still too large can be bounded (Config.Preemptions), or walked at random
// (Config.Random); neither is a proof.
//
// # Memory model
//
// An atomic operation is synchronized before one that observes its effect. So a Store publishes
// what its thread did before, to those who see that store or a read-modify-write on top of it; a
// read-modify-write publishes, and observes what it replaces, also if it leaves the value as it
// was; a Load, and a CompareAndSwap that fails, observe and publish nothing. Unlock is
// synchronized before the next Lock, Put before the Get that returns the value, Go before the
// thread it starts, and all threads before Final.
package explore
