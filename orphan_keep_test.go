package rouse

import (
	"runtime"
	"strings"
	"testing"
)

// keeper is a loop that keeps orphans, and is told of them.
type keeper struct {
	NoHooks
	loop
	told       []*JoinError
	states     []string
	onOrphan   func(RawTask) // optional
	terminated []*JoinError
}

func (k *keeper) Orphaned(t RawTask, err *JoinError) {
	k.told = append(k.told, err)
	k.states = append(k.states, (t.Snapshot() &^ flagPinned).String())
	if k.onOrphan != nil {
		k.onOrphan(t)
	}
}

func (k *keeper) Terminated(_ RawTask, err *JoinError) { k.terminated = append(k.terminated, err) }

// The last waker is dropped: the task is reported, polled once more, and then
// is one that is not checked.
func TestKeptOrphanOfADrop(t *testing.T) {
	var k keeper
	var w Waker
	j := Spawn[output](&k, k.keeping(&w, 4))
	k.run()
	k.want(t, counts{scheduled: 1, polls: 1}, "IDLE|JOIN_INTEREST|UNOWNED|ORPHANABLE|KEEP refs=1")
	w.Drop()
	if len(k.told) != 1 || k.told[0].Cause != CauseOrphaned || !strings.Contains(k.told[0].Error(), "orphaned") {
		t.Fatalf("told of %v", k.told)
	}
	if k.states[0] != "NOTIFIED|JOIN_INTEREST|UNOWNED|KEEP refs=0" {
		t.Errorf("told in state %s", k.states[0])
	}
	k.want(t, counts{scheduled: 2, polls: 1}, "NOTIFIED|JOIN_INTEREST|UNOWNED|KEEP refs=0")
	if k.why[1] != Woken {
		t.Errorf("submitted as %v", k.why[1])
	}
	k.run()
	k.want(t, counts{scheduled: 2, polls: 2}, "IDLE|JOIN_INTEREST|UNOWNED|KEEP refs=1")
	w.Drop()
	k.want(t, counts{scheduled: 2, polls: 2}, "IDLE|JOIN_INTEREST|UNOWNED|KEEP refs=0")
	k.last.Header().Wake()
	k.run()
	w.Wake()
	k.run()
	if v, err := join(t, &j); err != nil || v.v != 4 || len(k.told) != 1 {
		t.Error(v, err, k.told)
	}
}

// A poll that keeps no waker.
func TestKeptOrphanOfAPoll(t *testing.T) {
	var k keeper
	var owned OwnedTasks
	j := SpawnWith[output](&k, pollsThat(&k.loop, func() {}), Options{Owned: &owned, Name: "reader"})
	k.run()
	k.want(t, counts{scheduled: 2, polls: 2}, "IDLE|JOIN_INTEREST|KEEP refs=0")
	if len(k.told) != 1 || k.told[0].Name != "reader" || !strings.Contains(k.told[0].Site, "orphan_keep_test.go:") {
		t.Errorf("told of %v", k.told)
	}
	owned.CloseAndShutdownAll()
	_, err := join(t, &j)
	wantCause(t, err, CauseShutdown, nil)
}

// What nothing refers to cannot be kept: it ends as an orphan.
func TestOrphanThatCannotBeKept(t *testing.T) {
	var k keeper
	SpawnDetached[output](&k, pollsThat(&k.loop, func() {}))
	k.run()
	k.want(t, counts{scheduled: 3, polls: 2, futures: 1, released: 1}, "COMPLETE|CANCELLED(orphaned)|UNOWNED|KEEP refs=0")
	if len(k.told) != 1 || len(k.terminated) != 1 || k.terminated[0].Cause != CauseOrphaned {
		t.Errorf("told of %v and %v", k.told, k.terminated)
	}
}

// Tasks that are not checked are not reported.
func TestUncheckedIsNotReported(t *testing.T) {
	for _, o := range []Options{{NoOrphanCheck: true}, {Uncounted: true}} {
		var k keeper
		j := SpawnWith[output](&k, pollsThat(&k.loop, func() {}), o)
		k.run()
		if k.polls != 1 || len(k.told) != 0 {
			t.Errorf("%+v: %d polls, told of %v", o, k.polls, k.told)
		}
		j.Abort()
		k.run()
	}
}

// What happens to the task while its report is under way is not lost.
func TestWhileAnOrphanIsReported(t *testing.T) {
	for what, c := range map[string]struct {
		act  func(RawTask)
		want string
	}{
		"woken":   {func(r RawTask) { r.Header().Wake() }, "IDLE|JOIN_INTEREST|UNOWNED|KEEP refs=0"},
		"aborted": {func(r RawTask) { r.Header().Abort() }, "COMPLETE|JOIN_INTEREST|CANCELLED(aborted)|UNOWNED|KEEP refs=0"},
		"cloned": {func(r RawTask) {
			w := r.Header().WakerRef().Clone()
			w.Drop()
		}, "IDLE|JOIN_INTEREST|UNOWNED|KEEP refs=0"},
	} {
		t.Run(what, func(t *testing.T) {
			k := keeper{onOrphan: c.act}
			j := Spawn[output](&k, pollsThat(&k.loop, func() {}))
			k.run()
			if got := (k.last.Snapshot() &^ flagPinned).String(); got != c.want || len(k.told) != 1 {
				t.Errorf("state %s, want %s; told of %v", got, c.want, k.told)
			}
			j.Abort()
			k.run()
		})
	}
}

// A hook that does not return: the task goes on.
func TestOrphanedThatUnwinds(t *testing.T) {
	for how, f := range map[string]func(){"panic": func() { panic("hook") }, "Goexit": runtime.Goexit} {
		t.Run(how, func(t *testing.T) {
			k := keeper{onOrphan: func(RawTask) { f() }}
			var w Waker
			j := Spawn[output](&k, k.keeping(&w, 3))
			k.run()
			if e := ends(func() { w.Drop() }); how == "panic" && e.value != "hook" || how == "Goexit" && !e.exit {
				t.Errorf("the drop ended by %+v", e)
			}
			k.run()
			w.Wake()
			k.run()
			if v, err := join(t, &j); err != nil || v.v != 3 {
				t.Error(v, err)
			}
		})
	}
}

var keptActors = actorVtable(func(o *Ops[actor]) {
	o.OrphanCheck = true
	o.Orphaned = func(a *actor, err *JoinError) { a.errs = append(a.errs, err) }
})

// Level 1.
func TestKeptOrphanOfActors(t *testing.T) {
	var l loop
	var owned OwnedTasks
	a := &actor{l: &l, poll: pending}
	n, _ := keptActors.InitBound(a, &owned)
	l.last = n.Task()
	n.Run()
	l.want(t, counts{scheduled: 1, polls: 1}, "NOTIFIED|KEEP refs=0")
	l.run()
	l.want(t, counts{scheduled: 1, polls: 2}, "IDLE|KEEP refs=0")
	if len(a.errs) != 1 || a.errs[0].Cause != CauseOrphaned {
		t.Errorf("told of %v", a.errs)
	}
	owned.CloseAndShutdownAll()
	l.want(t, counts{scheduled: 1, polls: 2, futures: 1, released: 1}, "COMPLETE|CANCELLED(shut down)|UNOWNED|KEEP refs=0")
}
