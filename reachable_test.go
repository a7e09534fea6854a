package rouse

import (
	"maps"
	"slices"
	"testing"
)

// births returns the words that tasks of all levels are born with.
func births() map[Snapshot]string {
	words := map[Snapshot]string{0: "State, Header.Init"}
	for _, v := range []*Vtable{{}, {OrphanCheck: true}, {Uncounted: true}} {
		var h Header
		h.InitNotified(v)
		words[h.Snapshot()] = "Header.InitNotified"
		h.Init(v)
		words[h.Snapshot()] = "Header.Init"
	}
	var born Snapshot
	look := ScheduleFunc(func(n Notified, _ Reason) { born = n.Task().Snapshot() })
	SpawnDetached[int](look, Ready(0))
	words[born] = "SpawnDetached"
	for i := range 8 {
		o := Options{Listed: i&1 != 0, NoOrphanCheck: i&2 != 0, Uncounted: i&4 != 0}
		SpawnWith[int](look, Ready(0), o)
		words[born] = "Spawn"
		if o.Listed {
			words[(born | flagUnowned).cancelled(CauseShutdown)] = "Spawn on a closed list"
		}
	}
	return words
}

// A step is a transition, and when somebody may make it, by what the word
// says of claims, owners and wakers.
type step struct {
	name  string
	legal func(Snapshot) bool
	pure  func(Snapshot) (Snapshot, Action)
}

// few bounds the wakers of one task.
const few = 3

func steps() []step {
	notified := func(n Snapshot) bool { return n&(flagNotified|flagRunning|flagComplete) == flagNotified }
	polling := func(n Snapshot) bool { return n.Running() && !n.Complete() }
	// A run that began cancelled, or was dropped, only finishes.
	pending := func(n Snapshot) bool { return polling(n) && !(n.Cancelled() && !n.Notified()) }
	detached := func(n Snapshot) bool { return polling(n) && !n.JoinInterest() }
	epilogue := func(n Snapshot) bool { return n.Running() && n.Complete() && !n.JoinWaker() }
	owned := func(n Snapshot) bool { return !n.Unowned() }
	held := func(n Snapshot) bool { return owned(n) || n.Running() || notified(n) || n.Refs() > 0 }
	waker := func(n Snapshot) bool { return n.Refs() > 0 }
	with := func(a, b func(Snapshot) bool) func(Snapshot) bool {
		return func(n Snapshot) bool { return a(n) && b(n) }
	}
	abort := func(n Snapshot) (Snapshot, Action) { return n.toNotifiedAndCancel(CauseAborted) }
	terminal := func(u bool) func(Snapshot) (Snapshot, Action) {
		return func(n Snapshot) (Snapshot, Action) { return n.toTerminal(u) }
	}
	finished := func(u bool) func(Snapshot) (Snapshot, Action) {
		return func(n Snapshot) (Snapshot, Action) { return n.toFinished(u) }
	}
	return []step{
		{"ToRunning", notified, Snapshot.toRunning},
		{"DropNotified", notified, Snapshot.dropNotified},
		{"ToIdle", pending, Snapshot.toIdle},
		{"End", pending, Snapshot.end},
		{"Yield", pending, Snapshot.yield},
		{"ToComplete", polling, Snapshot.toComplete},
		{"UnsetWakerAfterComplete", func(n Snapshot) bool { return n.Running() && n.Complete() && n.JoinWaker() }, Snapshot.unsetWakerAfterComplete},
		{"ToTerminal", epilogue, terminal(false)},
		{"ToTerminal+U", with(epilogue, owned), terminal(true)},
		{"ToFinished", detached, finished(false)},
		{"ToFinished+U", with(detached, owned), finished(true)},
		{"ToNotifiedByRef", held, Snapshot.toNotifiedByRef},
		{"ToNotifiedByVal", waker, Snapshot.toNotifiedByVal},
		{"ToNotifiedAndCancel", func(n Snapshot) bool { return held(n) || n.JoinInterest() || n.Pinned() }, abort},
		{"ToShutdown", owned, Snapshot.toShutdown},
		{"ToClosed", owned, Snapshot.toClosed},
		{"ToDisowned", owned, Snapshot.toDisowned},
		{"SetJoinWaker", func(n Snapshot) bool { return n.JoinInterest() && !n.JoinWaker() }, Snapshot.setJoinWaker},
		{"UnsetWaker", func(n Snapshot) bool { return n.JoinInterest() && (n.JoinWaker() || n.Complete()) }, Snapshot.unsetWaker},
		{"ToJoinHandleDropped", func(n Snapshot) bool { return n.JoinInterest() && (n.Complete() || !n.JoinWaker()) },
			func(n Snapshot) (Snapshot, Action) { return n.toJoinHandleDropped(n) }},
		{"Pin", func(n Snapshot) bool { return n.JoinInterest() || n.Running() }, Snapshot.pin},
		{"RefInc", func(n Snapshot) bool { return held(n) && n.Refs() < few }, Snapshot.refInc},
		{"RefDec", waker, Snapshot.refDec},
		{"settle", func(n Snapshot) bool { return n.after() == ActSettle }, Snapshot.settle},
	}
}

// An edge is a step that can be made.
type edge struct {
	from, to Snapshot
	step     string
	act      Action
}

// reach returns every word that can come of these births, and every edge.
func reach(births map[Snapshot]string, steps []step) (words map[Snapshot]bool, edges []edge) {
	words = map[Snapshot]bool{}
	var todo []Snapshot
	visit := func(n Snapshot) {
		if !words[n] {
			words[n] = true
			todo = append(todo, n)
		}
	}
	for n := range births {
		visit(n)
	}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, s := range steps {
			if s.legal(n) {
				next, act := s.pure(n)
				edges = append(edges, edge{n, next, s.name, act})
				visit(next)
			}
		}
	}
	return words, edges
}

// TestBirths: a stale settler may look at a recycled word at any time.
func TestBirths(t *testing.T) {
	for n, by := range births() {
		if n.Dead() || n.Orphaned() || n.after() != ActNone {
			t.Errorf("%s: born %v, which asks to be settled", by, n)
		}
	}
}

func TestReachableWords(t *testing.T) {
	words, edges := reach(births(), steps())
	t.Logf("%d words, %d edges", len(words), len(edges))
	for n := range words {
		m := modelOf(n)
		for what, broken := range map[string]bool{
			"a run is owed to a cancelled, idle task":      m.Cancelled && !m.Running && !m.Complete && !m.Notified,
			"a join waker of a pending task has a handle":  m.JoinWaker && !m.JoinInterest && !m.Complete,
			"a task that nobody misused is not poisoned":   m.broken(),
			"a cause stands with CANCELLED, and only then": m.Cancelled != (m.Cause != CauseNone),
			"the count is sound":                           m.Wakers < 0 || m.Wakers > few,
		} {
			if broken {
				t.Errorf("%v: %s", n, what)
			}
		}
	}
	for _, e := range edges {
		if why := e.wrong(); why != "" {
			t.Errorf("%s: %v → %v, %v: %s", e.step, e.from, e.to, e.act, why)
		}
	}
}

// wrong names the invariant that an edge breaks.
func (e edge) wrong() string {
	from, to := modelOf(e.from), modelOf(e.to)
	granted := func(n model) bool { return n.Notified && !n.Running && !n.Complete }
	consumes := e.step == "ToRunning" || e.step == "DropNotified"
	counts := e.step == "RefInc" || e.step == "RefDec" || e.step == "ToNotifiedByVal"
	submits := e.act == ActSubmit || e.act == ActYield
	unfinished := func(n model) bool { return !n.Complete && (n.dead() || n.orphaned()) }
	over := func(n model) bool { return n.Complete && n.dead() }
	switch {
	case e.act == ActMisuse:
		return "a legal step is called misuse"
	case from.Complete && !to.Complete:
		return "COMPLETE was cleared"
	case from.Cancelled && (!to.Cancelled || from.Cause != to.Cause):
		return "the first cause did not win"
	case from.Unowned && !to.Unowned || from.Pinned && !to.Pinned || from.Orphanable != to.Orphanable:
		return "a flag that is for ever was cleared"
	case !from.JoinInterest && to.JoinInterest:
		return "JOIN_INTEREST came back"
	case from.Wakers != to.Wakers && !counts:
		return "the count was changed"
	case submits != (granted(to) && !granted(from)):
		return "a Notified was fabricated, or nobody was told of it"
	case granted(from) && !granted(to) && !consumes:
		return "a Notified was taken from its holder"
	case e.from.Running() && !e.to.Running() && !(consumesRun[e.step]):
		return "the run was taken from its holder"
	case from.Complete && !from.Running && to.Running:
		return "a complete task runs"
	case (e.act == ActRelease) != (over(to) && !over(from)):
		return "released by another than the one whose step made it dead, or by nobody"
	case over(from) && e.from != e.to:
		return "a dead task was changed"
	case unfinished(to) && !unfinished(from) && e.act != ActSettle:
		return "nobody was told to settle it"
	case e.act == ActSettle && !unfinished(to):
		return "there is nothing to settle"
	}
	return ""
}

var consumesRun = map[string]bool{
	"ToIdle": true, "End": true, "Yield": true, "ToTerminal": true, "ToTerminal+U": true, "ToFinished": true, "ToFinished+U": true,
}

// TestUncounted: the reference that is never given back keeps a task from
// being dead, orphaned or released.
func TestUncounted(t *testing.T) {
	born := births()
	maps.DeleteFunc(born, func(n Snapshot, _ string) bool { return n.Refs() == 0 })
	words, edges := reach(born, slices.DeleteFunc(steps(), func(s step) bool {
		return s.name == "RefInc" || s.name == "RefDec" || s.name == "ToNotifiedByVal"
	}))
	for n := range words {
		if n.Dead() || n.Orphaned() {
			t.Errorf("%v", n)
		}
	}
	for _, e := range edges {
		if e.act == ActRelease || e.act == ActSettle {
			t.Errorf("%s: %v → %v, %v", e.step, e.from, e.to, e.act)
		}
	}
}

func TestUncountedOnClosedList(t *testing.T) {
	var l loop
	var o OwnedTasks
	o.CloseAndShutdownAll()
	j := SpawnWith[int](&l, Ready(1), Options{Owned: &o, Uncounted: true})
	if n := j.c.Snapshot(); n.Refs() != 1 || n.Cause() != CauseShutdown || !n.Complete() {
		t.Fatal(n)
	}
}

// TestEveryTaskCanEnd: from every word there is a way to a dead, complete one.
func TestEveryTaskCanEnd(t *testing.T) {
	words, edges := reach(births(), steps())
	before := map[Snapshot][]Snapshot{}
	for _, e := range edges {
		before[e.to] = append(before[e.to], e.from)
	}
	ends := map[Snapshot]bool{}
	var todo []Snapshot
	for n := range words {
		if n.Dead() && n.Complete() {
			todo = append(todo, n)
		}
	}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !ends[n] {
			ends[n] = true
			todo = append(todo, before[n]...)
		}
	}
	for n := range words {
		if !ends[n] {
			t.Errorf("%v: cannot end", n)
		}
	}
}
