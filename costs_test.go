package rouse

import "context"

// What each operation may cost. alloc_test.go counts the allocations,
// budget_test.go the locked instructions.

// A cost is of op alone, between before and after, which may be nil; together
// they can be repeated, and only op may allocate.
type cost struct {
	name              string
	rmws, allocs      int
	before, op, after func()
}

func (c cost) run(measure func(op func())) {
	if c.before != nil {
		c.before()
	}
	measure(c.op)
	if c.after != nil {
		c.after()
	}
}

// A desk is a scheduler that holds one Notified.
type desk struct{ n Notified }

func (d *desk) Schedule(n Notified, _ Reason) { d.n = n }
func (d *desk) Yield(n Notified)              { d.n = n }

func (d *desk) take() (n Notified) {
	n, d.n = d.n, n
	return
}

func (d *desk) run() { d.take().Run() }

// A job is a task of level 1, and the future of one of level 2. Its poll is
// ready or keeps a waker, and wakes itself first if it should.
type job struct {
	Header
	due             desk
	ready, selfWake bool
	kept            Waker
}

func (j *job) poll(cx Context) bool {
	if j.selfWake {
		cx.Waker().WakeByRef()
	}
	if !j.ready {
		j.kept.CloneFrom(cx.Waker())
	}
	return j.ready
}

// A wait is a future of one word, with an output of one word.
type wait struct{ j *job }

func (f wait) Poll(cx Context) (int, bool) { return 7, f.j.poll(cx) }

// fragile is a wait that has a destructor.
type fragile struct{ wait }

func (fragile) Drop() {}

var jobOps = Ops[job]{
	Poll:     (*job).poll,
	Cancel:   func(*job, Cause) {},
	Schedule: func(j *job, n Notified, _ Reason) { j.due.n = n },
}

var (
	jobs          = NewVtable(jobOps)
	uncountedJobs = NewVtable(Ops[job]{Poll: jobOps.Poll, Cancel: jobOps.Cancel, Schedule: jobOps.Schedule, Uncounted: true})
)

func costs() (cs []cost) {
	for _, more := range []func() []cost{stateCosts, wakerCosts, runCosts, spawnCosts, joinCosts, endCosts, queueCosts} {
		cs = append(cs, more()...)
	}
	return cs
}

func stateCosts() []cost {
	var s State
	set := func(n Snapshot) func() { return func() { s.init(n) } }
	return []cost{
		{"Notify, idle", 1, 0, set(0), func() { s.Notify() }, nil},
		{"Notify, notified", 1, 0, set(flagNotified), func() { s.Notify() }, nil},
		{"Notify, running", 1, 0, set(flagRunning), func() { s.Notify() }, nil},
		{"Notify, running and notified", 1, 0, set(flagRunning | flagNotified), func() { s.Notify() }, nil},
		{"Notify, complete", 0, 0, set(flagComplete), func() { s.Notify() }, nil},
		{"Begin", 1, 0, set(flagNotified), func() { s.Begin() }, nil},
		{"End", 1, 0, set(flagRunning), func() { s.End() }, nil},
		{"Yield", 1, 0, set(flagRunning), func() { s.Yield() }, nil},
		{"Close, idle", 1, 0, set(0), func() { s.Close() }, nil},
		{"Close, running", 1, 0, set(flagRunning), func() { s.Close() }, nil},
		{"Close, closed", 0, 0, set(flagComplete), func() { s.Close() }, nil},
		{"Finish", 1, 0, set(flagRunning), func() { s.Finish() }, nil},
		{"Finish, notified meanwhile", 1, 0, set(flagRunning | flagNotified), func() { s.Finish() }, nil},
		{"Open", 1, 0, set(flagComplete), func() { s.Open() }, nil},
		{"Open, not finished", 0, 0, set(flagNotified), func() { s.Open() }, nil},
		{"TryNotify, idle", 1, 0, set(0), func() { s.TryNotify() }, nil},
		{"TryNotify, notified", 1, 0, set(flagNotified), func() { s.TryNotify() }, nil},
		{"TryNotify, running", 1, 0, set(flagRunning), func() { s.TryNotify() }, nil},
		{"TryNotify, suspended", 1, 0, set(flagSuspended), func() { s.TryNotify() }, nil},
		{"TryNotify, closed", 0, 0, set(flagRunning | flagCancelled), func() { s.TryNotify() }, nil},
		{"Notify, suspended", 1, 0, set(flagSuspended), func() { s.Notify() }, nil},
		{"Suspend, idle", 1, 0, set(0), func() { s.Suspend() }, nil},
		{"Suspend, running", 1, 0, set(flagRunning), func() { s.Suspend() }, nil},
		{"Suspend, suspended", 0, 0, set(flagSuspended), func() { s.Suspend() }, nil},
		{"Begin, suspended meanwhile", 2, 0, set(flagNotified | flagSuspending), func() { s.Begin() }, nil},
		{"End, suspended", 1, 0, set(flagRunning | flagSuspended), func() { s.End() }, nil},
		{"Resume", 1, 0, set(flagSuspended | flagNotified), func() { s.Resume() }, nil},
		{"Resume, not suspended", 0, 0, set(0), func() { s.Resume() }, nil},
		{"Close, suspended", 1, 0, set(flagSuspended | flagNotified), func() { s.Close() }, nil},
		{"level 0: notify, run, idle", 3, 0, set(0), func() { s.Notify(); s.Begin(); s.End() }, nil},
		{"level 0: self-notify cycle", 3, 0, set(flagRunning), func() { s.Notify(); s.End(); s.Begin() }, nil},
	}
}

func wakerCosts() []cost {
	j, u := new(job), new(job)
	jobs.Init(j)
	uncountedJobs.Init(u)
	var w, keep, uw Waker
	keep = j.WakerRef().Clone()
	other := NoopWaker()
	will := false
	set := func(n Snapshot) func() { return func() { j.state.init(n | refOne) } }
	clone := func() { w = j.WakerRef().Clone() }
	as := func(n Snapshot) func() { return func() { j.state.init(n | refOne); clone() } }
	wake := func() { w.Wake() }
	return []cost{
		{"borrow", 0, 0, nil, func() { _ = keep.Borrow() }, nil},
		{"WillWake", 0, 0, nil, func() { will = keep.WillWake(j.WakerRef()) }, nil},
		{"WillWake, another", 0, 0, nil, func() { will = will || keep.Borrow().WillWake(other.Borrow()) }, nil},
		{"Clone", 1, 0, set(0), clone, func() { w.Drop() }},
		{"Drop", 1, 0, as(0), func() { w.Drop() }, nil},
		{"Move", 0, 0, clone, func() { m := w.Move(); w = m.Move() }, func() { w.Drop() }},
		{"IntoRaw, WakerFromRaw", 0, 0, clone, func() { w = WakerFromRaw(w.IntoRaw()) }, func() { w.Drop() }},
		{"CloneFrom, same", 0, 0, clone, func() { w.CloneFrom(keep.Borrow()) }, func() { w.Drop() }},
		{"CloneFrom, zero", 1, 0, nil, func() { w.CloneFrom(keep.Borrow()) }, func() { w.Drop() }},
		{"Clone, uncounted", 0, 0, nil, func() { uw = u.WakerRef().Clone() }, nil},
		{"Drop, uncounted", 0, 0, func() { uw = u.WakerRef().Clone() }, func() { uw.Drop() }, nil},
		{"Wake, uncounted", 1, 0, func() { u.state.init(refOne); uw = u.WakerRef().Clone() }, func() { uw.Wake() }, nil},
		{"Clone and Drop, noop", 0, 0, nil, func() { c := other.Clone(); c.Drop() }, nil},

		{"wake by ref, idle", 1, 0, set(0), func() { keep.WakeByRef() }, nil},
		{"wake by ref, notified", 1, 0, set(flagNotified), func() { keep.WakeByRef() }, nil},
		{"wake by ref, running", 1, 0, set(flagRunning), func() { keep.WakeByRef() }, nil},
		{"wake by ref, complete", 0, 0, set(flagComplete), func() { keep.WakeByRef() }, nil},
		{"WakerRef.WakeByRef", 1, 0, set(0), func() { j.WakerRef().WakeByRef() }, nil},
		{"Header.Wake", 1, 0, set(0), j.Wake, nil},
		{"wake by value, idle", 1, 0, as(0), wake, nil},
		{"wake by value, notified", 1, 0, as(flagNotified), wake, nil},
		{"wake by value, running", 1, 0, as(flagRunning), wake, nil},
		{"wake by value, complete", 1, 0, as(flagComplete), wake, nil},
	}
}

// reset forgets what j was, so that it can be initialised as often as it takes.
func reset(j *job) *job {
	j.state.init(0)
	return j
}

func runCosts() []cost {
	j, self, uncounted := new(job), new(job), new(job)
	self.selfWake = true
	jobs.Init(j)
	jobs.Init(self)
	uncountedJobs.Init(uncounted)
	for _, t := range []*job{j, self, uncounted} { // the first poll keeps a waker
		t.Wake()
		t.due.run()
	}
	fresh := new(job)
	var n Notified
	return []cost{
		{"a task of level 1", 0, 1, nil, func() { n = jobs.InitNotified(new(job)) }, func() { n.Task() }},
		{"Init", 0, 0, nil, func() { jobs.Init(reset(fresh)) }, nil},
		{"InitNotified", 0, 0, nil, func() { jobs.InitNotified(reset(fresh)) }, nil},
		{"wake, run, idle", 3, 0, nil, func() { j.Wake(); j.due.run() }, nil},
		{"wake, run, idle, uncounted", 3, 0, nil, func() { uncounted.Wake(); uncounted.due.run() }, nil},
		{"self-wake cycle", 3, 0, nil, self.due.run, nil},
	}
}

// What a Pool adds: a cell is taken, and given back, by one each.
const taken, freed = 1, 1

func spawnCosts() []cost {
	d := new(desk)
	w := wait{&job{ready: true}}
	var j JoinHandle[int]
	var p Pool[int, wait]
	var raw RawTask
	end := func() { d.run(); j.TryJoin() }
	return []cost{
		{"Spawn", 0, 1, nil, func() { j = Spawn[int](d, w) }, end},
		{"Spawn, uncounted", 0, 1, nil, func() { j = SpawnWith[int](d, w, Options{Uncounted: true}) }, end},
		{"SpawnWith a value", 0, 1, nil, func() { j = SpawnWith[int](d, w, Options{Value: d}) }, end},
		{"Value", 0, 1, func() { j = SpawnWith[int](d, w, Options{Value: d}); raw = d.n.Task() }, func() { raw.Value() }, end},
		{"SpawnDetached", 0, 1, nil, func() { SpawnDetached[int](d, w) }, d.run},
		{"SpawnDetached, run, complete, release", 2, 1, nil, func() { SpawnDetached[int](d, w); d.run() }, nil},
		{"SpawnDetached, run, complete, destroy, release", 2, 1, nil, func() { SpawnDetached[int](d, fragile{w}); d.run() }, nil},
		{"SpawnDetached, refuse, release", 3, 1, nil, func() { SpawnDetached[int](d, w); d.take().Drop() }, nil},
		{"pooled SpawnDetached, run, complete, release", taken + 2 + freed, 0, nil, func() { p.SpawnDetached(d, w); d.run() }, nil},
		{"pooled Spawn", taken, 0, nil, func() { j = p.Spawn(d, w) }, end},
		{"pooled Spawn, run, complete, join, release", taken + 4 + freed, 0, nil, func() { j = p.Spawn(d, w); d.run(); j.TryJoin() }, nil},
	}
}

func joinCosts() []cost {
	d := new(desk)
	w := wait{&job{ready: true}}
	var j JoinHandle[int]
	var p Pool[int, wait]
	none, channel := NoopWaker(), ChanWaker(make(chan struct{}, 1))
	cx, another := NewContext(none.Borrow()), NewContext(channel.Borrow())
	spawn := func() { j = p.Spawn(d, w) }
	register := func() { j.Poll(cx) }
	registered := func() { spawn(); register() }
	finished := func() { spawn(); d.run() }
	take := func() { j.TryJoin() }
	detach := func() { j.Detach() }
	end := func() { d.run(); take() }
	var a AbortHandle
	unpinned := func() {
		if j.IsZero() {
			spawn()
		}
		j.c.state.init(initJoined)
	}
	return []cost{
		{"join: register", 1, 0, spawn, register, end},
		{"join: register the same waker", 0, 0, registered, register, end},
		{"join: register another", 2, 0, registered, func() { j.Poll(another) }, end},
		{"join: look", 0, 0, spawn, take, end},
		{"join: IsFinished", 0, 0, spawn, func() { j.IsFinished() }, end},
		{"join: take the output, drop the handle", 1 + freed, 0, finished, take, nil},
		{"join: drop the handle, complete", 1 + freed, 0, finished, detach, nil},
		{"join: drop the handle", 1, 0, spawn, detach, d.run},
		{"join: drop the handle, registered", 2, 0, registered, detach, d.run},
		{"last run, detached", 2 + freed, 0, func() { p.SpawnDetached(d, w) }, d.run, nil},
		{"last run, joined", 3, 0, spawn, d.run, take},
		{"last run, with a joiner", 3, 0, registered, d.run, take},
		{"AbortHandle", 1, 0, unpinned, func() { a = j.AbortHandle() }, nil},
		{"AbortHandle, another", 0, 0, nil, func() { a = j.AbortHandle() }, nil},
		{"AbortHandle.Abort", 1, 0, unpinned, func() { a.Abort() }, nil},
		{"AbortHandle.Abort, another", 0, 0, nil, func() { a.Abort() }, nil},
	}
}

func endCosts() []cost {
	j, o := new(job), new(job)
	var w Waker
	set := func(n Snapshot) func() { return func() { jobs.Init(reset(j)); j.state.init(n) } }
	last := func() { jobs.Init(reset(o)); o.state.init(flagOrphanable); w = o.WakerRef().Clone() }
	abort := func() { j.Abort() }
	return []cost{
		{"Abort, idle", 1, 0, set(0), abort, nil},
		{"Abort, notified", 1, 0, set(flagNotified), abort, nil},
		{"Abort, running", 1, 0, set(flagRunning), abort, nil},
		{"Abort, aborted", 0, 0, set((flagNotified).cancelled(CauseAborted)), abort, nil},
		{"Abort, complete", 0, 0, set(flagComplete), abort, nil},
		{"Header.AbortHandle", 1, 0, set(0), func() { j.AbortHandle() }, nil},
		{"Header.AbortHandle, another", 0, 0, set(flagPinned), func() { j.AbortHandle() }, nil},
		{"Notified.Drop", 3, 0, set(flagNotified), func() { j.Header.grant().Drop() }, nil},
		{"Close, idle", 2, 0, set(0), func() { j.Header.Close() }, nil},
		{"Close, notified", 1, 0, set(flagNotified), func() { j.Header.Close() }, nil},
		{"Disown, with a waker", 1, 0, set(refOne), j.Disown, nil},
		{"Disown, complete", 1, 0, set(flagComplete), j.Disown, nil},
		{"Disown, unfinished", 2, 0, set(0), j.Disown, nil},
		{"Drop of the last waker: orphaned", 2, 0, last, func() { w.Drop() }, nil},
		{"ID, again", 0, 0, func() { j.ID() }, func() { j.ID() }, nil},
		{"Shutdown, idle", 2, 0, set(0), func() { RawTask{&j.Header}.Shutdown() }, nil},
		{"Shutdown, notified", 1, 0, set(flagNotified), func() { RawTask{&j.Header}.Shutdown() }, nil},
	}
}

func queueCosts() []cost {
	j := new(job)
	n := jobs.InitNotified(reset(j))
	j.state.init(refOne)
	var q RunQueue
	var l LocalQueue
	var c, shut WakerCell
	var o OwnedTasks
	var w Waker
	shut.Close()
	foreign := NoopWaker()
	s := newSitters(1)[0]
	bind := func() { o.Bind(&j.Header) }
	push := func() { q.Push(n) }
	pop := func() { q.Pop() }
	empty := func() { q.Pop(); q.Pop() }
	register := func() { c.Register(j.WakerRef()) }
	holds, fails := func() bool { return true }, func() bool { return false }
	cx := NewContext(j.WakerRef())
	take := func() {
		if w, ok := c.Take(); ok {
			w.Drop()
		}
	}
	return []cost{
		{"RunQueue.Push", 1, 0, nil, push, empty},
		{"RunQueue.Pop of a batch", 1, 0, push, pop, pop},
		{"RunQueue.Pop finds it empty", 1, 0, func() { push(); pop() }, pop, nil},
		{"RunQueue.Pop found it empty", 0, 0, nil, pop, nil},
		{"LocalQueue", 0, 0, nil, func() { l.Push(n); l.Pop() }, nil},
		{"WakerCell.Register", 2, 0, nil, register, take},
		{"WakerCell.Register again", 0, 0, register, register, take},
		{"WakerCell.Register, closed", 0, 0, nil, func() { shut.Register(j.WakerRef()) }, nil},
		{"WakerCell.Register of a foreign waker", 1, 0, nil, func() { c.Register(foreign.Borrow()) }, take},
		{"WakerCell.WaitUntil, it holds", 0, 0, nil, func() { c.WaitUntil(cx, holds) }, nil},
		{"WakerCell.WaitUntil, to wait", 2, 0, nil, func() { c.WaitUntil(cx, fails) }, take},
		{"WakerCell.WaitUntil, to wait on", 0, 0, register, func() { c.WaitUntil(cx, fails) }, take},
		{"WakerCell.WaitUntil, it holds now", 2, 0, register, func() { c.WaitUntil(cx, holds) }, nil},
		{"WakerCell.Wake", 2, 0, register, c.Wake, nil},
		{"WakerCell.Wake, nobody waits", 1, 0, nil, c.Wake, nil},
		{"WakerCell.Wake, closed", 0, 0, nil, shut.Wake, nil},
		{"WakerCell.Take", 1, 0, register, func() { w, _ = c.Take() }, func() { w.Drop() }},
		{"OwnedTasks", 0, 0, nil, func() { o.Bind(&j.Header); o.Remove(&j.Header) }, nil},
		{"OwnedTasks.PollEmpty, empty", 0, 0, nil, func() { o.PollEmpty(s.cx(), &s.Waiter) }, nil},
		{"OwnedTasks.PollEmpty, to wait", 2, 0, bind, func() { o.PollEmpty(s.cx(), &s.Waiter) }, func() { o.Remove(&j.Header); s.due.take().Run(); s.Waiter.Drop(); s.kept.Drop() }},
		{"OwnedTasks, the last leaves while one waits", 1, 0, func() { bind(); o.PollEmpty(s.cx(), &s.Waiter) },
			func() { o.Remove(&j.Header) }, func() { s.due.take().Run(); s.Waiter.Drop(); s.kept.Drop() }},
	}
}

// The costs of what a runtime needs besides its tasks.
func pieceCosts() (cs []cost) {
	for _, more := range []func() []cost{parkerCosts, waitQueueCosts, semaphoreCosts, stealQueueCosts} {
		cs = append(cs, more()...)
	}
	return cs
}

func parkerCosts() []cost {
	p := new(Parker)
	ctx := context.Background()
	ended, end := context.WithCancel(context.Background())
	end()
	ready := wait{&job{ready: true}}
	p.WakerRef()
	p.ParkTimeout(0)
	permit := p.Unpark
	return []cost{
		{"Parker.Unpark, awake", 1, 0, nil, p.Unpark, p.Park},
		{"Parker.Unpark, a permit", 1, 0, permit, p.Unpark, p.Park},
		{"Parker.Park, a permit", 1, 0, permit, p.Park, nil},
		{"Parker.ParkTimeout, a permit", 1, 0, permit, func() { p.ParkTimeout(late) }, nil},
		{"Parker.ParkTimeout, no permit, no time", 2, 0, nil, func() { p.ParkTimeout(0) }, nil},
		{"Parker.ParkContext, a permit", 1, 0, permit, func() { p.ParkContext(ctx) }, nil},
		{"Parker.ParkContext, ended", 0, 0, nil, func() { p.ParkContext(ended) }, nil},
		{"Parker.WakerRef", 0, 0, nil, func() { p.WakerRef() }, nil},
		{"BlockOn, ready at once", 0, 2, nil, func() { BlockOn[int](ctx, ready) }, nil},
	}
}

func waitQueueCosts() []cost {
	q, shut := new(WaitQueue), new(WaitQueue)
	shut.Close()
	s := newSitters(2)
	other := NoopWaker()
	wait := func() { q.Wait(s[0].cx(), &s[0].Waiter) }
	take := func() { wait(); s[0].Waiter.Drop() }
	woken := func() { wait(); s[0].due.take().Run(); s[0].kept.Drop() }
	leave := func() { s[0].Waiter.Drop() }
	waits := func() { q.WaitUntil(s[0].cx(), &s[0].Waiter, func() bool { return false }) }
	return []cost{
		{"WaitQueue.NotifyOne, nobody waits", 1, 0, nil, q.NotifyOne, wait},
		{"WaitQueue.NotifyOne, one is kept", 1, 0, q.NotifyOne, q.NotifyOne, wait},
		{"WaitQueue.NotifyOne, closed", 0, 0, nil, shut.NotifyOne, nil},
		{"WaitQueue.NotifyOne, one waits", 1, 0, wait, q.NotifyOne, woken}, // the wake
		{"WaitQueue.NotifyAll, nobody waits", 0, 0, nil, q.NotifyAll, nil},
		{"WaitQueue.NotifyAll, one waits", 1, 0, wait, q.NotifyAll, woken},
		{"WaitQueue.Wait, one is kept", 1, 0, q.NotifyOne, wait, nil},
		{"WaitQueue.Wait, closed", 0, 0, nil, func() { shut.Wait(s[0].cx(), &s[0].Waiter) }, nil},
		{"WaitQueue.Wait, to wait", 2, 0, nil, wait, take}, // a clone, and the state
		{"WaitQueue.Wait, to wait on", 0, 0, wait, wait, take},
		{"WaitQueue.Wait, with another waker", 1, 0, wait, func() { q.Wait(NewContext(other.Borrow()), &s[0].Waiter) }, take},
		{"WaitQueue.WaitUntil, it holds", 0, 0, nil, func() { q.WaitUntil(s[0].cx(), &s[0].Waiter, func() bool { return true }) }, nil},
		{"WaitQueue.WaitUntil, to wait", 2, 0, nil, waits, take},
		{"Waiter.Drop, idle", 0, 0, nil, leave, nil},
		{"Waiter.Drop, waits", 1, 0, wait, leave, nil}, // the waker
	}
}

func semaphoreCosts() []cost {
	q, shut := new(Semaphore), new(Semaphore)
	shut.Close()
	q.Release(1)
	s := newSitters(1)
	try := func() { q.TryAcquire(1) }
	one := func() { q.Release(1) }
	wait := func() { q.Acquire(s[0].cx(), &s[0].Waiter, 2) }
	leave := func() { s[0].Waiter.Drop() }
	woken := func() { wait(); s[0].due.take().Run(); s[0].kept.Drop(); one() }
	return []cost{
		{"Semaphore.TryAcquire", 1, 0, nil, try, one},
		{"Semaphore.TryAcquire, too few", 0, 0, nil, func() { q.TryAcquire(2) }, nil},
		{"Semaphore.Release, nobody waits", 1, 0, try, one, nil},
		{"Semaphore.Release, one waits", 1, 0, wait, one, woken}, // the wake
		{"Semaphore.Acquire, at once", 1, 0, nil, func() { q.Acquire(s[0].cx(), &s[0].Waiter, 1) }, one},
		{"Semaphore.Acquire, closed", 0, 0, nil, func() { shut.Acquire(s[0].cx(), &s[0].Waiter, 1) }, nil},
		{"Semaphore.Acquire, to wait", 2, 0, nil, wait, leave}, // a clone, and the state
		{"Semaphore.Acquire, to wait on", 0, 0, wait, wait, leave},
		{"Waiter.Drop, of a Semaphore", 1, 0, wait, leave, nil}, // the waker
	}
}

func stealQueueCosts() []cost {
	q, other, shared := new(StealQueue), new(StealQueue), new(SharedQueue)
	notes := make([]Notified, 2*stealRing)
	for i := range notes {
		notes[i] = jobs.InitNotified(new(job))
	}
	next := 0
	push := func() { q.Push(notes[next%len(notes)], shared); next++ }
	pop := func() { q.Pop() }
	three := func() { push(); push(); push() }
	clear := func() {
		for _, q := range []interface{ Pop() (Notified, bool) }{q, other, shared} {
			for _, ok := q.Pop(); ok; _, ok = q.Pop() {
			}
		}
	}
	fill := func() {
		for range stealRing {
			push()
		}
	}
	share := func() { shared.Push(notes[0]); shared.Push(notes[1]); shared.Push(notes[2]) }
	return []cost{
		{"StealQueue.Push", 0, 0, nil, push, pop},
		{"StealQueue.Push, full", 1, 0, fill, push, clear},
		{"StealQueue.Pop", 1, 0, push, pop, nil},
		{"StealQueue.Pop, empty", 0, 0, nil, pop, nil},
		{"StealQueue.Steal", 2, 0, three, func() { other.Steal(q) }, clear},
		{"StealQueue.Steal, nothing", 0, 0, nil, func() { other.Steal(q) }, nil},
		{"StealQueue.Take", 0, 0, share, func() { q.Take(shared) }, clear},
		{"StealQueue.Take, nothing", 0, 0, nil, func() { q.Take(shared) }, nil},
		{"SharedQueue.Push", 0, 0, nil, func() { shared.Push(notes[0]) }, clear},
		{"SharedQueue.Pop", 0, 0, share, func() { shared.Pop() }, clear},
	}
}
