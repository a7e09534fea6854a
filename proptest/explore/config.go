package explore

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Config says how to search. The zero value searches every interleaving, pruned by state and by
// partial order, and is what a test should use unless its scenario is too large for it.
type Config struct {
	// Name of the scenario, for progress lines and reports.
	Name string

	// Format prints the value of a Uint64 or Uint32 in failure tables; hexadecimal when nil.
	// Exec.Format sets another one for some of them.
	Format func(v uint64) string

	// NoCache turns the pruning of states already visited off.
	NoCache bool
	// NoReduction turns the partial-order reduction (sleep sets) off.
	NoReduction bool

	// RetryLoops promises that a loop which loads a word or pointer and tries to swap it keeps
	// nothing from an attempt that failed: no count of attempts, no backoff, no value seen. The
	// search then takes all attempts at one place for the first one, which makes many states one.
	RetryLoops bool

	// CrossCheck makes sure of the result for a small scenario: after the search, all interleavings
	// are run without any pruning. They must lead to no failure, and the Final checks must read
	// nothing from instrumented objects that they did not read during the search (Exec.Observe adds
	// to what they read). Otherwise threads share memory that is not announced, or objects that
	// have no name, or a promise made by Do, At or RetryLoops is not kept. MaxSchedules and MaxTime bound both parts; without
	// either, the cross-check ends after a million schedules. A cross-check that does not get to
	// its end leaves Report.Exhausted false.
	CrossCheck bool

	// Preemptions bounds the preemptive switches of a schedule: switches away from a thread that
	// could have gone on. Zero is no bound, a negative number allows none at all. A bounded
	// search uses no partial-order reduction, and is not called exhaustive.
	Preemptions int

	// MaxSteps is the number of steps after which a schedule counts as one that never comes to
	// rest, which is a failure. Zero is 10,000.
	MaxSteps int
	// MaxSchedules and MaxTime end the search early; zero is no limit.
	MaxSchedules int
	MaxTime      time.Duration

	// Random, if not zero, replaces the search by that many random walks, drawn from Seed.
	Random int
	Seed   uint64

	// Progress receives a line every few seconds of a long search. Nil prints none.
	Progress io.Writer
}

// Report is the outcome of a search.
type Report struct {
	Name      string
	Schedules int           // executions, the pruned ones included
	Complete  int           // executions that came to rest
	States    int           // distinct states, each of which was left in every way once (0 without the cache)
	Steps     int           // steps of all executions, replayed ones included
	Longest   int           // steps of the longest execution
	Cached    int           // executions cut at a state already visited
	Reduced   int           // executions cut by the partial-order reduction
	Checked   int           // executions of the cross-check, in addition
	Elapsed   time.Duration //
	Exhausted bool          // every interleaving is covered, and none failed
	Failure   *Failure      // nil if none was found
}

func (r Report) String() string {
	var b strings.Builder
	if r.Name != "" {
		fmt.Fprintf(&b, "%s: ", r.Name)
	}
	fmt.Fprintf(&b, "%d schedules, %d states, %d steps, %v", r.Schedules, r.States, r.Steps, r.Elapsed.Round(time.Microsecond))
	if r.Checked > 0 {
		fmt.Fprintf(&b, ", cross-checked by %d schedules", r.Checked)
	}
	switch {
	case r.Failure != nil:
		fmt.Fprintf(&b, ", FAILED: %s", r.Failure.Message)
	case r.Exhausted:
		b.WriteString(", exhausted")
	default:
		b.WriteString(", not exhausted")
	}
	return b.String()
}

// Failure is a schedule on which the scenario fails.
type Failure struct {
	Message string
	Thread  string // the thread that was running, or "" at rest
	Token   string // for Replay
	Table   string // the schedule, a column for each thread
	Race    *Race  // not nil if the failure is a data race
	Stack   string // of a panic
	Steps   []Step
}

// String is the message, the schedule, and how to run it again.
func (f *Failure) String() string {
	var b strings.Builder
	b.WriteString(f.Message)
	b.WriteByte('\n')
	if f.Race != nil {
		fmt.Fprintf(&b, "  %s\n  %s\n", f.Race.Second, f.Race.First)
	}
	b.WriteString(f.Table)
	if f.Stack != "" {
		b.WriteString(f.Stack)
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "replay token: %s\n", f.Token)
	return b.String()
}

// Race is a pair of accesses to a plain location of which at least one writes, with nothing that
// orders the first before the second.
type Race struct {
	Location      string
	First, Second Access
}

// Access is one side of a Race.
type Access struct {
	Thread string
	Write  bool
	Step   int    // in the table
	Pos    string // file:line
}

func (a Access) String() string {
	op := "read"
	if a.Write {
		op = "write"
	}
	return fmt.Sprintf("%s by %s at %s (step %d)", op, a.Thread, a.Pos, a.Step)
}

// Step is a row of a failure's table.
type Step struct {
	Number int // of the scheduling step, whose rows share it; 0 in setup, -1 in the Final checks
	Thread string
	Text   string // the operation and what it returned
	Before string // the word's value, if the operation is on a word
	After  string // the word's value if it was changed
	Pos    string // file:line
}

// Ops counts operations on instrumented objects.
type Ops struct {
	Loads, Stores, RMWs, FailedCAS int // RMWs include the failed CASes
	PlainReads, PlainWrites        int
	Locks                          int
}

// Sub returns the operations in o and not in p.
func (o Ops) Sub(p Ops) Ops {
	return Ops{
		o.Loads - p.Loads, o.Stores - p.Stores, o.RMWs - p.RMWs, o.FailedCAS - p.FailedCAS,
		o.PlainReads - p.PlainReads, o.PlainWrites - p.PlainWrites, o.Locks - p.Locks,
	}
}
