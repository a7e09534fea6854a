package explore_test

import (
	"fmt"

	"github.com/rouse-go/rouse/proptest/explore"
)

// lost is a scenario that fails: two threads increment a word in two steps each.
func lost(x *explore.Exec) {
	n := new(explore.Int32)
	increment := func() { n.Store(n.Load() + 1) }
	x.Name(n, "n")
	x.Go("a", increment)
	x.Go("b", increment)
	x.Final(func() {
		end := n.Load()
		x.Assert(end == 2, "it is %d", end)
	})
}

// racy is a scenario whose threads share a plain variable.
func racy(x *explore.Exec) {
	v := new(explore.Var[int])
	x.Name(v, "v")
	x.Go("writer", func() { v.Set(1) })
	x.Go("reader", func() { v.Get() })
}

// An Exec declares threads. A Daemon may wait for ever; Await is how a thread waits.
func ExampleExec() {
	r := explore.Run(explore.Config{}, func(x *explore.Exec) {
		queued := new(explore.Int32)
		var handled explore.Ghost[int]
		x.Go("sender", func() { queued.Add(1) })
		x.Daemon("worker", func() {
			for {
				x.Await("work", func() bool { return queued.Load() > 0 })
				queued.Add(-1)
				handled.Set(handled.Get() + 1)
			}
		})
		x.Final(func() { x.Assert(handled.Get() == 1, "%d handled", handled.Get()) })
	})
	fmt.Println(r.Exhausted)
	// Output: true
}

// A Config bounds a search. Without a preemption the threads run one after the
// other, which hides the fault.
func ExampleConfig() {
	bounded := explore.Run(explore.Config{Preemptions: -1}, lost)
	full := explore.Run(explore.Config{}, lost)
	fmt.Println(bounded.Failure == nil, bounded.Exhausted, full.Failure == nil)
	// Output: true false false
}

// A Report says whether every interleaving was covered. Only then is it a proof.
func ExampleReport() {
	r := explore.Run(explore.Config{}, func(x *explore.Exec) {
		n := new(explore.Uint64)
		x.Go("a", func() { n.Add(1) })
		x.Go("b", func() { n.Add(1) })
	})
	fmt.Println(r.Exhausted, r.Failure == nil, r.Longest)
	// Output: true true 2
}

// A Failure has a token, with which Replay runs its schedule again.
func ExampleFailure() {
	f := explore.Run(explore.Config{}, lost).Failure
	again, err := explore.Replay(f.Token, explore.Config{}, lost)
	fmt.Println(f.Message, again.Failure.Message, err)
	// Output: it is 1 it is 1 <nil>
}

// A Race names the variable and both accesses.
func ExampleRace() {
	race := explore.Run(explore.Config{}, racy).Failure.Race
	fmt.Println(race.Location, race.First.Thread, race.Second.Thread)
	// Output: v writer reader
}

// An Access says who read or wrote, and where in the source.
func ExampleAccess() {
	race := explore.Run(explore.Config{}, racy).Failure.Race
	for _, a := range []explore.Access{race.First, race.Second} {
		fmt.Println(a.Thread, "writes:", a.Write)
	}
	// Output:
	// writer writes: true
	// reader writes: false
}

// The Steps of a Failure are the rows of its table.
func ExampleStep() {
	for _, s := range explore.Run(explore.Config{}, lost).Failure.Steps {
		fmt.Println(s.Thread, s.Text)
	}
	// Output:
	// a n.Load() = 0
	// b n.Load() = 0
	// b n.Store(1)
	// a n.Store(1)
	// main n.Load() = 1
}

// Ops say what an operation of yours costs.
func ExampleOps() {
	var n explore.Uint64
	ops := explore.Count(func() {
		n.Load()
		n.Add(1)
	})
	fmt.Println(ops.Loads, ops.RMWs)
	// Output: 1 1
}
