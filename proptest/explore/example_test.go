package explore_test

import (
	"fmt"

	"github.com/rouse-go/rouse/proptest/explore"
)

// mailbox is an actor's: whoever finds it idle starts a run, which reads until it is empty.
type mailbox struct {
	scheduled explore.Bool
	queued    explore.Int32
}

func (m *mailbox) send(start func()) {
	m.queued.Add(1)
	if m.scheduled.CompareAndSwap(false, true) {
		start()
	}
}

func (m *mailbox) run() (read int32) {
	read = m.queued.Swap(0)
	m.scheduled.Store(false) // and whoever came after the Swap has gone without starting a run
	return read
}

// fixed is run, but looks again once it is idle.
func (m *mailbox) fixed() (read int32) {
	for {
		read += m.queued.Swap(0)
		m.scheduled.Store(false)
		if m.queued.Load() == 0 || !m.scheduled.CompareAndSwap(false, true) {
			return read
		}
	}
}

func scenario(run func(*mailbox) int32) func(x *explore.Exec) {
	return func(x *explore.Exec) {
		m := new(mailbox)
		var runs, read explore.Ghost[int]
		x.Name(m, "m")
		start := func() { runs.Set(runs.Get() + 1) }
		x.Go("sender", func() {
			m.send(start)
			m.send(start)
		})
		x.Daemon("reader", func() {
			for {
				x.Await("a run", func() bool { return runs.Get() > 0 })
				runs.Set(runs.Get() - 1)
				read.Set(read.Get() + int(run(m)))
			}
		})
		x.Final(func() { x.Assert(read.Get() == 2, "%d of 2 messages read", read.Get()) })
	}
}

func Example() {
	bad := explore.Run(explore.Config{}, scenario((*mailbox).run))
	fmt.Print(bad.Failure)

	good := explore.Run(explore.Config{}, scenario((*mailbox).fixed))
	fmt.Println(good.Failure == nil, good.Exhausted)
	// Output:
	// 1 of 2 messages read
	//  step  sender                               reader                    word
	//     1  m.queued.Add(1)                                                0 -> 1
	//     2  m.scheduled.CAS(false, true)                                   false -> true
	//     3                                       Await("a run")
	//     4                                       m.queued.Swap(0) = 1      1 -> 0
	//     5  m.queued.Add(1)                                                0 -> 1
	//     6  m.scheduled.CAS(false, true) failed                            true
	//     7                                       m.scheduled.Store(false)  true -> false
	// replay token: x1:a2b2a2b
	// true true
}
