package rouse

import (
	"iter"
	"sync/atomic"
	"unsafe"
)

// OwnedTasks is the list of the tasks of a runtime. The list owns its tasks: none
// is released while it is on the list, and all of them can be shut down. Tasks
// that end leave the list by themselves. Options.Owned, Vtable.InitBound and Bind
// put tasks on it.
//
// The zero value is an empty list that is ready to use. OwnedTasks must not be
// copied. It is safe for concurrent use by multiple goroutines. It links the
// tasks themselves and allocates nothing, except where a method says so. It has
// several locks, each for a part of the tasks; no user code runs under them.
//
// The idea is tokio's task::list::OwnedTasks.
type OwnedTasks struct {
	_ [0]atomic.Uint64 // 8-byte alignment on 32-bit machines
	counted
	closed word
	vacant WaitQueue // those that wait until the list is empty
	shards [ownerShards]shard
}

// A shard is a part of the list, oldest task last, and its lock. No user code
// runs under the lock.
type shard struct {
	mu          mutex
	tasks       *OwnedTasks // set by the first Bind, and never changed
	first, last *Header
	length      int
	bound       uint64           // how many tasks were ever put on the list
	notes       map[*Header]note // of the tasks that were described, until they leave or end
	ending      int              // how many were popped, and have not ended
}

// Bind puts a task that Vtable.Init made on the list. The list owns the task from
// now on, instead of the caller of Init. Call Bind before any other goroutine can
// reach the task. If the list is closed, Bind reports false and the caller still
// owns the task. Bind panics, and changes nothing, if the task was never
// initialised, has ended, has no owner, or is on a list. Cost: a lock.
func (o *OwnedTasks) Bind(h *Header) bool {
	h.mustBeBindable()
	s := o.shard(h)
	s.mu.Lock()
	defer s.mu.Unlock()
	// Closing stores first and locks after: it either finds this task on the
	// list, or is found here.
	if o.closed.Load() != 0 {
		return false
	}
	writes(&s.first, "owner list")
	s.adopt(h, o)
	writes(&h.succ, "list link")
	h.prev, h.succ = nil, s.first
	if s.first != nil {
		writes(&s.first.succ, "list link")
		s.first.prev = h
	} else {
		s.last = h
	}
	s.first = h
	s.length++
	s.bound++
	return true
}

// mustBeBindable panics, before anything is written, if no list may own h. It
// looks at the task's list before Bind locks its own, which may be the same.
func (h *Header) mustBeBindable() {
	if debugging {
		h.intact("OwnedTasks.Bind")
	}
	if h.vtable == nil {
		panic(uninitialised("OwnedTasks.Bind"))
	}
	reads(&h.shard, "shard")
	reason := ""
	switch n := h.state.Load(); {
	case n.Complete():
		reason = "the task has ended"
	case n.Unowned():
		reason = "the task has no owner to take it over from; InitBound makes one that is bound"
	case h.shard != nil && h.shard.has(h):
		reason = "the task is on a list already"
	default:
		return
	}
	panic("rouse: OwnedTasks.Bind: " + reason + " (state " + h.Snapshot().String() + ")")
}

// shard returns the part of the list that h belongs to. It hashes the address:
// addresses of Headers differ by multiples of their size class.
func (o *OwnedTasks) shard(h *Header) *shard {
	return &o.shards[uint32(uintptr(unsafe.Pointer(h))>>6)*0x9e3779b1>>28%ownerShards]
}

// adopt stores which shard h belongs to, and which list s belongs to. Both are
// written once, and read without the lock.
func (s *shard) adopt(h *Header, o *OwnedTasks) {
	reads(&s.tasks, "shard's list")
	if s.tasks == nil {
		writes(&s.tasks, "shard's list")
		s.tasks = o
	}
	reads(&h.shard, "shard")
	if h.shard != s {
		writes(&h.shard, "shard")
		h.shard = s
	}
}

// has reports whether h is on the list.
func (s *shard) has(h *Header) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	reads(&s.first, "owner list")
	return s.listed(h)
}

// Remove takes a task off the list, and reports whether it was on the list. If it
// was, the caller owns the task, and gives it up with Header.Disown. Otherwise
// nothing changes: the task was never on the list, has ended, or was shut down.
// Remove panics if the task is on another OwnedTasks. Cost: a lock.
func (o *OwnedTasks) Remove(h *Header) bool {
	if debugging {
		h.intact("OwnedTasks.Remove")
	}
	reads(&h.shard, "shard")
	s := h.shard
	if s == nil {
		return false
	}
	reads(&s.tasks, "shard's list")
	if s.tasks != o {
		panic("rouse: OwnedTasks.Remove: the task is bound to another list (state " + h.Snapshot().String() + ")")
	}
	listed, vacated := s.remove(h, false)
	if vacated {
		o.tellEmpty()
	}
	return listed
}

// remove reports whether h was on the list. A task that a shutdown has popped is
// not: the shutdown gives up the list's ownership. The note of such a task stays
// until the task ends, so that its error can name it. vacated says that the list
// may be empty now, and that somebody waits for that.
func (s *shard) remove(h *Header, ends bool) (listed, vacated bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	reads(&s.first, "owner list")
	listed = s.listed(h)
	switch {
	case listed:
		s.unlink(h)
		vacated = s.vacated()
	case ends && h.succ == h: // it was popped
		writes(&h.succ, "list link")
		h.succ = nil
		s.ending--
		vacated = s.vacated()
	}
	reads(&s.notes, "notes")
	if s.notes != nil && (listed || ends) {
		writes(&s.notes, "notes")
		delete(s.notes, h)
	}
	return listed, vacated
}

func (s *shard) listed(h *Header) bool {
	reads(&s.first, "owner list")
	reads(&h.succ, "list link")
	return h.prev != nil || s.first == h
}

func (s *shard) unlink(h *Header) {
	writes(&s.first, "owner list")
	if h.prev != nil {
		writes(&h.prev.succ, "list link")
		h.prev.succ = h.succ
	} else {
		s.first = h.succ
	}
	if h.succ != nil {
		writes(&h.succ.succ, "list link")
		h.succ.prev = h.prev
	} else {
		s.last = h.prev
	}
	writes(&h.succ, "list link")
	h.prev, h.succ = nil, nil
	s.length--
}

func (s *shard) pop() *Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	reads(&s.first, "owner list")
	h := s.last
	if h != nil {
		s.unlink(h)
		writes(&h.succ, "list link")
		h.succ = h // until it ends: see remove
		s.ending++
	}
	return h
}

// CloseAndShutdownAll closes the list and cancels all tasks on it, with
// CauseShutdown. Idle tasks are cancelled on the calling goroutine: their
// destructors have returned when CloseAndShutdownAll does. Tasks that run, or owe
// a run, end at that run, so their scheduler must still run or drop them. From
// now on Bind and InitBound refuse, and a task spawned with this list ends at
// once. The caller must not hold a lock that a destructor takes.
//
// If destructors panic, the panic is raised again after every task has been shut
// down, several as one error that wraps them all. Cost: a lock for each task, besides
// its cancellation.
func (o *OwnedTasks) CloseAndShutdownAll() {
	o.closed.Store(1)
	i := 0
	sweep(func() bool {
		for ; i < ownerShards; i++ {
			if h := o.shards[i].pop(); h != nil {
				h.shutdown("OwnedTasks.CloseAndShutdownAll")
				return true
			}
		}
		return false
	})
}

// IsClosed reports whether the list was closed. Cost: one atomic load.
func (o *OwnedTasks) IsClosed() bool { return o.closed.Load() != 0 }

// Len returns the number of tasks on the list. Its parts are counted one after
// the other, so a task that comes or leaves meanwhile may be counted or not.
// Cost: all locks, one after the other.
func (o *OwnedTasks) Len() int {
	n := 0
	for i := range o.shards {
		s := &o.shards[i]
		s.mu.Lock()
		reads(&s.first, "owner list")
		n += s.length
		s.mu.Unlock()
	}
	return n
}

// All returns an iterator over the tasks on the list, in no particular order. It
// copies one part of the list at a time, under that part's lock, and yields the
// tasks without a lock.
// So a task that comes or leaves during the iteration may be yielded or not, and
// a task that is yielded may have ended. It may be looked at, described, aborted
// and removed all the same, at any time: its memory is pinned, so that it is not
// recycled, and whoever has the RawTask has that task. Dump and Counters, which
// look at the tasks under the locks, pin nothing. Cost: all locks, one after the
// other, an allocation, and one atomic operation for each task that was not
// pinned before.
func (o *OwnedTasks) All() iter.Seq[RawTask] {
	return func(yield func(RawTask) bool) {
		var tasks []RawTask
		for i := range o.shards {
			tasks = o.shards[i].appendTo(tasks[:0])
			for _, t := range tasks {
				if !yield(t) {
					return
				}
			}
		}
	}
}

func (s *shard) appendTo(tasks []RawTask) []RawTask {
	s.mu.Lock()
	defer s.mu.Unlock()
	reads(&s.first, "owner list")
	for h := s.first; h != nil; h = h.succ {
		reads(&h.succ, "list link")
		h.state.pin("OwnedTasks.All")
		tasks = append(tasks, RawTask{h})
	}
	return tasks
}
