package main

import (
	"fmt"
	"strings"
)

// A row is one operation, as the kit and its peers do it.
type row struct {
	name  string
	ours  string // implementation/operation
	peers []string
	note  string // what is compared
	unit  string // "" is ns
	iters int    // 0: as many as a sample takes
	alone bool   // each sample in a fresh process
	full  bool   // not in quick runs
	// threads is how many there are in a row that is there for that; 0 in the others.
	threads int
	// wall: instructions are not counted, as several threads, or the system, share the work.
	wall bool
}

// op makes a row of the kit's usual form of an operation and its peers' forms
// of the same name.
func op(name, note string, peers ...string) row {
	return variant(name, "rouse/"+name, note, peers...)
}

func variant(name, ours, note string, peers ...string) row {
	_, what, _ := strings.Cut(ours, "/")
	r := row{name: name, ours: ours, note: note}
	for _, p := range peers {
		r.peers = append(r.peers, p+"/"+what)
	}
	return r
}

// byTheClock marks a row whose instructions cannot be told.
func (r row) byTheClock() row { r.wall = true; return r }

// kitsQueue is the note of the rows whose scheduler is a queue of the kit's.
const kitsQueue = "the same, spawned on the queue itself instead of a scheduler of the user's"

// rows are all, with contention of up to threads.
func rows(threads int) (rs []row) {
	rs = append(rs, wordRows()...)
	rs = append(rs, taskRows()...)
	rs = append(rs, pieceRows()...)
	rs = append(rs, runtimeRows()...)
	rs = append(rs, memoryRows()...)
	return append(rs, threadRows(threads)...)
}

// find returns the row of that name.
func find(name string) (row, bool) {
	base, _, _ := strings.Cut(name, "@")
	for _, r := range rows(2) {
		if r.name == name {
			return r, true
		}
		if b, _, _ := strings.Cut(r.name, "@"); r.threads > 0 && b == base {
			fmt.Sscanf(name[len(base):], "@%d", &r.threads)
			r.name = name
			return r, true
		}
	}
	return row{}, false
}

// wordRows are those of the word and its wakers.
func wordRows() []row {
	return []row{
		{name: lockedRow, ours: "locked/add", note: "one atomic add to a word of its own: what the limits are made of"},
		{name: "locked compare-and-swap", ours: "locked/cas", note: "one that succeeds"},
		op("clone-drop", "an owned waker of an idle task, one thread", "tokio", "tokio-1.48", "async-task"),
		variant("clone-drop uncounted", "rouse-uncounted/clone-drop", "the same where the collector owns the task", "tokio"),
		op("will-wake", "two wakers of one task", "tokio", "tokio-1.48", "async-task"),
		op("borrow", "a task's borrowed waker is made and looked at"),
		op("wake-idle", "by reference, 256 idle tasks in turn; the runs are not timed", "tokio", "async-task").byTheClock(),
		variant("wake-idle (kit's queue)", "rouse-queue/wake-idle", kitsQueue, "tokio", "async-task").byTheClock(),
		op("wake-val-idle", "by value, 256 idle tasks in turn; the runs are not timed", "tokio", "async-task").byTheClock(),
		variant("wake-val-idle (kit's queue)", "rouse-queue/wake-val-idle", kitsQueue, "tokio", "async-task").byTheClock(),
		op("wake-notified", "by reference, coalesced; the channel, the plain work loop and gVisor's waker publish nothing", "tokio", "tokio-1.48", "async-task", "chan1", "mutex", "workloop", "workloop-publishing", "gvisor"),
		op("wake-running", "by reference, inside the poll", "tokio", "async-task"),
		op("wake-complete", "by reference, a task that has ended", "tokio", "async-task"),
		op("clone-wake-running", "clone and wake by value, inside the poll", "tokio", "async-task"),
		op("register-wake", "a task registers and is woken; the peers' cells with the wakers of both kits", "atomic-waker+tokio", "atomic-waker+async-task", "diatomic-waker+tokio", "diatomic-waker+async-task"),
		op("register-wake-plain", "a waker that only counts: the cell alone", "atomic-waker", "diatomic-waker", "mutex", "gvisor"),
		op("register-same", "by the task that is registered", "atomic-waker+tokio"),
		op("wake-empty", "a cell where nobody waits", "atomic-waker"),
	}
}

// taskRows are those of tasks from spawn to end.
func taskRows() []row {
	return []row{
		op("self-wake", "a task that wakes itself and is polled again, on a FIFO of one thread", "tokio", "tokio-1.48", "async-task", "chan1", "gosched", "iter.Pull", "gvisor"),
		variant("self-wake (kit's queue)", "rouse-queue/self-wake", kitsQueue, "tokio", "tokio-1.48", "async-task"),
		variant("self-wake runqueue", "rouse-runqueue/self-wake", "the same on a queue that takes wakes from any thread; tokio's takes them through a mutex", "tokio"),
		variant("self-wake runqueue (kit's queue)", "rouse-runqueue-queue/self-wake", kitsQueue, "tokio"),
		variant("self-wake header", "rouse-header/self-wake", "the same as a Header in the user's struct", "tokio", "async-task"),
		variant("self-wake state", "rouse-state/self-wake", "the word alone, and franz-go's work loop", "workloop"),
		op("wake-run-idle", "one task at a time; tokio runs it between two polls of what block_on waits for", "tokio", "tokio-1.48", "async-task"),
		variant("wake-run-idle (kit's queue)", "rouse-queue/wake-run-idle", kitsQueue, "tokio", "tokio-1.48", "async-task"),
		op("wake-run-idle-32", "32 tasks at a time, which shares out tokio's way around", "tokio", "async-task"),
		variant("wake-run-idle-32 (kit's queue)", "rouse-queue/wake-run-idle-32", kitsQueue, "tokio", "async-task"),
		variant("wake-run-idle header", "rouse-header/wake-run-idle", "a Header in the user's struct, woken by its owner", "async-task"),
		variant("wake-run-idle state", "rouse-state/wake-run-idle", "the word alone, and franz-go's work loop as it is, and as one that publishes what a coalesced wake wrote", "workloop", "workloop-publishing"),
		variant("try-run-idle state", "rouse-state-try/wake-run-idle", "the same by TryNotify, which tells whether the state is closed", "workloop-publishing"),
		variant("reopen state", "rouse-state/reopen", "notified, run once, finished and opened again"),
		variant("suspend-resume state", "rouse-state/suspend-resume", "with nothing to do meanwhile"),
		op("ping-pong", "two tasks wake each other, round trip; as goroutines over two channels, or a Cond each", "tokio", "tokio-1.48", "async-task", "goroutines", "goroutines-chan1", "goroutines-cond", "gvisor-goroutines"),
		variant("ping-pong (kit's queue)", "rouse-queue/ping-pong", kitsQueue, "tokio", "tokio-1.48", "async-task", "goroutines"),
		variant("ping-pong header", "rouse-header/ping-pong", "the same as two Headers", "tokio", "async-task", "goroutines"),
		variant("spawn-detached pooled", "rouse-pooled/spawn-detached", "spawn, run, complete, release, one at a time; the peers' malloc recycles", "tokio", "tokio-1.48", "async-task", "goroutine"),
		variant("spawn-detached pooled (kit's queue)", "rouse-queue-pooled/spawn-detached", kitsQueue, "tokio", "tokio-1.48", "async-task", "goroutine"),
		op("spawn-detached", "the same on the heap, collection included", "tokio", "async-task", "goroutine"),
		variant("spawn-detached (kit's queue)", "rouse-queue/spawn-detached", kitsQueue, "tokio", "async-task"),
		variant("spawn-detached-32 pooled", "rouse-pooled/spawn-detached-32", "32 at a time", "tokio", "async-task", "goroutine"),
		variant("spawn-detached-32 pooled (kit's queue)", "rouse-queue-pooled/spawn-detached-32", kitsQueue, "tokio", "async-task"),
		variant("spawn-join pooled", "rouse-pooled/spawn-join", "a task spawns a child and awaits its output", "tokio", "tokio-1.48", "async-task", "goroutine", "goroutine-waitgroup"),
		variant("spawn-join pooled (kit's queue)", "rouse-queue-pooled/spawn-join", kitsQueue, "tokio", "tokio-1.48", "async-task", "goroutine"),
		op("spawn-join", "the same on the heap, collection included", "tokio", "async-task", "goroutine"),
		variant("spawn-join (kit's queue)", "rouse-queue/spawn-join", kitsQueue, "tokio", "async-task"),
		op("abort-idle", "abort, last run, release, 32 at a time", "tokio", "async-task", "goroutine-context").byTheClock(),
	}
}
