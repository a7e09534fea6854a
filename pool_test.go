package rouse

import (
	"runtime"
	"slices"
	"sync"
	"testing"
	"unsafe"
)

// crowd spawns n tasks from p at once, runs them, and returns their cells.
func crowd(t *testing.T, p *Pool[output, probe], n int) (cells []*Header) {
	t.Helper()
	var l loop
	joins := make([]JoinHandle[output], n)
	for i := range joins {
		joins[i] = p.Spawn(&l, l.ready(i))
		cells = append(cells, l.last.Header())
	}
	l.run()
	for i := range joins {
		if v, err := join(t, &joins[i]); err != nil || v.v != i {
			t.Fatalf("tenant %d ended with %v, %v", i, v, err)
		}
	}
	return cells
}

// tenants spawns and runs n tasks from p, one after the other, and returns
// their cells.
func tenants(t *testing.T, p *Pool[output, probe], l *loop, n int) (cells []*Header) {
	t.Helper()
	for i := range n {
		j := p.Spawn(l, l.ready(i))
		cells = append(cells, l.last.Header())
		l.run()
		if v, err := join(t, &j); err != nil || v.v != i {
			t.Fatalf("tenant %d ended with %v, %v", i, v, err)
		}
	}
	if l.released != n || l.futures != n || l.polls != n || l.outputs != 0 {
		t.Fatalf("%d tenants: %+v", n, l.counts)
	}
	return cells
}

// recycles reports whether a cell was used twice.
func recycles(cells []*Header) bool {
	for i, c := range cells {
		if slices.Contains(cells[:i], c) {
			return true
		}
	}
	return false
}

func TestPoolRecycles(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	if !recycles(tenants(t, &p, &l, 100)) {
		t.Error("100 tenants in 100 cells")
	}
}

// A new tenant has a new identity, and an empty slot.
func TestPoolTenantsDiffer(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	var w spy
	seen := map[ID]bool{}
	for i := range 100 {
		j := p.Spawn(&l, l.ready(i))
		if id := j.ID(); seen[id] || id != l.last.ID() {
			t.Fatalf("tenant %d has ID %d", i, id)
		} else {
			seen[id] = true
		}
		if n := l.last.Snapshot(); n != initJoined|flagOrphanable {
			t.Fatalf("tenant %d is born as %v", i, n)
		}
		j.Poll(w.cx())
		l.run()
		join(t, &j)
		if w.live() != 0 || w.byRefs != i+1 {
			t.Fatalf("tenant %d: woken %d times, %d left", i, w.byRefs, w.live())
		}
	}
}

// The cell goes back when the last of its handle and its wakers does.
func TestPoolKeepsACellThatIsReferred(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	var w Waker
	j := p.Spawn(&l, l.keeping(&w, 2))
	held := l.last.Header()
	l.run()
	w.WakeByRef()
	l.run()
	if slices.Contains(crowd(t, &p, 50), held) {
		t.Fatal("recycled while a handle and a waker refer to it")
	}
	join(t, &j)
	if slices.Contains(crowd(t, &p, 50), held) {
		t.Fatal("recycled while a waker refers to it")
	}
	w.Wake()
	if l.released != 1 {
		t.Errorf("not released: %v", held.Snapshot())
	}
}

// A late aborter of a former tenant does not reach the next.
func TestPoolLateAborter(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	var late []AbortHandle
	for i := range 200 {
		j := p.Spawn(&l, l.ready(i))
		if i%2 == 0 {
			late = append(late, j.AbortHandle())
		}
		for _, a := range late[:i/2] {
			if a.Abort() || !a.IsFinished() {
				t.Fatal("a stale handle aborted")
			}
		}
		l.run()
		if v, err := join(t, &j); err != nil || v.v != i {
			t.Fatal(v, err)
		}
	}
}

func TestPoolDetachedAndOptions(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	var owned OwnedTasks
	for range 10 {
		p.SpawnDetached(&l, l.ready(1))
		l.run()
	}
	if l.counts != (counts{scheduled: 10, polls: 10, futures: 10, outputs: 10, released: 10}) {
		t.Errorf("%+v", l.counts)
	}
	var w Waker
	j := p.SpawnWith(&l, l.never(&w), Options{Owned: &owned})
	l.run()
	owned.CloseAndShutdownAll()
	_, err := join(t, &j)
	wantCause(t, err, CauseShutdown, nil)
	w.Drop()

	// Uncounted ones are never recycled: who refers to them is not known.
	l = loop{}
	j = p.SpawnWith(&l, l.keeping(&w, 2), Options{Uncounted: true})
	held := l.last.Header()
	l.run()
	w.WakeByRef()
	l.run()
	join(t, &j)
	if slices.Contains(crowd(t, &p, 50), held) {
		t.Error("recycled")
	}
	w.WakeByRef()
}

// A cell whose Notified was dropped is not recycled at once: a Schedule that
// its destructor unwinds may look at it once more. A tenant that moved in
// meanwhile would lose its run.
func TestPoolDropThatUnwindsSchedule(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	var next JoinHandle[output]
	closed := ScheduleFunc(func(n Notified, _ Reason) {
		defer func() { next = p.Spawn(&l, l.ready(5)) }()
		n.Drop()
	})
	fut := l.ready(1)
	fut.drop = panics("drop")
	if e := ends(func() { p.SpawnDetached(closed, fut) }); e.value == nil {
		t.Errorf("ended by %v", e)
	}
	l.run()
	if v, err := join(t, &next); err != nil || v.v != 5 {
		t.Errorf("the next tenant ended with %v, %v", v, err)
	}
}

// A cell in the pool keeps nothing of its last task, and the next is none of
// its kind.
func TestPoolForgets(t *testing.T) {
	var p Pool[int, FutureFunc[int]]
	for range 100 {
		var s hooked
		j := p.Spawn(&s, Ready(1))
		s.run()
		c := cellOf(s.last.h)
		if v, err := join(t, &j); v != 1 || err != nil || s.released != 1 {
			t.Fatal(v, err, s.counts)
		}
		if dataOf(&c.sched) != nil || c.err != nil {
			t.Fatalf("released with %p and %v", dataOf(&c.sched), c.err)
		}
		var l loop
		p.SpawnDetached(&l, Ready(1))
		l.run()
		if l.released != 1 {
			t.Fatalf("%+v", l.counts)
		}
	}
}

// dataOf returns the second word of an interface value.
func dataOf(s *Scheduler) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(s))[1] }

// What was released is used again, each cell by one task at a time, whatever the
// order in which they come and go.
func TestPoolUsesAllThatWasReleased(t *testing.T) {
	var p Pool[output, probe]
	cells := crowd(t, &p, poolKeeps)
	for range 3 {
		again := crowd(t, &p, poolKeeps)
		if recycles(again) {
			t.Fatal("two tasks in one cell")
		}
		for _, c := range again {
			if !slices.Contains(cells, c) {
				t.Fatal("a new cell, though there were enough")
			}
		}
	}
}

// Cells that are in use, or handed out, lead to no other: a task that lives long
// would keep them all.
func TestPoolLinksNothingThatIsInUse(t *testing.T) {
	var p Pool[output, probe]
	crowd(t, &p, 3*poolKeeps)
	for range 3 * poolKeeps {
		var l loop
		j := p.Spawn(&l, l.ready(1))
		if next := l.last.Header().next; next != nil {
			t.Fatalf("linked to %p", next)
		}
		l.run()
		defer j.Detach()
	}
}

// A spawner that finds that another has left a list meanwhile does not lose its
// own, and the Pool is a sync.Pool from then on.
func TestPoolOfTwoSpawners(t *testing.T) {
	var p Pool[int, FutureFunc[int]]
	var l loop
	all := &p.cells
	for range 3 {
		p.SpawnDetached(&l, Ready(1))
	}
	l.run()
	first := all.list() // this spawner is interrupted
	rest := first.link()
	first.setLink(nil)
	p.SpawnDetached(&l, Ready(1))
	p.SpawnDetached(&l, Ready(1))
	l.run()
	p.SpawnDetached(&l, Ready(1)) // of two, and the other is left
	all.leave(rest)
	if all.crowded.Load() != 1 {
		t.Fatal("not crowded")
	}
	left := all.taken.Load()
	if left == nil || left == rest {
		t.Fatalf("left %p, and its own was %p", left, rest)
	}
	l.run()
	if all.freed.Load() != nil {
		t.Error("released to the list of a crowded Pool")
	}
	for range 10 * poolKeeps { // what is in the lists is used, if nothing else is there
		p.SpawnDetached(&l, Ready(1))
	}
	if all.taken.Load() != nil {
		t.Error("a crowded Pool does not look into its lists")
	}
	l.run()
}

// Several goroutines spawn from one Pool, and others release: no cell has two
// tenants.
func TestPoolConcurrently(t *testing.T) {
	const spawners, tasks = 3, 3000
	var p Pool[int, FutureFunc[int]]
	var q RunQueue
	var sum, left int // the consumer's
	var all sync.WaitGroup
	for range spawners {
		all.Add(1)
		go func() {
			defer all.Done()
			var own LocalQueue
			mine := 0
			for i := range tasks {
				p.SpawnDetached(&q, func(Context) (int, bool) { sum += i; left++; return 0, true })
				p.SpawnDetached(&own, func(Context) (int, bool) { mine += i; return 0, true })
				if i%100 == 99 {
					for own.RunOne() {
					}
				}
			}
			if want := tasks * (tasks - 1) / 2; mine != want {
				t.Errorf("the tasks of one goroutine add up to %d, want %d", mine, want)
			}
		}()
	}
	for left < spawners*tasks {
		if !q.RunOne() {
			runtime.Gosched()
		}
	}
	all.Wait()
	if want := spawners * tasks * (tasks - 1) / 2; sum != want {
		t.Errorf("the tasks add up to %d, want %d", sum, want)
	}
}

// A spawner keeps poolKeeps cells of what was released.
func TestPoolKeeps(t *testing.T) {
	var p Pool[output, probe]
	crowd(t, &p, 3*poolKeeps)
	kept := 0
	if p.cells.get() != nil {
		kept++
	}
	for h := p.cells.taken.Load(); h != nil; h = h.link() {
		kept++
	}
	if kept != poolKeeps {
		t.Errorf("kept %d cells, want %d", kept, poolKeeps)
	}
}

// A crowded Pool keeps single cells and whole lists where a sync.Pool does. Under
// the race detector that drops some of what it is given.
func TestCrowdedPool(t *testing.T) {
	most := 0
	for range 100 {
		var p Pool[output, probe]
		crowd(t, &p, 3*poolKeeps)
		cells := []*Header{&p.cells.get().Header} // the others: some kept, and most in the spare list
		p.cells.crowded.Store(1)
		for c := p.cells.get(); c != nil; c = p.cells.get() {
			cells = append(cells, &c.Header)
		}
		if recycles(cells) {
			t.Fatal("a cell was handed out twice")
		}
		most = max(most, len(cells))
	}
	if most <= 3 { // one of each list
		t.Errorf("at most %d of %d cells came out of it", most, 3*poolKeeps)
	}

	var p Pool[output, probe]
	var l loop
	p.cells.crowded.Store(1)
	if !recycles(tenants(t, &p, &l, 100)) {
		t.Error("100 tenants in 100 cells")
	}
	if p.cells.freed.Load() != nil || p.cells.taken.Load() != nil {
		t.Error("a crowded Pool uses the lists that everybody writes to")
	}
}

// A destructor that panics at the end is how the task ended, whatever the kind of
// its scheduler, and of the one that its cell had before.
func TestDestructorPanicsOfAllKinds(t *testing.T) {
	var p Pool[output, probe]
	var h hooked
	var l loop
	var q LocalQueue
	spawn := func(s Scheduler, panics func()) JoinHandle[output] {
		f := l.ready(1)
		f.drop = panics
		return p.Spawn(s, f)
	}
	panicked := func(name string, j *JoinHandle[output]) {
		_, err := join(t, j)
		wantCause(t, err, CausePanicked, "drop")
		if t.Failed() {
			t.Fatal(name)
		}
	}
	j := spawn(&h, nil)
	h.run()
	if _, err := join(t, &j); err != nil {
		t.Fatal(err)
	}
	j = spawn(&l, panics("drop"))
	l.run()
	panicked("after a scheduler with hooks", &j)
	j = spawn(&q, panics("drop"))
	q.RunOne()
	panicked("on a queue", &j)
	j = spawn(&l, panics("drop"))
	l.run()
	panicked("after a queue", &j)
}

// A recycled task that nobody awaits, and nobody can wake, is ended.
func TestPoolDetachedOrphan(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	p.SpawnDetached(&l, l.ready(1))
	l.run()
	p.SpawnDetached(&l, probe{l: &l, poll: func(Context) (output, bool) { return output{}, false }})
	l.run()
	l.want(t, counts{scheduled: 3, polls: 2, futures: 2, outputs: 1, released: 2}, "COMPLETE|CANCELLED(orphaned)|UNOWNED|ORPHANABLE refs=0")
}

// A Notified of a recycled task is handed out without a link.
func TestPoolNotifiedIsLinkedToNothing(t *testing.T) {
	var p Pool[output, probe]
	var l loop
	var q LocalQueue
	crowd(t, &p, 10)
	s := ScheduleFunc(func(n Notified, _ Reason) {
		if !n.Next().IsZero() {
			t.Errorf("linked to %v", n.Next().Task())
		}
		q.Push(n)
	})
	for range 10 {
		p.SpawnDetached(s, probe{l: &l, poll: func(Context) (output, bool) { return output{l: &l}, true }})
		j := p.Spawn(s, l.ready(1)) // keeps its cell
		defer j.Detach()
		for q.RunOne() {
		}
	}
}

// Who gives a cell to a Pool in vain, and then leaves it to the collector, leaves
// that cell alone: what it was linked to in between may be another's by then.
func TestCrowdedPoolUnlinks(t *testing.T) {
	var p Pool[output, probe]
	p.cells.crowded.Store(1)
	for range 20 { // a sync.Pool under the race detector drops some
		c := newCell[output](probe{})
		c.setLink(new(Header))
		p.cells.put(&c.cell)
		if h, _ := p.cells.spare.Get().(*Header); h != nil && (h != &c.Header || h.link() != nil) {
			t.Fatal("not a cell alone")
		}
	}
}
