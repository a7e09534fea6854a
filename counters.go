package rouse

// Counters are totals since the start of the program, of the tasks bound to
// one OwnedTasks. Bound, Live and Wakers cost nothing and are always there;
// the others need the tag rouse_trace, and are 0 without.
//
// They are behind the tag because counting takes locked instructions. With it,
// and no Tracer set, measured on one processor of a shared amd64 machine:
//
//	                          RMWs without, with    time with : without
//	clone; drop               1, 2; 1, 2            4–5
//	wake, notified already    1, 2                  3
//	wake → run → idle         3, 7                  6, of which most is the clock's
//	self-wake cycle           3, 7                  6
type Counters struct {
	Bound  uint64 `json:"bound"`  // tasks that were ever bound to the list
	Live   uint64 `json:"live"`   // tasks that are on it now
	Wakers uint64 `json:"wakers"` // outstanding counted wakers of these

	Polls     uint64            `json:"polls"`
	Completed uint64            `json:"completed"` // by a ready poll
	Cancelled map[string]uint64 `json:"cancelled"` // by cause
	Orphaned  uint64            `json:"orphaned"`  // pending, and no waker was left
	Released  uint64            `json:"released"`

	WakesSubmitted     uint64 `json:"wakes_submitted"` // the task was idle, and went to its scheduler
	WakesCoalesced     uint64 `json:"wakes_coalesced"` // a run was owed already
	WakesWhileRunning  uint64 `json:"wakes_while_running"`
	WakesAfterComplete uint64 `json:"wakes_after_complete"`
	Clones             uint64 `json:"clones"`
	Drops              uint64 `json:"drops"`
}

// Counters returns the totals of the list.
func (o *OwnedTasks) Counters() Counters {
	c := Counters{Cancelled: map[string]uint64{}}
	for i := range o.shards {
		o.shards[i].count(&c)
	}
	if tracing {
		o.counted.addTo(&c)
	}
	return c
}

func (s *shard) count(c *Counters) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Bound += s.bound
	c.Live += uint64(s.length)
	for h := s.first; h != nil; h = h.succ {
		c.Wakers += uint64(h.wakers(h.Snapshot()))
	}
}

// wakers returns how many counted wakers the word counts: an uncounted task has
// none, but a reference that is never given back.
func (h *Header) wakers(n Snapshot) int64 {
	if h.vtable.Uncounted {
		return 0
	}
	return max(n.Refs(), 0)
}
