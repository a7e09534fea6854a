package main

import (
	"fmt"
	"math"
	"strings"
)

// A goal is a figure that the kit is meant to reach.
type goal struct {
	what string
	most float64
	unit string // of most; "" is a ratio to a peer
	// measured returns the figure, and false if its row was not run.
	measured func(*results) (float64, bool)
}

func ratioGoal(row, peer string, most float64) goal {
	return goal{what: row + " / " + peer, most: most, measured: func(r *results) (float64, bool) {
		c, ok := r.against(row, peer)
		return c.ratio.median, ok
	}}
}

func goals() []goal {
	return []goal{
		ratioGoal("clone-drop", "tokio", 0.95),
		ratioGoal("clone-drop uncounted", "tokio", 0.15),
		ratioGoal("wake-notified", "tokio", 0.90),
		ratioGoal("clone-wake-running", "tokio", 0.95),
		ratioGoal("self-wake", "tokio", 0.65),
		ratioGoal("self-wake", "async-task", 0.85),
		ratioGoal("wake-run-idle", "tokio", 0.35),
		ratioGoal("wake-run-idle", "async-task", 0.90),
		ratioGoal("ping-pong", "tokio", 0.50),
		ratioGoal("ping-pong", "goroutines", 0.15),
		ratioGoal("spawn-detached pooled", "async-task", 0.80),
		ratioGoal("spawn-join pooled", "tokio", 0.40),
		ratioGoal("spawn-join pooled", "async-task", 1.00),
		ratioGoal("register-wake", "atomic-waker+tokio", 1.00),
		ratioGoal("register-wake", "atomic-waker+async-task", 1.00),
		ratioGoal("queue", "chan", 0.50),
		ratioGoal("queue", "cordyceps", 1.00),
		ratioGoal("queue-32", "cordyceps", 1.00),
		ratioGoal("queue-producers@2", "cordyceps", 1.00),
		{what: "idle task, on the heap", most: 128, unit: "bytes", measured: func(r *results) (float64, bool) {
			s := r.side("idle-bytes", "rouse")
			if s == nil {
				return 0, false
			}
			return math.Round(summary(s.aux).median), true
		}},
		ratioGoal("idle-bytes", "goroutine", 1.0/20),
		{what: "sweep 1e7 / sweep 1e3, per wake", most: 4, measured: func(r *results) (float64, bool) {
			large, ok1 := r.figure("sweep 1e7", "rouse")
			small, ok2 := r.figure("sweep 1e3", "rouse")
			return large / small, ok1 && ok2
		}},
		serverGoal("RESP ops/s -c 500 -P 1", "redcon", 1.0),
		serverGoal("RESP ops/s -c 500 -P 1", "redis-server", 0.9),
		serverGoal("RESP bytes per idle connection", "redcon", 0.25),
	}
}

// serverGoal is at most for memory and at least for throughput.
func serverGoal(row, peer string, bound float64) goal {
	return goal{what: row + " / " + peer, most: bound, unit: serverUnit(row), measured: func(r *results) (float64, bool) {
		for _, s := range r.servers {
			if s.name != row {
				continue
			}
			for _, p := range s.peers {
				if p.name == peer {
					return s.ours / p.value, true
				}
			}
		}
		return 0, false
	}}
}

const atLeast = "at least"

func serverUnit(row string) string {
	if strings.Contains(row, "ops/s") {
		return atLeast
	}
	return ""
}

func (g goal) met(v float64) bool {
	if g.unit == atLeast {
		return v >= g.most
	}
	return v <= g.most
}

func (g goal) bound() string {
	if g.unit == atLeast {
		return fmt.Sprintf("≥ %.2f", g.most)
	}
	return strings.TrimSpace(fmt.Sprintf("≤ %s %s", trim(g.most), g.unit))
}

func trim(v float64) string {
	if v == float64(int(v)) && v > 9 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// reach is the table of the goals for a terminal.
func (r *results) reach() string {
	var b strings.Builder
	for _, g := range goals() {
		v, ok := g.measured(r)
		state := "open: not run"
		if ok {
			state = trim(v) + "\tmissed"
			if g.met(v) {
				state = trim(v) + "\tmet"
			}
		}
		fmt.Fprintf(&b, "reach\t%s\t%s\t%s\n", g.what, g.bound(), state)
	}
	return b.String()
}
