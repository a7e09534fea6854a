package trace

import (
	"cmp"
	"strconv"
	"time"

	"github.com/rouse-go/rouse"
)

// pollStart opens a slice, and draws the arrow of the wake that led to it. Both
// ends of an arrow are written here, where it is certain that it has two.
func (t *Timeline) pollStart(k *track, e rouse.TraceEvent, now time.Duration, g uint64) {
	k.on, k.outer = g, t.polling[g]
	t.polling[g] = k
	woken := k.woken
	k.woken = origin{}
	if k.open { // its end was not told: another Tracer was set meanwhile
		t.out.end(k.at(now), "")
		k.open = false
	}
	t.nameIt(k)
	if k.cut = !t.room(); k.cut {
		return
	}
	k.open = true
	t.out.begins(k.at(now), t.lanes[g], g, e.Latency)
	if woken.pid != 0 {
		t.arrows++
		t.out.arrow(t.arrows, woken, k.at(now))
	}
}

// pollEnd ends a slice. There is always room for that.
func (t *Timeline) pollEnd(k *track, e rouse.TraceEvent, now time.Duration) {
	if t.polling[k.on] == k {
		if k.outer != nil {
			t.polling[k.on] = k.outer
		} else {
			delete(t.polling, k.on)
		}
		k.outer = nil
	}
	if k.open {
		t.out.end(k.at(now), e.Outcome)
	} else if k.cut {
		t.dropped++
	}
	k.open, k.cut = false, false
}

// wake notes where the next poll's arrow starts: in the slice of the task
// whose poll wakes, or in one of the goroutine's own. A wake that led to no
// run of its own is a mark on the track of its task.
func (t *Timeline) wake(e rouse.TraceEvent, now time.Duration, g uint64) {
	k := t.tasks[e.Task]
	if k == nil || e.Outcome == OutcomeComplete {
		return
	}
	if k.woken.pid != 0 || e.Outcome == OutcomeCoalesced {
		t.mark(k, now, "wake", "outcome", e.Outcome)
		return
	}
	if by := t.polling[g]; by != nil {
		if by.open {
			k.woken = by.at(now)
		}
		return
	}
	if !t.room() {
		return
	}
	if !t.seen[g] {
		if len(t.seen) >= maxSeen { // to be named twice does no harm
			clear(t.seen)
		}
		t.seen[g] = true
		t.out.name(goroutinesPID, g, cmp.Or(t.lanes[g], "goroutine "+strconv.FormatUint(g, 10)))
	}
	k.woken = origin{now, goroutinesPID, g}
	t.out.instant(k.woken, "wake", e.Task)
}
