package rouse

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// The last waker is dropped while the task is pending: it is submitted for a
// last, cancelled run, and not torn down where the waker was dropped.
func TestPendingThenLastWakerDropped(t *testing.T) {
	for _, joined := range []bool{true, false} {
		var l loop
		var w Waker
		j := Spawn[output](&l, l.never(&w))
		l.run()
		second := w.Clone()
		interest := "|JOIN_INTEREST"
		if !joined {
			j.Detach()
			interest = ""
		}
		w.Drop()
		l.want(t, counts{scheduled: 1, polls: 1}, "IDLE"+interest+"|UNOWNED|ORPHANABLE refs=1")
		second.Drop()
		l.want(t, counts{scheduled: 2, polls: 1}, "NOTIFIED"+interest+"|CANCELLED(orphaned)|UNOWNED|ORPHANABLE refs=0")
		if l.why[1] != Cancelled {
			t.Errorf("submitted as %v", l.why[1])
		}
		l.run()
		if joined {
			l.want(t, counts{scheduled: 2, polls: 1, futures: 1}, "COMPLETE|JOIN_INTEREST|CANCELLED(orphaned)|UNOWNED|ORPHANABLE refs=0")
			_, err := join(t, &j)
			wantCause(t, err, CauseOrphaned, nil)
		}
		l.want(t, counts{scheduled: 2, polls: 1, futures: 1, released: 1}, "COMPLETE|CANCELLED(orphaned)|UNOWNED|ORPHANABLE refs=0")
	}
}

// A poll that returns pending without having kept a waker.
func TestPollKeepsNoWaker(t *testing.T) {
	for _, joined := range []bool{true, false} {
		var l loop
		j := Spawn[output](&l, pollsThat(&l, func() {}))
		if !joined {
			j.Detach()
		}
		l.run()
		if l.counts != (counts{scheduled: 2, polls: 1, futures: 1, released: btoi(!joined)}) {
			t.Errorf("%+v", l.counts)
		}
		if joined {
			_, err := join(t, &j)
			wantCause(t, err, CauseOrphaned, nil)
		}
	}
}

// A waker that is dropped in the poll itself is no matter, if another is kept;
// and waking is, even if none is.
func TestWakerDroppedInPoll(t *testing.T) {
	var l loop
	var w Waker
	j := Spawn[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
		switch l.polls {
		case 1:
			a, b := cx.Waker().Clone(), cx.Waker().Clone()
			a.Drop()
			b.Drop()
			cx.Waker().WakeByRef()
			return output{}, false
		case 2:
			w = cx.Waker().Clone()
			return output{}, false
		}
		return output{l: &l, v: l.polls}, true
	}})
	l.run()
	l.want(t, counts{scheduled: 1, yields: 1, polls: 2}, "IDLE|JOIN_INTEREST|UNOWNED|ORPHANABLE refs=1")
	w.Wake()
	l.run()
	if v, err := join(t, &j); err != nil || v.v != 3 {
		t.Error(v, err)
	}
}

// Without the policy a joined task stays pending, for an uncounted wake
// source; a detached one is unreachable all the same, and ends.
func TestNoOrphanCheck(t *testing.T) {
	var l loop
	var w Waker
	j := SpawnWith[output](&l, l.keeping(&w, 2), Options{NoOrphanCheck: true})
	l.run()
	w.Drop()
	l.want(t, counts{scheduled: 1, polls: 1}, "IDLE|JOIN_INTEREST|UNOWNED refs=0")
	l.last.Header().Wake()
	l.run()
	if v, err := join(t, &j); err != nil || v.v != 2 {
		t.Error(v, err)
	}

	l = loop{}
	j = SpawnWith[output](&l, l.never(&w), Options{NoOrphanCheck: true})
	l.run()
	j.Detach()
	w.Drop()
	l.want(t, counts{scheduled: 2, polls: 1}, "NOTIFIED|CANCELLED(orphaned)|UNOWNED refs=0")
	l.run()
	l.want(t, counts{scheduled: 2, polls: 1, futures: 1, released: 1}, "COMPLETE|CANCELLED(orphaned)|UNOWNED refs=0")
}

// A task on an owner list is an orphan too: the list cannot wake it.
func TestOwnedOrphan(t *testing.T) {
	var l loop
	var owned OwnedTasks
	j := SpawnWith[output](&l, pollsThat(&l, func() {}), Options{Owned: &owned})
	l.run()
	_, err := join(t, &j)
	wantCause(t, err, CauseOrphaned, nil)
	if owned.Len() != 0 || l.released != 1 {
		t.Errorf("%d on the list, %d released", owned.Len(), l.released)
	}
}

// The last waker of an orphan may wake it by value instead.
func TestWakeByValueIsNoOrphan(t *testing.T) {
	var l loop
	var w Waker
	j := Spawn[output](&l, l.keeping(&w, 3))
	for range 2 {
		l.run()
		w.Wake()
		if n := l.last.Snapshot(); n.Cancelled() || !n.Notified() {
			t.Errorf("state %v", n)
		}
	}
	l.run()
	if v, err := join(t, &j); err != nil || v.v != 3 {
		t.Error(v, err)
	}
}

// Its own waker, stored in itself, hides that a task is unreachable; an abort
// still ends it.
func TestOwnWakerHidesAnOrphan(t *testing.T) {
	var l loop
	own := &selfish{}
	j := Spawn[int](&l, own)
	l.run()
	if n := l.last.Snapshot(); !n.Idle() || n.Refs() != 1 {
		t.Errorf("state %v", n)
	}
	j.Abort()
	l.run()
	_, err := join(t, &j)
	wantCause(t, err, CauseAborted, nil)
	if n := l.last.Snapshot(); !n.Dead() || l.released != 1 || !own.w.IsZero() {
		t.Errorf("state %v, %+v", n, l.counts)
	}
}

// A selfish future stores its own waker, and drops it at its end.
type selfish struct{ w Waker }

func (s *selfish) Poll(cx Context) (int, bool) { s.w.CloneFrom(cx.Waker()); return 0, false }
func (s *selfish) Drop()                       { s.w.Drop() }

func TestOrphanCheckOfActors(t *testing.T) {
	var l loop
	var w Waker
	a := &actor{l: &l, poll: func(cx Context) bool { w.CloneFrom(cx.Waker()); return false }}
	n := orphanActors.InitNotified(a)
	l.last = n.Task()
	l.want(t, counts{}, "NOTIFIED|UNOWNED|ORPHANABLE refs=0")
	n.Run()
	l.want(t, counts{polls: 1}, "IDLE|UNOWNED|ORPHANABLE refs=1")
	w.Drop()
	l.run()
	l.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, "COMPLETE|CANCELLED(orphaned)|UNOWNED|ORPHANABLE refs=0")
	if a.causes[0] != CauseOrphaned {
		t.Errorf("cancelled by %v", a.causes)
	}
}

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
	if len(k.told) != 1 || k.told[0].Name != "reader" || !strings.Contains(k.told[0].Site, "orphan_test.go:") {
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

// Which pending tasks without a waker are kept: what the options say, for each way
// to make a task. The error of one that ends advises nothing that was done, and
// nothing that would not have kept it.
func TestWhichOrphansAreKept(t *testing.T) {
	for _, o := range []Options{{}, {NoOrphanCheck: true}, {Uncounted: true}, {NoOrphanCheck: true, Uncounted: true}} {
		for _, owned := range []string{"", "Owned", "Listed"} {
			for _, joined := range []bool{true, false} {
				what := fmt.Sprintf("NoOrphanCheck %v, Uncounted %v, %s, joined %v", o.NoOrphanCheck, o.Uncounted, owned, joined)
				var list OwnedTasks
				with := o
				switch owned {
				case "Owned":
					with.Owned = &list
				case "Listed":
					with.Listed = true
				}
				var s hooked
				s.listed = with.Listed
				j := SpawnWith[output](&s, pollsThat(&s.loop, func() {}), with)
				if !joined {
					j.Detach()
				}
				s.run()
				kept := o.Uncounted || o.NoOrphanCheck && (joined || owned != "")
				if len(s.terminated) != btoi(!kept) {
					t.Errorf("%s: kept %v, want %v", what, len(s.terminated) == 0, kept)
				}
				if len(s.terminated) == 1 {
					msg := s.terminated[0].Error()
					spawnIt := strings.Contains(msg, "or spawn it with NoOrphanCheck")
					if would := joined || owned != ""; spawnIt != would || strings.Contains(msg, "Uncounted") == would {
						t.Errorf("%s: the error says %s", what, msg)
					}
				}
				if s.last.Header().Abort() != kept { // whoever has a RawTask still reaches it
					t.Errorf("%s: kept %v, and aborted %v", what, kept, !kept)
				}
				s.run()
			}
		}
	}
}

func TestWhichOrphansOfActorsAreKept(t *testing.T) {
	inits := map[string]func(v *Vtable[actor], a *actor) Notified{
		"Init":         func(v *Vtable[actor], a *actor) Notified { v.Init(a); a.Wake(); n, _ := a.l.q.Pop(); return n },
		"InitNotified": func(v *Vtable[actor], a *actor) Notified { return v.InitNotified(a) },
		"InitBound":    func(v *Vtable[actor], a *actor) Notified { n, _ := v.InitBound(a, new(OwnedTasks)); return n },
	}
	for name, v := range map[string]*Vtable[actor]{"": actors, "OrphanCheck": orphanActors, "Uncounted": uncountedActors} {
		for init, f := range inits {
			var l loop
			a := &actor{l: &l, poll: pending}
			f(v, a).Run()
			l.run()
			kept := name == "Uncounted" || init == "Init" || init == "InitBound" && name == ""
			if !kept != (len(a.causes) == 1 && a.causes[0] == CauseOrphaned) {
				t.Errorf("%s, %s: cancelled by %v, want kept %v", init, name, a.causes, kept)
			}
		}
	}
	var l loop
	a := &actor{l: &l, poll: pending}
	for init, says := range map[string]string{
		"InitNotified": "or have the task owned, by Vtable.Init or by a list",
		"InitBound":    "or leave Ops.OrphanCheck unset",
	} {
		inits[init](keptActors, a).Run()
		if len(a.errs) != 1 || !strings.HasSuffix(a.errs[0].Error(), says) && a.errs[0].LastWaker == "" || strings.Contains(a.errs[0].Error(), "NoOrphanCheck") {
			t.Errorf("%s: told of %v", init, a.errs)
		}
		a = &actor{l: &l, poll: pending}
	}
}
