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
