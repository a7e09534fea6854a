package explore_test

import (
	"fmt"

	"github.com/rouse-go/rouse/proptest/explore"
)

// An Add is one operation, so no interleaving of two loses one.
func ExampleUint64() {
	r := explore.Run(explore.Config{}, func(x *explore.Exec) {
		n := new(explore.Uint64)
		x.Go("a", func() { n.Add(1) })
		x.Go("b", func() { n.Add(1) })
		x.Final(func() { x.Assert(n.Load() == 2, "it is %d", n.Load()) })
	})
	fmt.Println(r.Exhausted)
	// Output: true
}

// A Load and a Store are two operations, and another thread may come between.
func ExampleInt32() {
	r := explore.Run(explore.Config{}, func(x *explore.Exec) {
		n := new(explore.Int32)
		increment := func() { n.Store(n.Load() + 1) }
		x.Name(n, "n")
		x.Go("a", increment)
		x.Go("b", increment)
		x.Final(func() {
			end := n.Load()
			x.Assert(end == 2, "it is %d", end)
		})
	})
	fmt.Print(r.Failure)
	// Output:
	// it is 1
	//  step  main          a             b             word
	//     1                n.Load() = 0                0
	//     2                              n.Load() = 0  0
	//     3                              n.Store(1)    0 -> 1
	//     4                n.Store(1)                  1
	//   end  n.Load() = 1                              1
	// replay token: x1:ab2a
}

// Of those that count down, one alone comes to zero.
func ExampleInt64() {
	r := explore.Run(explore.Config{}, func(x *explore.Exec) {
		left := new(explore.Int64)
		left.Store(2)
		var last explore.Ghost[int]
		done := func() {
			if left.Add(-1) == 0 {
				last.Update(func(n int) int { return n + 1 })
			}
		}
		x.Go("a", done)
		x.Go("b", done)
		x.Final(func() { x.Assert(last.Get() == 1, "%d were last", last.Get()) })
	})
	fmt.Println(r.Exhausted)
	// Output: true
}

// Flags of one word are set by several threads.
func ExampleUint32() {
	const closed, notified = 1, 2
	r := explore.Run(explore.Config{}, func(x *explore.Exec) {
		flags := new(explore.Uint32)
		x.Go("closer", func() { flags.Or(closed) })
		x.Go("waker", func() { flags.Or(notified) })
		x.Final(func() { x.Assert(flags.Load() == closed|notified, "flags %b", flags.Load()) })
	})
	fmt.Println(r.Exhausted)
	// Output: true
}

// A Bool that is swapped from false to true is a claim, which one thread has.
func ExampleBool() {
	r := explore.Run(explore.Config{}, func(x *explore.Exec) {
		claimed := new(explore.Bool)
		var winners explore.Ghost[int]
		try := func() {
			if claimed.CompareAndSwap(false, true) {
				winners.Update(func(n int) int { return n + 1 })
			}
		}
		x.Go("a", try)
		x.Go("b", try)
		x.Final(func() { x.Assert(winners.Get() == 1, "%d have it", winners.Get()) })
	})
	fmt.Println(r.Exhausted)
	// Output: true
}

// Two threads that lock two mutexes in different orders may wait for each other.
func ExampleMutex() {
	r := explore.Run(explore.Config{}, func(x *explore.Exec) {
		var l struct{ left, right explore.Mutex }
		x.Name(&l, "l")
		x.Go("a", func() {
			l.left.Lock()
			l.right.Lock()
			l.right.Unlock()
			l.left.Unlock()
		})
		x.Go("b", func() {
			l.right.Lock()
			l.left.Lock()
			l.left.Unlock()
			l.right.Unlock()
		})
	})
	fmt.Println(r.Failure.Message)
	// Output: deadlock: a in l.right.Lock, b in l.left.Lock
}

// What was written before a Pointer is stored is seen by whoever loads it.
func ExamplePointer() {
	type message struct{ text explore.Var[string] }
	r := explore.Run(explore.Config{}, func(x *explore.Exec) {
		box := new(explore.Pointer[message])
		x.Go("sender", func() {
			m := new(message)
			m.text.Set("hello")
			box.Store(m)
		})
		x.Go("receiver", func() {
			if m := box.Load(); m != nil {
				x.Assert(m.text.Get() == "hello", "it says %q", m.text.Get())
			}
		})
	})
	fmt.Println(r.Exhausted)
	// Output: true
}

// A Pool gives back what was put into it, so that an object's second life is
// searched too.
func ExamplePool() {
	type node struct{ uses explore.Var[int] }
	r := explore.Run(explore.Config{}, func(x *explore.Exec) {
		pool := &explore.Pool{New: func() any { return new(node) }}
		use := func() {
			n := pool.Get().(*node)
			n.uses.Set(n.uses.Get() + 1)
			pool.Put(n)
		}
		x.Go("a", use)
		x.Go("b", use)
	})
	fmt.Println(r.Exhausted)
	// Output: true
}

// A Var is a plain variable. Two threads that use it, and that nothing orders, race.
func ExampleVar() {
	r := explore.Run(explore.Config{}, func(x *explore.Exec) {
		v := new(explore.Var[int])
		x.Name(v, "v")
		x.Go("writer", func() { v.Set(1) })
		x.Go("reader", func() { v.Get() })
	})
	fmt.Println(r.Failure.Message)
	// Output: data race on v: read by reader is not ordered after write by writer
}

// A Ghost belongs to the scenario: it counts, here, how often a thread was run.
func ExampleGhost() {
	r := explore.Run(explore.Config{}, func(x *explore.Exec) {
		woken := new(explore.Bool)
		var runs explore.Ghost[int]
		x.Go("waker", func() { woken.Store(true) })
		x.Go("task", func() {
			x.Await("a wake", woken.Load)
			runs.Set(runs.Get() + 1)
		})
		x.Final(func() { x.Assert(runs.Get() == 1, "%d runs", runs.Get()) })
	})
	fmt.Println(r.Exhausted)
	// Output: true
}
