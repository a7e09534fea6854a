package rouse

// What each operation may cost. alloc_test.go counts the allocations,
// budget_test.go the locked instructions.

// A cost is of op alone, between before and after, which may be nil; together
// they can be repeated, and only op may allocate.
type cost struct {
	name              string
	rmws, allocs      int // a pool's own RMWs not counted
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
		{"Yield", 1, 0, set(flagRunning), s.Yield, nil},
		{"Close, idle", 1, 0, set(0), func() { s.Close() }, nil},
		{"Close, running", 1, 0, set(flagRunning), func() { s.Close() }, nil},
		{"Close, closed", 0, 0, set(flagComplete), func() { s.Close() }, nil},
		{"Finish", 1, 0, set(flagRunning), s.Finish, nil},
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
