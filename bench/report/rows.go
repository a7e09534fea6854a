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

// kitsQueue is the note of the rows whose scheduler is a queue of the kit's.
const kitsQueue = "the same, spawned on the queue itself instead of a scheduler of the user's"

func rows() []row {
	rs := []row{
		op("clone-drop", "an owned waker of an idle task, one thread", "tokio", "async-task"),
		variant("clone-drop uncounted", "rouse-uncounted/clone-drop", "the same where the collector owns the task", "tokio"),
		op("clone-drop-same@2", "two threads on one task", "tokio"),
		op("clone-drop-different@2", "two threads, a task each", "tokio"),
		op("will-wake", "two wakers of one task", "tokio", "async-task"),
		op("borrow", "a task's borrowed waker is made and looked at"),
		op("wake-idle", "by reference, 256 idle tasks in turn; the runs are not timed", "tokio", "async-task"),
		variant("wake-idle (kit's queue)", "rouse-queue/wake-idle", kitsQueue, "tokio", "async-task"),
		op("wake-val-idle", "by value, 256 idle tasks in turn; the runs are not timed", "tokio", "async-task"),
		variant("wake-val-idle (kit's queue)", "rouse-queue/wake-val-idle", kitsQueue, "tokio", "async-task"),
		op("wake-notified", "by reference, coalesced; the channel, the work loop and gVisor's waker publish nothing", "tokio", "async-task", "chan1", "mutex", "workloop", "gvisor"),
		op("wake-notified@2", "the same from two threads at once", "tokio", "chan1"),
		op("wake-running", "by reference, inside the poll", "tokio", "async-task"),
		op("wake-complete", "by reference, a task that has ended", "tokio", "async-task"),
		op("clone-wake-running", "clone and wake by value, inside the poll", "tokio", "async-task"),
		op("self-wake", "a task that wakes itself and is polled again, on a FIFO of one thread", "tokio", "async-task", "chan1", "gosched", "iter.Pull", "gvisor"),
		variant("self-wake (kit's queue)", "rouse-queue/self-wake", kitsQueue, "tokio", "async-task"),
		variant("self-wake runqueue", "rouse-runqueue/self-wake", "the same on a queue that takes wakes from any thread; tokio's takes them through a mutex", "tokio"),
		variant("self-wake runqueue (kit's queue)", "rouse-runqueue-queue/self-wake", kitsQueue, "tokio"),
		variant("self-wake header", "rouse-header/self-wake", "the same as a Header in the user's struct", "tokio", "async-task"),
		variant("self-wake state", "rouse-state/self-wake", "the word alone, and franz-go's work loop", "workloop"),
		op("wake-run-idle", "one task at a time; tokio runs it between two polls of what block_on waits for", "tokio", "async-task"),
		variant("wake-run-idle (kit's queue)", "rouse-queue/wake-run-idle", kitsQueue, "tokio", "async-task"),
		op("wake-run-idle-32", "32 tasks at a time, which shares out tokio's way around", "tokio", "async-task"),
		variant("wake-run-idle-32 (kit's queue)", "rouse-queue/wake-run-idle-32", kitsQueue, "tokio", "async-task"),
		variant("wake-run-idle header", "rouse-header/wake-run-idle", "a Header in the user's struct, woken by its owner", "async-task"),
		variant("wake-run-idle state", "rouse-state/wake-run-idle", "the word alone, and franz-go's work loop", "workloop"),
		op("ping-pong", "two tasks wake each other, round trip; as goroutines over two channels, or a Cond each", "tokio", "async-task", "goroutines", "goroutines-chan1", "goroutines-cond", "gvisor-goroutines"),
		variant("ping-pong (kit's queue)", "rouse-queue/ping-pong", kitsQueue, "tokio", "async-task"),
		variant("ping-pong header", "rouse-header/ping-pong", "the same as two Headers", "tokio", "async-task", "goroutines"),
		variant("spawn-detached pooled", "rouse-pooled/spawn-detached", "spawn, run, complete, release, one at a time; the peers' malloc recycles", "tokio", "async-task", "goroutine"),
		variant("spawn-detached pooled (kit's queue)", "rouse-queue-pooled/spawn-detached", kitsQueue, "tokio", "async-task"),
		op("spawn-detached", "the same on the heap, collection included", "tokio", "async-task", "goroutine"),
		variant("spawn-detached (kit's queue)", "rouse-queue/spawn-detached", kitsQueue, "tokio", "async-task"),
		variant("spawn-detached-32 pooled", "rouse-pooled/spawn-detached-32", "32 at a time", "tokio", "async-task", "goroutine"),
		variant("spawn-detached-32 pooled (kit's queue)", "rouse-queue-pooled/spawn-detached-32", kitsQueue, "tokio", "async-task"),
		variant("spawn-join pooled", "rouse-pooled/spawn-join", "a task spawns a child and awaits its output", "tokio", "async-task", "goroutine", "goroutine-waitgroup"),
		variant("spawn-join pooled (kit's queue)", "rouse-queue-pooled/spawn-join", kitsQueue, "tokio", "async-task"),
		op("spawn-join", "the same on the heap, collection included", "tokio", "async-task", "goroutine"),
		variant("spawn-join (kit's queue)", "rouse-queue/spawn-join", kitsQueue, "tokio", "async-task"),
		op("abort-idle", "abort, last run, release, 32 at a time", "tokio", "async-task", "goroutine-context"),
		op("register-wake", "a task registers and is woken; the peers' cells with the wakers of both kits", "atomic-waker+tokio", "atomic-waker+async-task", "diatomic-waker+tokio", "diatomic-waker+async-task"),
		op("register-wake-plain", "a waker that only counts: the cell alone", "atomic-waker", "diatomic-waker", "mutex", "gvisor"),
		op("register-same", "the task that waits already", "atomic-waker+tokio"),
		op("wake-empty", "a cell where nobody waits", "atomic-waker"),
		op("queue", "push and pop in turn, one thread", "cordyceps", "chan", "xsync-umpsc", "xsync-mpmc"),
		op("queue-32", "push 32, pop 32, one thread", "cordyceps", "chan", "xsync-umpsc", "xsync-mpmc"),
		op("queue-producers@1", "one thread pushes, one pops", "cordyceps", "chan", "xsync-umpsc"),
		op("queue-producers@2", "two threads push, one pops", "cordyceps", "chan", "xsync-umpsc"),
		op("owned", "a task joins and leaves a list of 1000; the peers' are a slab and a map behind a mutex", "slab", "mutexmap"),
	}
	for n, tasks := 3, 1000; n <= 7; n, tasks = n+1, tasks*10 {
		for _, kind := range []string{"sweep", "sweep-shuffled"} {
			peers := []string{"tokio", "async-task"}
			if kind == "sweep" && n <= 6 {
				peers = append(peers, "goroutine")
			}
			r := variant(fmt.Sprintf("%s 1e%d", kind, n), "rouse/"+kind, fmt.Sprintf("wakes each of 10^%d idle tasks, ns per wake", n), peers...)
			r.iters, r.full = tasks, n > 4
			rs = append(rs, r)
		}
	}
	task := variant("idle-bytes", "rouse/idle-bytes", "resident memory of a waiting task, bytes, the collector's own included", "tokio", "async-task", "goroutine")
	header := variant("idle-bytes header", "rouse-header/idle-bytes", "the same for a Header and three words of the user's", "tokio", "async-task", "goroutine")
	for _, r := range []row{task, header} {
		r.unit, r.iters, r.alone = "bytes", 50_000, true
		rs = append(rs, r)
	}
	return rs
}

// memory returns about how much memory a side needs.
func (r row) memory(op string) float64 {
	perTask := map[string]float64{"rouse": 500, "rouse-header": 300, "tokio": 500, "async-task": 200, "goroutine": 3500}
	name, _, _ := strings.Cut(op, "/")
	return float64(r.iters) * perTask[name]
}
