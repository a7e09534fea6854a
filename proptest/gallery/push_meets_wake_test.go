//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A set of futures has a ready queue, linked through the slots. The flag of a slot says that it is
// in the queue. The owner puts a future's slot there for its first poll.
type readySlot struct {
	queued explore.Bool
	times  explore.Int32 // how often it is in the queue
}

func (s *readySlot) wake() {
	if !s.queued.Swap(true) {
		s.enqueue()
	}
}

func (s *readySlot) push() {
	s.queued.Store(true) // the bug: a waker of the slot's former future may have set it, and enqueued the slot
	s.enqueue()
}

func (s *readySlot) enqueue() {
	if n := s.times.Add(1); n > 1 {
		panic("the slot is linked into the queue twice")
	}
}

var pushMeetsWake = bug{
	name:   "push-meets-wake",
	within: 5,
	fails:  "the slot is linked into the queue twice",
	faulty: func(x *explore.Exec) {
		s := new(readySlot)
		x.Name(s, "slot")
		x.Go("owner", s.push)
		x.Go("waker", s.wake)
	},
	// The notification is a claim: only the RMW that sets it hands it out.
	right: func(x *explore.Exec) {
		rouse.Restart()
		s := new(claimedSlot)
		x.Name(s, "slot")
		x.Go("owner", s.notify)
		x.Go("waker", s.notify)
		x.Final(func() { x.Assert(s.queued.times.Load() == 1, "not in the queue") })
	},
}

type claimedSlot struct {
	state  rouse.State
	queued readySlot
}

func (s *claimedSlot) notify() {
	if s.state.Notify() {
		s.queued.enqueue()
	}
}
