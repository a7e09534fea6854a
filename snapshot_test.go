package rouse

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSnapshotString(t *testing.T) {
	for _, c := range []struct {
		s    Snapshot
		want string
	}{
		{0, "IDLE refs=0"},
		{3 * refOne, "IDLE refs=3"},
		{flagNotified | flagUnowned, "NOTIFIED|UNOWNED refs=0"},
		{initJoined, "NOTIFIED|JOIN_INTEREST|UNOWNED refs=0"},
		{(flagNotified | 2*refOne).cancelled(CauseAborted), "NOTIFIED|CANCELLED(aborted) refs=2"},
		{(flagRunning | flagOrphanable).cancelled(CauseShutdown), "RUNNING|CANCELLED(shut down)|ORPHANABLE refs=0"},
		{flagComplete | flagJoinInterest | flagJoinWaker | flagPinned, "COMPLETE|JOIN_INTEREST|JOIN_WAKER|PINNED refs=0"},
		{flagGuard | flagPoisoned, "IDLE|GUARD|POISONED refs=0"},
		{^(refOne - 1), "IDLE refs=-1"},
		{refLimit, "IDLE refs=-35184372088832"},
		{initForeign, "COMPLETE|UNOWNED|FOREIGN refs=1"},
	} {
		if got := c.s.String(); got != c.want {
			t.Errorf("%#x is printed as %q, want %q", uint64(c.s), got, c.want)
		}
	}
}

// TestPredicates compares each on every word with the bits that the
// documentation of Snapshot gives.
func TestPredicates(t *testing.T) {
	type view struct {
		Running, Complete, Notified, JoinInterest, JoinWaker, Cancelled bool
		Cause                                                           Cause
		Unowned, Pinned, Orphanable, Poisoned, Idle, Dead, Orphaned     bool
		Refs                                                            int64
	}
	failed := 0
	words(func(s Snapshot) {
		m := modelOf(s)
		want := view{
			m.Running, m.Complete, m.Notified, m.JoinInterest, m.JoinWaker, m.Cancelled, m.Cause,
			m.Unowned, m.Pinned, m.Orphanable, m.Poisoned || m.Guard, m.idle(), m.dead(), m.orphaned(), m.Wakers,
		}
		got := view{
			s.Running(), s.Complete(), s.Notified(), s.JoinInterest(), s.JoinWaker(), s.Cancelled(), s.Cause(),
			s.Unowned(), s.Pinned(), s.Orphanable(), s.Poisoned(), s.Idle(), s.Dead(), s.Orphaned(), s.Refs(),
		}
		if got != want && failed < 3 {
			failed++
			t.Errorf("%v (-documented +reported):\n%s", s, cmp.Diff(want, got))
		}
	})
}

// TestNames: every value of an enumeration has one, and no two the same.
func TestNames(t *testing.T) {
	seen := map[string]bool{}
	once := func(name string) {
		if name == "" || seen[name] {
			t.Errorf("name %q is empty or used twice", name)
		}
		seen[name] = true
	}
	for a := actNone; a <= actMisuse; a++ {
		once("action " + a.String())
	}
	for c := CauseNone; c <= CauseExited; c++ {
		once("cause " + c.String())
	}
	for r := Spawned; r <= Cancelled; r++ {
		once("reason " + r.String())
	}
	if Snapshot(CauseExited) > causeMask>>causeShift {
		t.Error("the causes do not fit their bits")
	}
}

// TestMisuseMessage: it names the operation and the state in which it found
// the word.
func TestMisuseMessage(t *testing.T) {
	var s State
	mustPanic(t, func() { s.Begin() }, "rouse: State.Begin: no run is owed: it was consumed before (state IDLE refs=0)")
	var idle State
	mustPanic(t, func() { idle.toNotifiedByVal() }, "rouse: Waker.Wake: the waker was consumed before (state IDLE refs=0)")
	if n := idle.Load(); n != flagPoisoned {
		t.Errorf("a refused transition left %v", n)
	}
}
