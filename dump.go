package rouse

import (
	"cmp"
	"runtime"
	"slices"
	"strconv"
	"time"
)

// TaskInfo is what is known of one task. Polls, Wakes and the times need the
// tag rouse_trace; Name and Site need Options.Name or OwnedTasks.Describe.
type TaskInfo struct {
	ID        ID
	Name      string
	Site      string // where it was spawned, file:line
	State     Snapshot
	Wakers    int64 // outstanding counted wakers; of an uncounted task 0
	Born      time.Time
	LastPoll  time.Time // its start
	IdleSince time.Time // zero unless it waits for a wake
	Polls     uint64
	Wakes     uint64 // that led to a run
}

// A note is a task's name and site, which most tasks do without.
type note struct{ name, site string }

// Dump returns what is known of the tasks on the list, by ID.
func (o *OwnedTasks) Dump() []TaskInfo {
	var all []TaskInfo
	for i := range o.shards {
		all = o.shards[i].dump(all)
	}
	slices.SortFunc(all, func(a, b TaskInfo) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

func (s *shard) dump(all []TaskInfo) []TaskInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	reads(&s.first, "owner list")
	for h := s.first; h != nil; h = h.succ {
		n := s.notes[h]
		i := TaskInfo{ID: h.taskID(), Name: n.name, Site: n.site, State: h.Snapshot()}
		i.Wakers = h.wakers(i.State)
		if tracing {
			h.describe(&i)
		}
		all = append(all, i)
	}
	return all
}

// described returns the task's name and where it was spawned, as far as known.
// The caller has its run.
func (h *Header) described() (name, site string) {
	if s := h.shard; s != nil {
		s.mu.Lock()
		n := s.notes[h]
		s.mu.Unlock()
		name, site = n.name, n.site
	}
	if site == "" {
		site = h.site()
	}
	return
}

// Describe names a task on the list, for Dump, and notes who calls, skip
// frames up, as its site. It does nothing for a task that is not on the list.
func (o *OwnedTasks) Describe(h *Header, name string, skip int) {
	s := h.shard
	if s == nil || s.tasks != o {
		return
	}
	n := newNote(name, skip+1)
	if s.describe(h, n) && tracing {
		h.traceName(n)
	}
}

// describe reports whether h is on the list.
func (s *shard) describe(h *Header, n note) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	reads(&s.first, "owner list")
	if !s.listed(h) {
		return false
	}
	s.keep(h, n)
	return true
}

// name describes a task that is being spawned, though the list be closed: its
// caller has the run that is owed, so that its end, and the note's, is to come.
func (o *OwnedTasks) name(h *Header, name string, skip int) {
	n := newNote(name, skip+1)
	s := o.shard(h)
	s.mu.Lock()
	s.adopt(h, o)
	s.keep(h, n)
	s.mu.Unlock()
	if tracing {
		h.traceName(n)
	}
}

func newNote(name string, skip int) note {
	n := note{name: name}
	if _, file, line, ok := runtime.Caller(skip + 1); ok {
		n.site = file + ":" + strconv.Itoa(line)
	}
	return n
}

func (s *shard) keep(h *Header, n note) {
	if s.notes == nil {
		s.notes = map[*Header]note{}
	}
	s.notes[h] = n
}

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
	if h.vtable.uncounted != 0 {
		return 0
	}
	return max(n.Refs(), 0)
}
