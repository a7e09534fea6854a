package rouse

import (
	"cmp"
	"runtime"
	"slices"
	"strconv"
	"time"
)

// A TaskInfo describes one task at the moment when it was looked at. It is plain
// data, and refers to nothing. Polls, Wakes and the times are zero unless the
// program was built with the tag rouse_trace. Name and Site are empty unless the
// task was spawned with Options.Name or named by OwnedTasks.Describe, and Label
// unless WakerRef.SetLabel gave it one.
type TaskInfo struct {
	ID        ID
	Name      string
	Site      string // where the task was spawned or described, as file:line
	Label     string // what the task waits for, in its own words
	State     Snapshot
	Wakers    int64     // how many counted wakers exist; 0 for an uncounted task
	Born      time.Time // when it became a task
	LastPoll  time.Time // when its last poll began
	IdleSince time.Time // since when it waits for a wake; zero if it does not
	Polls     uint64    // how often it was polled
	Wakes     uint64    // how many wakes led to a run
}

// A note is a task's name, site and label, which most tasks do without.
type note struct{ name, site, label string }

// Dump describes the tasks on the list, in the order of their IDs: for tasks with
// names that is the order in which they were named. It describes one part of the
// list at a time, under that part's lock. Cost: all locks, one after the other,
// and the memory of the result.
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
	reads(&s.notes, "notes")
	for h := s.last; h != nil; h = h.prev { // oldest first: it may deal IDs
		reads(&h.prev, "list link")
		n := s.notes[h]
		i := TaskInfo{ID: h.taskID(), Name: n.name, Site: n.site, Label: n.label, State: h.Snapshot()}
		i.Wakers = h.wakers(i.State)
		if tracing {
			h.describe(&i)
		}
		all = append(all, i)
	}
	return all
}

// described returns the task's name and where it was spawned, if they are known.
// The caller has its run.
func (h *Header) described() (name, site string) {
	reads(&h.shard, "shard")
	if s := h.shard; s != nil {
		s.mu.Lock()
		reads(&s.notes, "notes")
		n := s.notes[h]
		s.mu.Unlock()
		name, site = n.name, n.site
	}
	if site == "" {
		site = h.site()
	}
	return
}

// Describe gives a task on the list a name, for Dump, JoinError and Tracers, and
// notes the caller as its site. If skip is not 0 the site is that of the caller's
// caller, and so on, as for runtime.Caller. Describe does nothing if the task is
// not on the list. It has the task's ID dealt, so that the IDs of tasks that are
// described when they are spawned are in that order. Cost: a lock, a map entry and
// a look at the stack.
func (o *OwnedTasks) Describe(h *Header, name string, skip int) {
	if debugging {
		h.intact("OwnedTasks.Describe")
	}
	reads(&h.shard, "shard")
	s := h.shard
	if s == nil {
		return
	}
	reads(&s.tasks, "shard's list")
	if s.tasks != o {
		return
	}
	n := newNote(name, skip+1)
	if !s.describe(h, n) {
		return
	}
	if tracing {
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
	reads(&s.notes, "notes")
	n.label = s.notes[h].label
	h.taskID()
	s.keep(h, n)
	return true
}

// label changes the label of h, if h is on the list.
func (s *shard) label(h *Header, label string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	reads(&s.first, "owner list")
	reads(&s.notes, "notes")
	n := s.notes[h]
	if n.label == label || !s.listed(h) {
		return
	}
	n.label = label
	if n == (note{}) {
		writes(&s.notes, "notes")
		delete(s.notes, h)
		return
	}
	s.keep(h, n)
}

// name describes a task that is being spawned, even if the list is closed. Its
// caller has the run that is owed, so the task has not ended yet, and its end
// will remove the note.
func (o *OwnedTasks) name(h *Header, name string, skip int) {
	n := newNote(name, skip+1)
	s := o.shard(h)
	s.mu.Lock()
	s.adopt(h, o)
	h.taskID()
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
	writes(&s.notes, "notes")
	if s.notes == nil {
		s.notes = map[*Header]note{}
	}
	s.notes[h] = n
}

// Counters are totals of the tasks of one OwnedTasks, since the list was first
// used. They are plain data. Bound, Live and Wakers are always counted, and
// counting them costs no operation on a task. The others are 0 unless the
// program was built with the tag rouse_trace.
//
// They need the tag because counting takes atomic operations of its own. These
// are the costs with the tag and without a Tracer, measured on one processor of a
// shared amd64 machine:
//
//	                          atomic operations     time with the tag,
//	                          without, with         as a multiple of without
//	clone; drop               1, 2; 1, 2            4–5
//	wake, notified already    1, 2                  3
//	wake → run → idle         3, 7                  6, mostly for reading the clock
//	self-wake cycle           3, 7                  6
type Counters struct {
	Bound  uint64 `json:"bound"`  // tasks that were ever put on the list
	Live   uint64 `json:"live"`   // tasks that are on the list now
	Wakers uint64 `json:"wakers"` // counted wakers of those that are on it now

	Polls     uint64            `json:"polls"`
	Completed uint64            `json:"completed"` // tasks that ended by a ready poll
	Cancelled map[string]uint64 `json:"cancelled"` // tasks that ended otherwise, by the name of their Cause
	Orphaned  uint64            `json:"orphaned"`  // tasks found pending with no waker left
	Released  uint64            `json:"released"`  // tasks that nothing refers to any more

	WakesSubmitted     uint64 `json:"wakes_submitted"`      // the task was idle, and went to its scheduler
	WakesCoalesced     uint64 `json:"wakes_coalesced"`      // a run was owed already
	WakesWhileRunning  uint64 `json:"wakes_while_running"`  // the task ran, and will run again
	WakesAfterComplete uint64 `json:"wakes_after_complete"` // the task had ended
	Clones             uint64 `json:"clones"`
	Drops              uint64 `json:"drops"`
}

// Counters returns the totals of the list. Cost: all locks, one after the other,
// and one atomic load for each task that is on the list.
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
	reads(&s.first, "owner list")
	c.Bound += s.bound
	c.Live += uint64(s.length)
	for h := s.first; h != nil; h = h.succ {
		reads(&h.succ, "list link")
		c.Wakers += uint64(h.wakers(h.Snapshot()))
	}
}

// wakers returns how many counted wakers the word n of h counts. An uncounted
// task has none: its one reference is never given back.
func (h *Header) wakers(n Snapshot) int64 {
	if h.vtable.uncounted != 0 {
		return 0
	}
	return max(n.Refs(), 0)
}
