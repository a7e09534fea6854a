package rouse

import (
	"iter"
	"sync/atomic"
	"unsafe"
)

// OwnedTasks is a list of the tasks of a runtime, which owns them: none is
// released while it is on the list, and all can be shut down. It is sharded by
// task, through links in the Headers, and allocates nothing. The zero value is
// ready. It must not be copied; all methods may race. tokio has the same.
type OwnedTasks struct {
	_ [0]atomic.Uint64 // 8-byte alignment on 32-bit machines
	counted
	closed word
	shards [ownerShards]shard
}

// A shard is a list, oldest last, and its lock. No user code runs under it.
type shard struct {
	mu          mutex
	tasks       *OwnedTasks // set by the first Bind, for ever
	first, last *Header
	length      int
	bound       uint64           // how many ever were
	notes       map[*Header]note // of those that were described, until they leave or end
	_           [8]byte          // to a cache line
}

// Bind puts a task on the list, which owns it from now on: one of level 1,
// that Init left with its caller, before anyone else can reach it. It reports
// false, and leaves the task as it was, if the list is closed. A task that is
// on a list already, this or another, is not bound: Bind panics.
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
		s.first.prev = h
	} else {
		s.last = h
	}
	s.first = h
	s.length++
	s.bound++
	return true
}

// mustBeBindable panics, before anything is written, if no list may own h.
func (h *Header) mustBeBindable() {
	if h.vtable == nil {
		panic(uninitialised("OwnedTasks.Bind"))
	}
	reason := ""
	switch n := h.state.Load(); {
	case n.Complete():
		reason = "the task has ended"
	case n.Unowned():
		reason = "the task has no owner to take it over from; InitBound makes one that is bound"
	case h.shard != nil && h.shard.has(h): // before the lock is taken, which may be the same
		reason = "the task is on a list already"
	default:
		return
	}
	panic("rouse: OwnedTasks.Bind: " + reason + " (state " + h.Snapshot().String() + ")")
}

// shard returns the one that h is bound to. Addresses of Headers differ by
// multiples of their size class.
func (o *OwnedTasks) shard(h *Header) *shard {
	return &o.shards[uint32(uintptr(unsafe.Pointer(h))>>6)*0x9e3779b1>>28%ownerShards]
}

// adopt lets h find the shard, and the shard its list: both are read without
// the lock, and written once.
func (s *shard) adopt(h *Header, o *OwnedTasks) {
	if s.tasks == nil {
		s.tasks = o
	}
	if h.shard != s {
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

// Remove takes a task off the list and reports whether it was on it: then the
// caller owns it. A task that ends removes itself.
func (o *OwnedTasks) Remove(h *Header) bool {
	s := h.shard
	if s == nil {
		return false
	}
	if s.tasks != o {
		panic("rouse: OwnedTasks.Remove: the task is bound to another list (state " + h.Snapshot().String() + ")")
	}
	return s.remove(h, false)
}

// remove reports whether h was on the list: a task that was popped by a
// shutdown is its business. What is noted of such a task stays until it ends,
// to name it in its error.
func (s *shard) remove(h *Header, ends bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	reads(&s.first, "owner list")
	listed := s.listed(h)
	if listed {
		s.unlink(h)
	}
	if s.notes != nil && (listed || ends) {
		delete(s.notes, h)
	}
	return listed
}

func (s *shard) listed(h *Header) bool { return h.prev != nil || s.first == h }

func (s *shard) unlink(h *Header) {
	writes(&s.first, "owner list")
	if h.prev != nil {
		writes(&h.prev.succ, "list link")
		h.prev.succ = h.succ
	} else {
		s.first = h.succ
	}
	if h.succ != nil {
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
	}
	return h
}

// CloseAndShutdownAll closes the list and cancels all tasks on it: idle ones on
// this goroutine, the others at the end of the run that is owed or under way,
// which their scheduler must still bring about by Run or Drop. What destructors
// panic with is raised again when all tasks were told.
func (o *OwnedTasks) CloseAndShutdownAll() {
	o.closed.Store(1)
	i := 0
	s := sweep{step: func() bool {
		for ; i < ownerShards; i++ {
			if h := o.shards[i].pop(); h != nil {
				h.shutdown("OwnedTasks.CloseAndShutdownAll")
				return true
			}
		}
		return false
	}}
	s.run()
}

// IsClosed reports whether the list was closed.
func (o *OwnedTasks) IsClosed() bool { return o.closed.Load() != 0 }

// Len returns the number of tasks on the list.
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

// All returns the tasks on the list, each shard as it was when it was come to.
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
		tasks = append(tasks, RawTask{h})
	}
	return tasks
}
