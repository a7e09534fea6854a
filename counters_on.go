//go:build rouse_trace

package rouse

// counted is what an OwnedTasks has besides.
type counted struct{ totals totals }

type totals struct {
	polls, completed, orphaned, released          word
	submitted, coalesced, whileRunning, afterDone word
	clones, drops                                 word
	cancelled                                     [CauseExited + 1]word
}

// unbound counts for the tasks that are on no list.
var unbound totals

// Unbound returns the totals of the tasks that are bound to no list, and
// whether they were counted, by the tag rouse_trace.
func Unbound() (Counters, bool) {
	c := Counters{Cancelled: map[string]uint64{}}
	unbound.addTo(&c)
	return c, true
}

func (k *counted) addTo(c *Counters) { k.totals.addTo(c) }

func (k *totals) waker(e TraceEvent) {
	switch e.Op {
	case TraceClone:
		k.clones.Add(1)
		return
	case TraceDrop:
		k.drops.Add(1)
		return
	}
	switch e.Outcome {
	case OutcomeSubmitted:
		k.submitted.Add(1)
	case OutcomeCoalesced:
		k.coalesced.Add(1)
	case OutcomeRunning:
		k.whileRunning.Add(1)
	case OutcomeComplete:
		k.afterDone.Add(1)
	}
}

func (k *totals) task(e TraceEvent) {
	switch e.Op {
	case TracePollStart:
		k.polls.Add(1)
	case TraceOrphan:
		k.orphaned.Add(1)
	case TraceRelease:
		k.released.Add(1)
	case TraceComplete:
		if e.Cause == CauseNone {
			k.completed.Add(1)
		} else {
			k.cancelled[e.Cause].Add(1)
		}
	}
}

func (k *totals) addTo(c *Counters) {
	c.Polls += k.polls.Load()
	c.Completed += k.completed.Load()
	c.Orphaned += k.orphaned.Load()
	c.Released += k.released.Load()
	c.WakesSubmitted += k.submitted.Load()
	c.WakesCoalesced += k.coalesced.Load()
	c.WakesWhileRunning += k.whileRunning.Load()
	c.WakesAfterComplete += k.afterDone.Load()
	c.Clones += k.clones.Load()
	c.Drops += k.drops.Load()
	for cause := range k.cancelled {
		if n := k.cancelled[cause].Load(); n > 0 {
			c.Cancelled[Cause(cause).String()] += n
		}
	}
}
