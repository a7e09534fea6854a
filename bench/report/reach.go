package main

import (
	"fmt"
	"math"
	"strings"
)

// A goal is a figure that the kit is meant to reach.
type goal struct {
	what  string
	bound float64
	unit  string // of bound; "" is a ratio to a peer
	least bool   // the bound is a lower one
	// measured returns the figure, and false if its row was not run.
	measured func(*record) (float64, bool)
}

// most is a goal of the ratio of a row to a peer.
func most(row, peer string, bound float64) goal {
	return goal{what: row + " / " + peer, bound: bound, measured: func(r *record) (float64, bool) {
		q, ok := r.against(row, peer)
		return q.median, ok
	}}
}

func goals() []goal {
	gs := []goal{
		most("clone-drop", "tokio", 1.00),
		most("clone-drop uncounted", "tokio", 0.13),
		most("wake-notified", "tokio", 0.80),
		most("wake-running", "tokio", 0.85),
		most("clone-wake-running", "tokio", 1.15),
		most("clone-wake-running", "async-task", 0.80),
		most("will-wake", "tokio", 0.65),
		most("wake-idle (kit's queue)", "tokio", 1.00),
		most("self-wake", "tokio", 0.70),
		most("self-wake (kit's queue)", "async-task", 0.90),
		most("wake-run-idle", "tokio", 0.20),
		most("wake-run-idle (kit's queue)", "async-task", 1.15),
		most("wake-run-idle", "async-task", 1.40),
		most("ping-pong", "tokio", 0.75),
		most("ping-pong (kit's queue)", "async-task", 1.05),
		most("ping-pong (kit's queue)", "goroutines", 0.15),
		most("spawn-detached pooled", "tokio", 0.22),
		most("spawn-detached pooled (kit's queue)", "async-task", 1.15),
		most("spawn-detached-32 pooled (kit's queue)", "async-task", 1.00),
		most("spawn-join pooled", "tokio", 0.50),
		most("spawn-join pooled (kit's queue)", "async-task", 1.05),
		most("register-wake", "atomic-waker+tokio", 1.00),
		most("register-wake-plain", "atomic-waker", 2.00),
		most("queue", "chan", 0.50),
		most("queue", "xsync-umpsc", 0.80),
		most("steal-queue", "crossbeam-deque", 1.20),
		most("steal", "crossbeam-deque", 1.50),
		most("notify-wait", "tokio", 1.00),
		most("semaphore", "tokio", 1.00),
		most("semaphore", "x-sync", 0.50),
		most("wake-run-idle state", "workloop-publishing", 1.25),
		{what: "idle task, on the heap", bound: 128, unit: "bytes", measured: func(r *record) (float64, bool) {
			f, ok := r.figure("idle-bytes", "rouse")
			return math.Round(f.aux), ok
		}},
		most("sweep-shuffled 1e7", "tokio", 1.10),
		most("executor channel/2", "goroutine", 1.00),
		most("executor channel/2", "tokio-multi", 1.20),
		most("executor yield/1", "goroutine", 0.30),
		most("executor spawn-join-all/2", "goroutine", 0.40),
		most("executor spawn-join-all/2", "tokio-multi", 1.00),
		most("executor sleeping-bytes", "goroutine", 0.10),
	}
	for _, conns := range []int{50, 500, 2000} {
		for _, pipeline := range []int{1, 16} {
			row := loadRow("ops/s", conns, pipeline)
			gs = append(gs, servers(row, "redis-server", 1.0), servers(row, "redcon", 1.5))
		}
	}
	return gs
}

// servers is a goal of a server's throughput.
func servers(row, peer string, bound float64) goal {
	return goal{what: row + " / " + peer, bound: bound, least: true, measured: func(r *record) (float64, bool) {
		for _, s := range r.servers {
			for _, p := range s.peers {
				if s.name == row && p.name == peer {
					return s.ours / p.value, true
				}
			}
		}
		return 0, false
	}}
}

func (g goal) met(v float64) bool {
	if g.least {
		return v >= g.bound
	}
	return v <= g.bound
}

func (g goal) String() string {
	if g.least {
		return "≥ " + trim(g.bound)
	}
	return strings.TrimSpace("≤ " + trim(g.bound) + " " + g.unit)
}

// state is the figure, and whether it reaches the goal.
func (g goal) state(r *record) (figure, state string) {
	v, ok := g.measured(r)
	switch {
	case !ok:
		return "", "open"
	case g.met(v):
		return trim(v), "met"
	}
	return trim(v), "missed"
}

// reach is the table of the goals for a terminal.
func (r *record) reach() string {
	var b strings.Builder
	for _, g := range goals() {
		v, state := g.state(r)
		fmt.Fprintf(&b, "reach\t%s\t%s\t%s\t%s\n", g.what, g, v, state)
	}
	return b.String()
}
