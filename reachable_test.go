package rouse

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBirths: a stale settler may look at a recycled word at any time.
func TestBirths(t *testing.T) {
	for n, by := range births() {
		if n.Dead() || n.Orphaned() || n.after() != actNone {
			t.Errorf("%s: born %v, which asks to be settled", by, n)
		}
	}
}

// TestBirthWords: who owns a task, who joins it and whether it can be an
// orphan is said when it is made. An uncounted one is born with a reference.
func TestBirthWords(t *testing.T) {
	want := map[string]string{}
	for _, s := range []string{
		"IDLE refs=0", "IDLE refs=1",
		"NOTIFIED|UNOWNED refs=0", "NOTIFIED|UNOWNED refs=1", "NOTIFIED|UNOWNED|ORPHANABLE refs=0",
		"NOTIFIED refs=0", "NOTIFIED refs=1", "NOTIFIED|ORPHANABLE refs=0",
		"NOTIFIED|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=0", "NOTIFIED|JOIN_INTEREST|ORPHANABLE refs=0",
		"NOTIFIED|JOIN_INTEREST|UNOWNED refs=0", "NOTIFIED|JOIN_INTEREST refs=0",
		"NOTIFIED|JOIN_INTEREST|UNOWNED refs=1", "NOTIFIED|JOIN_INTEREST refs=1",
		"NOTIFIED|UNOWNED|ORPHANABLE|KEEP refs=0", "NOTIFIED|ORPHANABLE|KEEP refs=0",
		"NOTIFIED|JOIN_INTEREST|UNOWNED|ORPHANABLE|KEEP refs=0", "NOTIFIED|JOIN_INTEREST|ORPHANABLE|KEEP refs=0",
	} {
		want[s] = ""
	}
	got := map[string]string{}
	for n := range births() {
		if !n.Cancelled() {
			got[n.String()] = ""
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-specified +found:\n%s", d)
	}
}

func TestReachableWords(t *testing.T) {
	words, edges := reach(births(), moves())
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
	consumes := e.step == "toRunning" || e.step == "dropNotified"
	counts := e.step == "refInc" || e.step == "refDec" || e.step == "toNotifiedByVal"
	submits := e.act == actSubmit || e.act == actYield || e.act == actReport
	unfinished := func(n model) bool { return !n.Complete && (n.dead() || n.orphaned()) }
	over := func(n model) bool { return n.Complete && n.dead() }
	switch {
	case e.act == actMisuse:
		return "a legal step is called misuse"
	case from.Complete && !to.Complete:
		return "COMPLETE was cleared"
	case from.Cancelled && (!to.Cancelled || from.Cause != to.Cause):
		return "the first cause did not win"
	case from.Unowned && !to.Unowned || from.Pinned && !to.Pinned || from.Keep != to.Keep ||
		from.Orphanable != to.Orphanable && e.act != actReport:
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
	case (e.act == actRelease) != (over(to) && !over(from)):
		return "released by another than the one whose step made it dead, or by nobody"
	case over(from) && e.from != e.to:
		return "a dead task was changed"
	case unfinished(to) && !unfinished(from) && e.act != actSettle:
		return "nobody was told to settle it"
	case e.act == actSettle && !unfinished(to):
		return "there is nothing to settle"
	}
	return ""
}

var consumesRun = map[string]bool{
	"toIdle": true, "End": true, "Yield": true, "toJoinerWoken": true, "toTerminal": true, "toTerminal+U": true, "toFinished": true, "toFinished+U": true,
}

// TestUncounted: the reference that is never given back keeps a task from
// being dead, orphaned or released. What wakers do is not taken from the rules,
// which count, but done with the wakers of a task that the collector owns.
func TestUncounted(t *testing.T) {
	born := map[Snapshot]string{}
	addBirths(born, true, uncountedActors)
	counts := map[string]bool{"refInc": true, "refDec": true, "toNotifiedByVal": true}
	steps := slices.DeleteFunc(moves(), func(s move) bool { return counts[s.name] })
	for name, use := range map[string]func(r WakerRef){
		"Waker.Clone":     func(r WakerRef) { owned(r.p).Clone() },
		"Waker.Drop":      func(r WakerRef) { owned(r.p).Drop() },
		"Waker.Wake":      func(r WakerRef) { owned(r.p).Wake() },
		"WakerRef.Clone":  func(r WakerRef) { r.Clone() },
		"raw waker clone": func(r WakerRef) { r.Raw().VTable.Clone(r.p) },
		"raw waker drop":  func(r WakerRef) { r.Raw().VTable.Drop(r.p) },
		"raw waker wake":  func(r WakerRef) { r.Raw().VTable.Wake(r.p) },
	} {
		steps = append(steps, move{name: name, legal: func(Snapshot) bool { return true }, pure: usedUncounted(use)})
	}
	words, edges := reach(born, steps)
	if len(born) == 0 || len(words) < 100 {
		t.Errorf("%d births, %d words", len(born), len(words))
	}
	for n := range words {
		if n.Dead() || n.Orphaned() || n.Refs() != 1 {
			t.Errorf("%v", n)
		}
	}
	for _, e := range edges {
		if e.act == actRelease || e.act == actSettle || e.act == actMisuse {
			t.Errorf("%s: %v → %v, %v", e.step, e.from, e.to, e.act)
		}
	}
}

// usedUncounted does something with a waker of an uncounted task, and tells
// what came of it.
func usedUncounted(use func(WakerRef)) func(Snapshot) (Snapshot, action) {
	return func(n Snapshot) (after Snapshot, act action) {
		released := false
		v := actorVtable(func(o *Ops[actor]) {
			o.Uncounted = true
			//wakervet:allow notifiedlost the test looks at the word alone
			o.Schedule = func(*actor, Notified, Reason) { act = actSubmit }
			o.Release = func(*actor) { released = true }
		})
		a := new(actor)
		v.Init(a)
		r := a.WakerRef()
		a.state.init(n)
		if _, misused := panicOf(func() { use(r) }); misused {
			act = actMisuse
		}
		if released {
			act = actRelease
		}
		return a.Snapshot(), act
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
	words, edges := reach(births(), moves())
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

// births returns the words that tasks of all levels are born with.
func births() map[Snapshot]string {
	words := map[Snapshot]string{0: "State"}
	addBirths(words, false, actors, orphanActors, keptActors)
	addBirths(words, true, uncountedActors)
	return words
}

// addBirths adds those of tasks that are uncounted, or are not.
func addBirths(words map[Snapshot]string, uncounted bool, vtables ...*Vtable[actor]) {
	see := func(n Notified, by string) {
		words[n.Task().Snapshot()] = by
		n.Drop()
	}
	var l loop
	for _, v := range vtables {
		a := l.newActor(v, pending)
		words[a.Snapshot()] = "Vtable.Init"
		see(v.InitNotified(a), "Vtable.InitNotified")
		n, _ := v.InitBound(&actor{l: &l}, new(OwnedTasks))
		see(n, "Vtable.InitBound")
	}
	spawned := ScheduleFunc(func(n Notified, _ Reason) { see(n, "Spawn") })
	if !uncounted {
		SpawnDetached[int](spawned, Ready(0))
	}
	for i := range 4 {
		o := Options{Listed: i&1 != 0, NoOrphanCheck: i&2 != 0, Uncounted: uncounted}
		j := SpawnWith[int](spawned, Ready(0), o)
		j.Detach()
		k := SpawnWith[int](keeps{ScheduleFunc: spawned}, Ready(0), o)
		k.Detach()
	}
	for n, by := range words {
		if by == "Spawn" && !n.Unowned() {
			words[(n | flagUnowned).cancelled(CauseShutdown)] = "Spawn on a closed list"
		}
	}
}

// keeps is a scheduler that keeps orphans.
type keeps struct {
	NoHooks
	ScheduleFunc
}

func (keeps) Orphaned(RawTask, *JoinError) {}

// A move is a transition, and when somebody may make it, by what the word
// says of claims, owners and wakers.
type move struct {
	name  string
	legal func(Snapshot) bool
	pure  func(Snapshot) (Snapshot, action)
	polls bool // it is made by a run that was told to poll, and by no other
}

// few bounds the wakers of one task.
const few = 3

func moves() []move {
	notified := func(n Snapshot) bool { return n&(flagNotified|flagRunning|flagComplete) == flagNotified }
	polling := func(n Snapshot) bool { return n.Running() && !n.Complete() }
	unjoined := func(n Snapshot) bool { return polling(n) && !n.JoinInterest() }
	epilogue := func(n Snapshot) bool { return n.Running() && n.Complete() && !n.JoinWaker() }
	owned := func(n Snapshot) bool { return !n.Unowned() }
	held := func(n Snapshot) bool { return owned(n) || n.Running() || notified(n) || n.Refs() > 0 }
	waker := func(n Snapshot) bool { return n.Refs() > 0 }
	with := func(a, b func(Snapshot) bool) func(Snapshot) bool {
		return func(n Snapshot) bool { return a(n) && b(n) }
	}
	abort := func(n Snapshot) (Snapshot, action) { return n.toNotifiedAndCancel(CauseAborted) }
	terminal := func(u bool) func(Snapshot) (Snapshot, action) {
		return func(n Snapshot) (Snapshot, action) { return n.toTerminal(u) }
	}
	finished := func(u bool) func(Snapshot) (Snapshot, action) {
		return func(n Snapshot) (Snapshot, action) { return n.toFinished(u) }
	}
	// Before COMPLETE the handle takes its waker back first.
	detached := func(n Snapshot) (Snapshot, action) {
		if !n.Complete() && n.JoinWaker() {
			n, _ = n.unsetWaker()
		}
		return n.toJoinHandleDropped(n)
	}
	return []move{
		{"toRunning", notified, Snapshot.toRunning, false},
		{"dropNotified", notified, Snapshot.dropNotified, false},
		{"toIdle", polling, Snapshot.toIdle, true},
		{"End", func(n Snapshot) bool { return polling(n) && owned(n) && !n.Orphanable() }, Snapshot.end, true},
		{"Yield", polling, Snapshot.yield, true},
		{"toComplete", polling, Snapshot.toComplete, false},
		{"unsetWakerAfterComplete", func(n Snapshot) bool { return n.Running() && n.Complete() && n.JoinWaker() }, Snapshot.unsetWakerAfterComplete, false},
		{"toJoinerWoken", func(n Snapshot) bool { return n.Running() && n.Complete() && n.JoinWaker() }, Snapshot.toJoinerWoken, false},
		{"toTerminal", epilogue, terminal(false), false},
		{"toTerminal+U", with(epilogue, owned), terminal(true), false},
		{"toFinished", unjoined, finished(false), false},
		{"toFinished+U", with(unjoined, owned), finished(true), false},
		{"toNotifiedByRef", held, Snapshot.toNotifiedByRef, false},
		{"toNotifiedByVal", waker, Snapshot.toNotifiedByVal, false},
		{"toNotifiedAndCancel", func(n Snapshot) bool { return held(n) || n.JoinInterest() || n.Pinned() }, abort, false},
		{"toShutdown", owned, Snapshot.toShutdown, false},
		{"toClosed", owned, Snapshot.toClosed, false},
		{"toDisowned", owned, Snapshot.toDisowned, false},
		{"setJoinWaker", func(n Snapshot) bool { return n.JoinInterest() && !n.JoinWaker() }, Snapshot.setJoinWaker, false},
		{"unsetWaker", func(n Snapshot) bool { return n.JoinInterest() && (n.JoinWaker() || n.Complete()) }, Snapshot.unsetWaker, false},
		{"toJoinHandleDropped", Snapshot.JoinInterest, detached, false},
		{"pin", func(n Snapshot) bool { return n.JoinInterest() || n.Running() || !n.Unowned() }, Snapshot.pin, false},
		{"refInc", func(n Snapshot) bool { return held(n) && n.Refs() < few }, Snapshot.refInc, false},
		{"refDec", waker, Snapshot.refDec, false},
		{"settle", func(n Snapshot) bool { return n.after() == actSettle }, Snapshot.settle, false},
	}
}

// An edge is a step that can be made.
type edge struct {
	from, to Snapshot
	step     string
	act      action
}

// A node is a word, and what only the holder of the run knows of it: whether
// it was told to cancel. Then it does not go idle any more, whatever the word says.
type node struct {
	word    Snapshot
	cancels bool
}

// reach returns every word that can come of these births, and every edge. It
// goes no further where the count is not sound.
func reach(births map[Snapshot]string, steps []move) (words map[Snapshot]bool, edges []edge) {
	words = map[Snapshot]bool{}
	seen := map[node]bool{}
	var todo []node
	visit := func(p node) {
		words[p.word] = true
		if !seen[p] {
			seen[p] = true
			todo = append(todo, p)
		}
	}
	for n := range births {
		visit(node{word: n})
	}
	for len(todo) > 0 {
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if n := p.word.Refs(); n < 0 || n > few {
			continue
		}
		for _, s := range steps {
			if s.legal(p.word) && !(s.polls && p.cancels) {
				next, act := s.pure(p.word)
				edges = append(edges, edge{p.word, next, s.name, act})
				visit(node{next, act == actCancel || p.cancels && next.Running()})
			}
		}
	}
	return words, edges
}
