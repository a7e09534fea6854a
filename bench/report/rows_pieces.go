package main

import (
	"fmt"
	"strings"
)

// pieceRows are those of what a runtime needs besides tasks.
func pieceRows() []row {
	return []row{
		op("queue", "push and pop in turn, one thread", "cordyceps", "chan", "xsync-umpsc", "xsync-mpmc"),
		op("queue-32", "push 32, pop 32, one thread", "cordyceps", "chan", "xsync-umpsc", "xsync-mpmc"),
		variant("queue shared", "rouse-shared/queue", "push and pop in turn on a SharedQueue, which many may pop from", "chan", "xsync-mpmc"),
		variant("queue-32 shared", "rouse-shared/queue-32", "push 32, pop 32", "chan", "xsync-mpmc"),
		op("steal-queue", "a worker pushes to its own queue and pops", "crossbeam-deque", "chan"),
		op("steal-queue-32", "pushes 32, pops 32", "crossbeam-deque", "chan"),
		op("steal", "the owner pushes one, and a thief takes it, on one thread", "crossbeam-deque"),
		op("steal-32", "the owner pushes 32, and a thief takes them all, half of what is left each time", "crossbeam-deque"),
		op("park-permit", "a goroutine, or a thread, that was told before goes on at once", "crossbeam", "rust-std", "chan1", "cond", "gvisor"),
		op("park-ping-pong", "two goroutines, or threads, tell each other to go on, round trip", "crossbeam", "rust-std", "chan1", "cond", "gvisor").byTheClock(),
		op("notify-wait", "a notification with nobody waiting, and the task that takes it", "tokio", "tokio-1.48", "chan1"),
		op("notify-kept", "a notification that is kept already; the channel publishes nothing", "tokio", "tokio-1.48", "chan1"),
		op("wait-woken", "a task waits, is notified, and goes on", "tokio", "tokio-1.48"),
		op("semaphore", "a permit that is there is acquired and released", "tokio", "tokio-1.48", "x-sync", "chan"),
		op("semaphore-try", "the same by those who would not wait", "tokio", "tokio-1.48", "x-sync", "chan"),
		op("semaphore-woken", "a task waits for a permit that another releases, and goes on", "tokio", "tokio-1.48"),
		op("owned", "a task joins and leaves a list of 1000; the peers' are a slab and a map behind a mutex", "slab", "mutexmap"),
	}
}

// many is how many tasks are spawned and joined at once, and messages sent.
const many = 100_000

// runtimeRows are those of examples/executor beside tokio's runtimes and
// goroutines: on one thread, and on two workers.
func runtimeRows() (rs []row) {
	for _, workers := range []int{1, 2} {
		tokio := map[int]string{1: "tokio-current", 2: "tokio-multi"}[workers]
		for _, what := range []struct{ op, note string }{
			{"spawn-join-all", "spawns 10^5 tasks and joins them all, ns per task"},
			{"yield", "a task that lets the others go first, of which there are none"},
			{"channel", "a bounded channel of 64 between two tasks, ns per message"},
		} {
			r := variant(fmt.Sprintf("executor %s/%d", what.op, workers), fmt.Sprintf("rouse-executor/%s@%d", what.op, workers),
				fmt.Sprintf("%s; workers: %d", what.note, workers), tokio, "goroutine").byTheClock()
			r.iters, r.full = many, true
			rs = append(rs, r)
		}
	}
	return rs
}

// memoryRows are those of many tasks that wait.
func memoryRows() (rs []row) {
	for n, tasks := 3, 1000; n <= 7; n, tasks = n+1, tasks*10 {
		for _, kind := range []string{"sweep", "sweep-shuffled"} {
			peers := []string{"tokio", "async-task"}
			if kind == "sweep" && n <= 6 {
				peers = append(peers, "goroutine")
			}
			r := variant(fmt.Sprintf("%s 1e%d", kind, n), "rouse/"+kind, fmt.Sprintf("wakes each of 10^%d idle tasks, ns per wake", n), peers...).byTheClock()
			r.iters, r.full = tasks, n > 4
			rs = append(rs, r)
		}
	}
	task := variant("idle-bytes", "rouse/idle-bytes", "resident memory of a waiting task, bytes, the collector's own included", "tokio", "async-task", "goroutine")
	header := variant("idle-bytes header", "rouse-header/idle-bytes", "the same for a Header and three words of the user's", "tokio", "async-task", "goroutine")
	sleeping := variant("executor sleeping-bytes", "rouse-executor/sleeping-bytes", "resident memory of each of 10^6 that sleep", "goroutine")
	for _, r := range []row{task, header, sleeping} {
		r.unit, r.iters, r.alone, r.wall = "bytes", 50_000, true, true
		rs = append(rs, r)
	}
	last := &rs[len(rs)-1]
	last.iters, last.full = 1_000_000, true
	return rs
}

// threadRows are those of several threads that use one thing, by powers of 2 up
// to most, and most. Two are always among them.
func threadRows(most int) (rs []row) {
	for _, r := range []row{
		op("clone-drop-same", "all threads on one task", "tokio"),
		op("clone-drop-different", "a task for each thread", "tokio"),
		op("wake-notified", "all wake one task, which is notified", "tokio", "chan1"),
		op("queue-producers", "all push to one queue, and one more pops", "cordyceps", "chan", "xsync-umpsc"),
		op("owned", "all bind and remove, a task each", "mutexmap"),
		op("steal-workers", "one worker pushes and pops, the others steal from it, ns per task", "crossbeam-deque"),
	} {
		for _, n := range threadCounts(most) {
			at := func(op string) string { return fmt.Sprintf("%s@%d", op, n) }
			t := row{name: at(r.name), ours: at(r.ours), note: r.note, threads: n, wall: true}
			for _, p := range r.peers {
				t.peers = append(t.peers, at(p))
			}
			rs = append(rs, t)
		}
	}
	return rs
}

func threadCounts(most int) (counts []int) {
	most = max(most, 2)
	for n := 1; n < most; n *= 2 {
		counts = append(counts, n)
	}
	return append(counts, most)
}

// memory returns about how much memory a side needs.
func (r row) memory(op string) float64 {
	perTask := map[string]float64{"rouse": 500, "rouse-header": 300, "rouse-executor": 1000, "tokio": 500, "tokio-current": 800, "tokio-multi": 800, "async-task": 200, "goroutine": 3500}
	name, _, _ := strings.Cut(op, "/")
	return float64(r.iters) * perTask[name]
}
