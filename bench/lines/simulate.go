//go:build rouse_explore

package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/rouse-go/rouse/proptest/explore"
)

// A piece is what the threads use: setup makes it, and returns what thread me
// does, and how many operations all do together.
type piece struct {
	name  string
	setup func(threads int) (body func(me int), ops int)
}

// A tally is what was counted.
type tally struct{ ops, rmws, shared, transfers, failed int }

func (t tally) per(n int) float64 { return float64(n) / float64(t.ops) }

const counted = "counted"

// simulate draws schedules. The explorer tells the steps of a schedule that
// fails: each is made to.
func simulate(p piece, threads, walks int) (sum tally, err error) {
	for seed := range uint64(walks) {
		ops := 0
		r := explore.Run(explore.Config{Random: 1, Seed: seed + 1, MaxSteps: 1 << 20}, func(x *explore.Exec) {
			body, n := p.setup(threads)
			ops = n
			for me := range threads {
				x.Go(fmt.Sprint("t", me), func() { body(me) })
			}
			x.Final(func() { x.Failf(counted) })
		})
		if r.Failure == nil || !strings.HasPrefix(r.Failure.Message, counted) {
			return sum, fmt.Errorf("%d threads: %v", threads, r)
		}
		t := count(r.Failure.Steps)
		sum.ops += ops
		sum.rmws += t.rmws
		sum.shared += t.shared
		sum.transfers += t.transfers
		sum.failed += t.failed
	}
	return sum, nil
}

var step = regexp.MustCompile(`^(.+?)\.(Load|Store|Add|Swap|CAS|And|Or|Lock|TryLock|Unlock)\(`)

// A line is a word's cache line: who holds a copy, who used it, and the RMWs.
type line struct {
	holders, users map[string]bool
	rmws           int
}

// count follows the lines from cache to cache. A load needs a copy. All else,
// also a compare-and-swap that fails, needs the only one. What nobody has used
// yet comes from memory, which is no transfer.
func count(steps []explore.Step) (t tally) {
	lines := map[string]*line{}
	for _, s := range steps {
		m := step.FindStringSubmatch(s.Text)
		if m == nil || s.Number <= 0 { // of the setup, or of the end
			continue
		}
		l := lines[m[1]]
		if l == nil {
			l = &line{holders: map[string]bool{s.Thread: true}, users: map[string]bool{}}
			lines[m[1]] = l
		}
		l.users[s.Thread] = true
		alone := m[2] != "Load"
		if !l.holders[s.Thread] || alone && len(l.holders) > 1 {
			t.transfers++
		}
		if alone {
			l.holders = map[string]bool{}
		}
		l.holders[s.Thread] = true
		switch m[2] {
		case "Add", "Swap", "CAS", "And", "Or", "Lock", "TryLock":
			l.rmws++
		}
		if strings.HasSuffix(s.Text, " failed") {
			t.failed++
		}
	}
	for _, l := range lines {
		t.rmws += l.rmws
		if len(l.users) > 1 {
			t.shared += l.rmws
		}
	}
	return t
}
