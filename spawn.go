package rouse

import "unsafe"

// Options change how a task is spawned. The zero value is Spawn's.
type Options struct {
	// Owned binds the task to a list, which can shut it down. A task spawned
	// after the list was closed resolves at once, with CauseShutdown.
	Owned *OwnedTasks

	// Listed says that the scheduler has a list of its own, which owns the
	// task until Hooks.Release reports true or RawTask.Shutdown is called.
	Listed bool

	// NoOrphanCheck lets the task stay pending though no waker is left: for
	// wake sources that keep a RawTask instead of a Clone. It is said for each
	// spawn. A scheduler that is to keep the orphans of all its tasks has
	// OrphanHooks: it is told of each, and ignores them by doing nothing.
	NoOrphanCheck bool

	// Uncounted lets the collector own the task: Clone and Drop of its wakers
	// cost nothing, forgetting them does no harm, and it is neither recycled
	// nor checked for orphans.
	Uncounted bool

	// Name is the task's name in OwnedTasks.Dump and in its JoinError, which
	// then also know where it was spawned; that costs a map entry and a look
	// at the stack. Without Owned it is for Tracers only.
	Name string
}

// spawnFrames are on the stack between who spawns and start.
const spawnFrames = 2

// word returns the word that the task is born with.
func (o *Options) word(joined bool) Snapshot {
	n := flagNotified
	if joined {
		n |= flagJoinInterest
	}
	if o.Owned == nil && !o.Listed {
		n |= flagUnowned
	}
	if !o.NoOrphanCheck && !o.Uncounted {
		n |= flagOrphanable
	}
	return n
}

// Spawn makes a task of f, submits it to s, and returns the handle to its
// outcome. Polling starts when s runs it. RMWs: 0. Allocations: 1.
func Spawn[T any, F Future[T]](s Scheduler, f F) JoinHandle[T] {
	return SpawnWith[T](s, f, Options{})
}

// SpawnWith is Spawn with options. RMWs: 0; Owned takes a lock.
func SpawnWith[T any, F Future[T]](s Scheduler, f F, o Options) (j JoinHandle[T]) {
	c := newCell[T](f)
	c.start(c, s, &o, true)
	j.hold(&c.joinCell)
	return
}

// SpawnDetached is Spawn for a task whose outcome nobody awaits. RMWs: 0.
// Allocations: 1.
func SpawnDetached[T any, F Future[T]](s Scheduler, f F) {
	c := newCell[T](f)
	c.start(c, s, &Options{}, false)
}

func newCell[T any, F Future[T]](f F) *taskCell[T, F] {
	c := new(taskCell[T, F])
	c.vtable = &cellVtables[0]
	if destructs[F]() || destructs[T]() {
		c.vtable = &cellVtables[cellDestructs]
	}
	c.fut = f
	return c
}

// start makes c a task and submits it. From then on only a claim lets the
// caller touch it.
func (c *cell) start(st stage, s Scheduler, o *Options, joined bool) {
	c.sched = s
	c.setStage(st)
	kind := c.vtable.kind & cellDestructs
	word := o.word(joined)
	if _, hooked := s.(Hooks); hooked {
		kind |= cellHooked
		if _, keeps := s.(OrphanHooks); keeps && word.has(flagOrphanable) {
			word |= flagKeep
		}
	}
	if o.Uncounted {
		kind |= cellUncounted
	}
	c.Header.init(&cellVtables[kind], word)
	if o.Owned != nil {
		open := o.Owned.Bind(&c.Header)
		if o.Name != "" {
			o.Owned.name(&c.Header, o.Name, spawnFrames)
		}
		if !open {
			c.tooLate()
			return
		}
	}
	if tracing && o.Owned == nil && o.Name != "" {
		c.traceName(note{name: o.Name})
	}
	c.submit(Spawned)
}

// A Pool spawns tasks in released cells, for no allocation. The zero value is
// ready. A Pool must not be copied; all methods may race. A task whose
// AbortHandle was asked for is not recycled. F must be named, and of one type.
// The idea is embassy's TaskPool.
type Pool[T any, F Future[T]] struct{ cells pool }

// Spawn is the function Spawn. RMWs: 0. Allocations: 0 from a released cell.
func (p *Pool[T, F]) Spawn(s Scheduler, f F) JoinHandle[T] {
	return p.SpawnWith(s, f, Options{})
}

// SpawnWith is the function SpawnWith.
func (p *Pool[T, F]) SpawnWith(s Scheduler, f F, o Options) (j JoinHandle[T]) {
	c := p.get(f)
	c.start(c, s, &o, true)
	j.hold(&c.joinCell)
	return
}

// SpawnDetached is the function SpawnDetached.
func (p *Pool[T, F]) SpawnDetached(s Scheduler, f F) {
	c := p.get(f)
	c.start(c, s, &Options{}, false)
}

func (p *Pool[T, F]) get(f F) *taskCell[T, F] {
	old, ok := p.cells.Get().(*cell)
	if !ok {
		c := newCell[T](f)
		c.pool = &p.cells
		return c
	}
	c := (*taskCell[T, F])(unsafe.Pointer(old))
	writes(&c.fut, "future")
	c.fut = f
	return c
}
