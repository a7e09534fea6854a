package rouse

// Counters are totals since the start of the program, of the tasks bound to
// one OwnedTasks. Bound, Live and Wakers cost nothing and are always there;
// the others need the tag rouse_trace, and are 0 without.
type Counters struct {
	Bound  uint64 // tasks that were ever bound to the list
	Live   uint64 // tasks that are on it now
	Wakers uint64 // outstanding counted wakers of these

	Polls     uint64
	Completed uint64            // by a ready poll
	Cancelled map[string]uint64 // by cause
	Released  uint64

	WakesSubmitted     uint64 // the task was idle, and went to its scheduler
	WakesCoalesced     uint64 // a run was owed already
	WakesWhileRunning  uint64
	WakesAfterComplete uint64
	Clones, Drops      uint64
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
		if n := h.Snapshot().Refs(); n > 0 {
			c.Wakers += uint64(n)
		}
	}
}
