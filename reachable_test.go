package rouse

import (
	"maps"
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
// being dead, orphaned or released.
func TestUncounted(t *testing.T) {
	born := births()
	maps.DeleteFunc(born, func(n Snapshot, _ string) bool { return n.Refs() == 0 })
	words, edges := reach(born, slices.DeleteFunc(moves(), func(s move) bool {
		return s.name == "refInc" || s.name == "refDec" || s.name == "toNotifiedByVal"
	}))
	for n := range words {
		if n.Dead() || n.Orphaned() {
			t.Errorf("%v", n)
		}
	}
	for _, e := range edges {
		if e.act == actRelease || e.act == actSettle {
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
