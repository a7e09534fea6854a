package rouse

import "unsafe"

// A cell is a task of level 2: what the harness knows of it. What it has besides
// the Header is plain memory, and the word says whose it is:
//
//	field         read and written by
//	sched, pool   written by "new" and by the release; read by whoever has RUNNING
//	              or NOTIFIED, and by the release
//	stage         the same; what it leads to:
//	  future      RUNNING, while not COMPLETE
//	  output      RUNNING, while not COMPLETE; then the handle (JOIN_INTEREST), or
//	              RUNNING if toComplete returned a word without JOIN_INTEREST
//	err           as the output
//	joiner        JOIN_WAKER clear: the handle. JOIN_WAKER set, not COMPLETE: nobody
//	              writes, the handle reads. JOIN_WAKER set, COMPLETE: RUNNING reads.
//	              COMPLETE and no JOIN_INTEREST: RUNNING, if it cleared JOIN_WAKER
//
// "New" is whoever spawns, before the word is stored. The release is whoever
// made the word dead.
type cell struct {
	Header
	sched  Scheduler
	stage  stage
	err    *JoinError // if it has ended without an output
	joiner Waker
	pool   *cellPool
}

// A stage is the typed half of a cell: the cell itself. Go has no generic
// package variables; the itab of this interface is the table for T and F.
type stage interface {
	poll(Context) bool
	drop(part)
}

// A part is what a cell may have to destroy; both at once save a dynamic call.
type part uint8

const (
	theFuture part = 1 << iota
	theOutput
)

// joinCell is what a JoinHandle[T] knows: where the output is.
type joinCell[T any] struct {
	cell
	out T
}

type taskCell[T any, F Future[T]] struct {
	joinCell[T]
	fut F
}

// poll is small enough (79 of 80) to be inlined into its wrapper in the itab;
// that saves a call at each poll. TestInlining notices if it grows.
func (c *taskCell[T, F]) poll(cx Context) (ready bool) {
	v, ready := c.fut.Poll(cx)
	if ready {
		c.out = v
	}
	return
}

// drop zeroes what is destroyed, for the collector.
func (c *taskCell[T, F]) drop(p part) {
	if p&theFuture != 0 {
		var none F
		c.fut = none
	}
	if p&theOutput != 0 {
		var none T
		c.out = none
	}
}

// A destructCell is a taskCell whose future or output may have a destructor. It
// is a type of its own so that drop of the plain one is inlined.
type destructCell[T any, F Future[T]] struct{ taskCell[T, F] }

// drop runs the destructors where the values lie: a copy would escape to the
// heap.
func (c *destructCell[T, F]) drop(p part) {
	if p&theFuture != 0 {
		destroy(&c.fut)
	}
	if p&theOutput != 0 {
		destroy(&c.out)
	}
}

// A valueCell is the cell of a task that has a value of its own.
type valueCell[T any, F Future[T]] struct {
	destructCell[T, F]
	value any // set before the word is stored, and never changed
}

func (c *valueCell[T, F]) taskValue() any { return c.value }

// destroy zeroes *v even if its destructor panics: a pool may keep the cell.
func destroy[V any](v *V) {
	defer func() {
		var none V
		*v = none
	}()
	runDestructor(v)
}

func (c *cell) drop(p part) {
	touches(c.stage, p)
	c.stage.drop(p)
}

func (c *joinCell[T]) take() T {
	writes(&c.out, "output")
	var none T
	v := c.out
	c.out = none
	return v
}

func (c *cell) takeJoiner() Waker {
	writes(&c.joiner, "join waker")
	return c.joiner.Move()
}

// A cellKind is what the harness need not ask a cell twice.
type cellKind uint8

const (
	cellUncounted cellKind = 1 << iota
	cellHooked             // its scheduler has Hooks
	cellQueued             // its scheduler is a queue of this package
	cellDestructs          // its future or its output may have a destructor
	cellKinds     = iota
)

// The static tables of all cells, by kind. The harness goes straight to the
// stage and the scheduler.
var cellVtables = func() (all [1 << cellKinds]vtable) {
	for i := range all {
		k := cellKind(i)
		all[i] = vtable{isCell: true, kind: k &^ cellUncounted, uncounted: tagOf(k&cellUncounted != 0)}
		if k&cellUncounted == 0 {
			all[i].release = releaseCell
		}
	}
	return
}()

// cellOf returns the cell that h is the first field of.
//
// Safe: only Headers whose vtable isCell come here, and only Spawn makes those.
func cellOf(h *Header) *cell { return (*cell)(unsafe.Pointer(h)) }

// releaseCell recycles the cell, unless an AbortHandle may still point to it: that
// keeps the cell, and nothing else alive. The word stays as it is, dead, until the
// next tenant's is stored.
func releaseCell(h *Header) {
	c := cellOf(h)
	c.forgetScheduler()
	reads(&c.err, "error")
	if c.err != nil {
		writes(&c.err, "error")
		c.err = nil
	}
	reads(&c.pool, "pool")
	if c.pool != nil && !h.state.Load().Pinned() {
		c.pool.put(c)
	}
}

// itabOf returns the first word of an interface value, which tells its dynamic
// type, and is static. A recycled cell keeps it, so that its next tenant need not
// ask again what a scheduler of that type can do: two failing type assertions to
// interfaces, a tenth of a pooled spawn.
//
// Safe: in every Go compiler an interface with methods is two pointers, and the
// first one depends on the two types alone. TestItab proves what is used of it.
func itabOf(s *Scheduler) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(s))[0] }

// forgetScheduler keeps the type of the scheduler, and nothing alive.
//
// Safe: nobody calls the scheduler of a released cell.
func (c *cell) forgetScheduler() {
	writes(&c.sched, "scheduler")
	(*[2]unsafe.Pointer)(unsafe.Pointer(&c.sched))[1] = nil
}
