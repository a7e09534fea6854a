package rouse

import (
	"sync/atomic"
	"unsafe"
)

// A Pool spawns tasks in the memory of tasks that were released, without an
// allocation. The zero value is ready to use. A Pool must not be copied. It is
// safe for concurrent use by multiple goroutines. A task whose AbortHandle was
// asked for is not recycled.
//
// A Pool holds on to a few released tasks, and to those that were released since
// it last ran out of these. What is more than that it leaves to the garbage
// collector, as a sync.Pool does. So after a burst the memory is given back once
// the Pool is used again.
//
// Cost: one atomic operation to give the memory of a task back, and one or two to
// take it. Once several goroutines have used a Pool at the same moment, and got in
// each other's way, it is a sync.Pool.
//
// The idea is embassy's TaskPool.
type Pool[T any, F Future[T]] struct{ cells cellPool }

// Spawn is the function Spawn. It allocates only if no released task is there.
func (p *Pool[T, F]) Spawn(s Scheduler, f F) (j JoinHandle[T]) {
	c := p.get(f)
	c.launch(s, initJoined|flagOrphanable)
	j.hold(&c.joinCell)
	return
}

// SpawnWith is the function SpawnWith.
func (p *Pool[T, F]) SpawnWith(s Scheduler, f F, o Options) (j JoinHandle[T]) {
	var c *taskCell[T, F]
	if o.Value == nil {
		c = p.get(f)
	} else {
		c = newCellWith[T](f, &o)
	}
	c.start(s, &o, true)
	j.hold(&c.joinCell)
	return
}

// SpawnDetached is the function SpawnDetached.
func (p *Pool[T, F]) SpawnDetached(s Scheduler, f F) {
	p.get(f).launch(s, initDetached|flagOrphanable)
}

func (p *Pool[T, F]) get(f F) *taskCell[T, F] {
	old := p.cells.get()
	if old == nil {
		c := newCell[T](f)
		writes(&c.pool, "pool")
		c.pool = &p.cells
		return c
	}
	// Safe: only cells that this Pool made are put into its pool.
	c := (*taskCell[T, F])(unsafe.Pointer(old))
	touches(c.stage, theFuture)
	c.fut = f
	return c
}

// A cellPool keeps released cells in lists, which are linked as a queue's are: the
// cell has nobody else who would use its link.
//
// No list is changed but as a whole. A spawner takes all of one, and leaves the
// rest where there is none; a release puts one more cell in front of the cell that
// is the first then, whatever happened to it before. So there is no ABA problem.
// Whoever has taken a list owns its cells.
type cellPool struct {
	_ [0]atomic.Uint64 // 64-bit alignment on 32-bit machines; go vet flags copies

	// crowded is 0, and 1 for ever once two goroutines got in each other's way.
	// From then on all goes through spare, and nobody writes to this cache line.
	crowded word

	// freed are those that were released since a spawner last looked. taken is what
	// a spawner has left of them, poolKeeps at most.
	freed, taken pointer[Header]

	// spare keeps lists of what is more, which the collector may have.
	spare pool
}

// put keeps a cell, which was the caller's.
func (p *cellPool) put(c *cell) {
	h := &c.Header
	if p.crowded.Load() == 0 {
		for range 2 { // a spawner may come between, but two are a crowd
			old := p.freed.Load()
			h.setLink(old)
			if p.freed.CompareAndSwap(old, h) {
				return
			}
		}
		p.crowded.Store(1)
	}
	h.setLink(nil)
	p.spare.Put(h)
}

// get returns a cell, which is the caller's then; nil if there is none.
func (p *cellPool) get() *cell {
	h := p.list()
	if h == nil {
		return nil
	}
	if rest := h.link(); rest != nil {
		h.setLink(nil)
		p.leave(rest)
	}
	return cellOf(h)
}

// list returns a list of cells, which is the caller's then.
func (p *cellPool) list() *Header {
	if p.crowded.Load() != 0 {
		if h, _ := p.spare.Get().(*Header); h != nil {
			return h
		}
	}
	if p.taken.Load() != nil {
		if h := p.taken.Swap(nil); h != nil {
			return h
		}
	}
	var h *Header
	if p.freed.Load() != nil {
		h = p.freed.Swap(nil)
	}
	if h == nil {
		h, _ = p.spare.Get().(*Header)
	}
	if h != nil && h.link() != nil {
		p.cut(h)
	}
	return h
}

// cut leaves poolKeeps cells in a list, and all others to the collector.
func (p *cellPool) cut(h *Header) {
	for range poolKeeps - 1 {
		if h = h.link(); h == nil {
			return
		}
	}
	if rest := h.link(); rest != nil {
		h.setLink(nil)
		p.spare.Put(rest)
	}
}

// leave keeps what a spawner has not used of a list.
func (p *cellPool) leave(rest *Header) {
	if p.crowded.Load() == 0 {
		if p.taken.CompareAndSwap(nil, rest) {
			return
		}
		p.crowded.Store(1) // another spawner was here meanwhile
	}
	p.spare.Put(rest)
}
