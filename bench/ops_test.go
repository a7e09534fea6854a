//go:build !rouse_explore

// The explorer's build has rings that do not hold a batch.

package bench

import (
	"strings"
	"testing"

	"github.com/rouse-go/rouse/bench/harness"
)

// TestWork runs every operation and compares what it counts with what it was
// asked to do: figures of an operation that does less would be worthless.
func TestWork(t *testing.T) {
	const n = 640 // a multiple of every batch but that of the producers
	want := map[string]harness.Work{
		"wake-notified":      {What: "polls", N: 2},
		"wake-complete":      {What: "polls", N: 1},
		"wake-running":       {What: "wakes", N: n},
		"clone-wake-running": {What: "wakes", N: n},
		"self-wake":          {What: "polls", N: n},
		"wake-run-idle":      {What: "polls", N: n + 1},
		"wake-run-idle-32":   {What: "polls", N: n + 32},
		"ping-pong":          {What: "polls", N: 2 * n},
		"spawn-detached":     {What: "polls", N: n},
		"spawn-detached-32":  {What: "polls", N: n},
		"spawn-join":         {What: "sum", N: n * (n + 1) / 2},
		"abort-idle":         {What: "drops", N: n},
		"queue":              {What: "popped", N: n},
		"queue-32":           {What: "popped", N: n},
		"owned":              {What: "live", N: ownedLive},
		"will-wake":          {What: "equal", N: n},
		"register-wake":      {What: "polls", N: 2},
		"steal-queue":        {What: "popped", N: n},
		"steal-queue-32":     {What: "popped", N: n},
		"steal":              {What: "popped", N: n},
		"steal-32":           {What: "popped", N: n},
		"steal-workers@":     {What: "popped", N: harness.QueueRound},
		"notify-wait":        {What: "ready", N: n},
		"wait-woken":         {What: "ready", N: n},
		"semaphore":          {What: "ready", N: n},
		"semaphore-try":      {What: "ready", N: n},
		"semaphore-woken":    {What: "ready", N: n},
		"owned@":             {What: "live", N: 0},
		"spawn-join-all@":    {What: "sum", N: n * (n + 1) / 2},
		"channel@":           {What: "sum", N: n * (n + 1) / 2},
		"yield@":             {What: "yields", N: n},
		"reopen":             {What: "opened", N: n},
		"suspend-resume":     {What: "suspended", N: n},
	}
	for name, run := range allOps() {
		t.Run(strings.ReplaceAll(name, "/", "-"), func(t *testing.T) {
			threads := 1
			if strings.HasSuffix(name, "@") {
				threads = 2
			}
			s := run(n, threads)
			if s.Ops < n {
				t.Fatalf("%d operations, asked for %d", s.Ops, n)
			}
			kit, op, _ := strings.Cut(name, "/")
			expect, counted := want[op]
			for _, w := range s.Work {
				if w.What == expect.What {
					counted = false
					if w.N != expect.N {
						t.Errorf("%s=%d, want %d", w.What, w.N, expect.N)
					}
				}
			}
			if counted && (kit == "rouse" || kit == "rouse-pooled" || strings.HasPrefix(kit, "rouse-queue")) {
				t.Errorf("does not count %s: %v", expect.What, s.Work)
			}
			if line := s.Line(name); strings.Count(line, "\t") < 2 || !strings.HasPrefix(line, name+"\t") {
				t.Errorf("line %q", line)
			}
		})
	}
}

func allOps() harness.Ops {
	ops := Kit()
	for name, op := range Twins() {
		ops[name] = op
	}
	return ops
}
