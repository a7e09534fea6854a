package rouse

import "unsafe"

// A cell is a task of level 2: what the harness knows of it. The joiner's slot
// and the stage are plain memory; the word says whose they are.
type cell struct {
	Header
	sched  Scheduler
	stage  stage
	joiner Waker
	pool   *pool
}

// A stage is the typed half of a cell: the cell itself while it has a future
// or an output, failed once it has ended without. Go has no generic package
// variables: the itab of this interface is the table for T and F.
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

type failed struct{ err *JoinError }

func (failed) poll(Context) bool { panic("rouse: a task that has failed was polled") }
func (failed) drop(part)         {}

// joinCell is what a JoinHandle[T] knows: where the output is.
type joinCell[T any] struct {
	cell
	out T
}

type taskCell[T any, F Future[T]] struct {
	joinCell[T]
	fut F
}

func (c *taskCell[T, F]) poll(cx Context) bool {
	writes(&c.fut, "future")
	v, ready := c.fut.Poll(cx)
	if ready {
		writes(&c.out, "output")
		c.out = v
	}
	return ready
}

// drop runs the destructors where the values lie: a copy would escape to the
// heap. What is destroyed is zeroed, for the collector.
func (c *taskCell[T, F]) drop(p part) {
	destructs := c.vtable.kind&cellDestructs != 0
	if p&theFuture != 0 {
		writes(&c.fut, "future")
		if destructs {
			destroy(&c.fut)
		} else {
			var none F
			c.fut = none
		}
	}
	if p&theOutput != 0 {
		writes(&c.out, "output")
		if destructs {
			destroy(&c.out)
		} else {
			var none T
			c.out = none
		}
	}
}

// destroy zeroes *v even if its destructor panics: a pool may keep the cell.
func destroy[V any](v *V) {
	defer func() {
		var none V
		*v = none
	}()
	drop(v)
}

func (c *joinCell[T]) take() T {
	writes(&c.out, "output")
	var none T
	v := c.out
	c.out = none
	return v
}

func (c *cell) setStage(s stage) {
	writes(&c.stage, "stage")
	c.stage = s
}

func (c *cell) takeJoiner() Waker {
	writes(&c.joiner, "join waker")
	return c.joiner.Move()
}

// A cellKind is what the harness need not ask a cell twice. That it is uncounted
// is said by its Vtable.
type cellKind uint8

const (
	cellUncounted cellKind = 1 << iota
	cellHooked             // its scheduler has Hooks
	cellDestructs          // its future or its output may have a destructor
)

// The static Vtables of all cells, by kind. The harness goes straight to the
// stage and the scheduler.
var cellVtables = [...]Vtable{
	0:                             {joined: true, Release: releaseCell},
	cellHooked:                    {joined: true, kind: cellHooked, Release: releaseCell},
	cellDestructs:                 {joined: true, kind: cellDestructs, Release: releaseCell},
	cellDestructs | cellHooked:    {joined: true, kind: cellDestructs | cellHooked, Release: releaseCell},
	cellUncounted:                 {joined: true, Uncounted: true},
	cellUncounted | cellHooked:    {joined: true, kind: cellHooked, Uncounted: true},
	cellUncounted | cellDestructs: {joined: true, kind: cellDestructs, Uncounted: true},
	cellUncounted | cellHooked | cellDestructs: {joined: true, kind: cellHooked | cellDestructs, Uncounted: true},
}

func cellOf(h *Header) *cell { return (*cell)(unsafe.Pointer(h)) }

// releaseCell recycles the cell, unless an AbortHandle may still point to it.
// The word stays as it is, dead, until the next tenant's is stored.
func releaseCell(h *Header) {
	c := cellOf(h)
	if c.pool != nil && !h.state.Load().Pinned() {
		c.sched, c.stage = nil, nil
		c.pool.Put(c)
	}
}
