package rouse

import "unsafe"

// Options change how a task is spawned. The zero value is what Spawn uses.
type Options struct {
	// Owned binds the task to a list, which can shut it down. A task spawned
	// after the list was closed resolves at once, with CauseShutdown.
	Owned *OwnedTasks

	// Listed says that the scheduler has a list of its own, which owns the task
	// until Hooks.Unlist reports true or RawTask.Shutdown is called.
	Listed bool

	// NoOrphanCheck lets the task stay pending though no waker is left, as long
	// as a list or a JoinHandle refers to it: for wake sources that keep a
	// RawTask instead of a Clone. A pending task to which neither a waker, nor a
	// JoinHandle, nor a list refers is ended all the same, with CauseOrphaned;
	// only Uncounted keeps it. To keep the orphans of all its tasks, a scheduler
	// implements OrphanHooks: it is told of each, and may do nothing about it.
	NoOrphanCheck bool

	// Uncounted lets the garbage collector own the task: Clone and Drop of its
	// wakers cost nothing, forgetting them does no harm, and it is neither
	// recycled nor checked for orphans.
	Uncounted bool

	// Name is the task's name in OwnedTasks.Dump and in its JoinError, which
	// then also know where it was spawned; that costs a map entry and a look at
	// the stack. Without Owned it is for Tracers only.
	Name string

	// Value is the task's own, for what its runtime keeps for each task: its
	// locals, or a trace. RawTask.Value returns it. A task that has one takes two
	// words more, and a Pool does not recycle it; one that has none pays nothing.
	Value any

	// Skip moves the place where the task was spawned up the stack, for runtimes
	// that wrap SpawnWith: 0 is the caller of SpawnWith, 1 is the caller of that
	// function, and so on, as for runtime.Caller. OwnedTasks.Dump, the JoinError,
	// Tracers and the debug build all tell that place. Cost: nothing.
	Skip int
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
// outcome. Polling starts when s runs it. The output type is inferred from f.
// Cost: one atomic store, and one allocation.
func Spawn[T any, F Future[T]](s Scheduler, f F) (j JoinHandle[T]) {
	c := newCell[T](f)
	c.startPlain(s, true)
	j.hold(&c.joinCell)
	return
}

// SpawnWith is Spawn with options. Options.Owned takes a lock.
func SpawnWith[T any, F Future[T]](s Scheduler, f F, o Options) (j JoinHandle[T]) {
	c := newCellWith[T](f, &o)
	c.start(s, &o, true)
	j.hold(&c.joinCell)
	return
}

// SpawnDetached is Spawn for a task whose outcome nobody awaits.
func SpawnDetached[T any, F Future[T]](s Scheduler, f F) {
	newCell[T](f).startPlain(s, false)
}

func newCell[T any, F Future[T]](f F) *taskCell[T, F] {
	c := new(taskCell[T, F])
	c.vtable = &cellVtables[0]
	c.stage = c
	if destructs[F]() || destructs[T]() {
		c.vtable = &cellVtables[cellDestructs]
		// Safe: a destructCell is a taskCell and nothing else.
		c.stage = (*destructCell[T, F])(unsafe.Pointer(c))
	}
	c.fut = f
	return c
}

func newCellWith[T any, F Future[T]](f F, o *Options) *taskCell[T, F] {
	if o.Value == nil {
		return newCell[T](f)
	}
	c := &valueCell[T, F]{value: o.Value}
	c.vtable = &cellVtables[cellDestructs] // if there are none, that does no harm
	c.stage = c
	c.fut = f
	return &c.taskCell
}

// launch is start without options for a cell of a Pool, in short if it is
// recycled, and its former tenant found that schedulers of this type have no
// hooks. No recycled cell is uncounted. TestShortWays compares the two.
func (c *cell) launch(s Scheduler, word Snapshot) {
	if watched || s == nil || itabOf(&s) != itabOf(&c.sched) || c.vtable.kind&cellHooked != 0 {
		c.startPlain(s, word.JoinInterest())
		return
	}
	writes(&c.vtable, "header")
	writes(&c.sched, "scheduler")
	c.sched = s
	if c.id.Load() != 0 {
		c.id.Store(0)
	}
	reads(&c.shard, "shard")
	if c.shard != nil {
		writes(&c.shard, "shard")
		c.shard = nil
	}
	c.state.init(word)
	c.submit(Spawned)
}

//go:noinline
func (c *cell) startPlain(s Scheduler, joined bool) { c.start(s, &Options{}, joined) }

// start makes c a task and submits it. From then on only a claim lets the
// caller touch it.
func (c *cell) start(s Scheduler, o *Options, joined bool) {
	if s == nil {
		panic("rouse: Spawn: the Scheduler is nil")
	}
	writes(&c.sched, "scheduler")
	c.sched = s
	kind := c.vtable.kind & cellDestructs
	word := o.word(joined)
	if _, hooked := s.(Hooks); hooked {
		kind |= cellHooked
		if _, keeps := s.(OrphanHooks); keeps && word.has(flagOrphanable) {
			word |= flagKeep
		}
	}
	switch s.(type) {
	case *LocalQueue, *RunQueue:
		kind |= cellQueued
	}
	if o.Uncounted {
		kind |= cellUncounted
	}
	c.Header.init(&cellVtables[kind], word)
	if debugging {
		c.skip(o.Skip)
	}
	if o.Owned != nil {
		open := o.Owned.Bind(&c.Header)
		if o.Name != "" {
			o.Owned.name(&c.Header, o.Name, spawnFrames+o.Skip)
		}
		if !open {
			c.tooLate()
			return
		}
	}
	if tracing && o.Owned == nil && o.Name != "" {
		c.traceName(newNote(o.Name, spawnFrames+o.Skip))
	}
	c.submit(Spawned)
}
