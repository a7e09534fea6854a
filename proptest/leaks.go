package proptest

import (
	"runtime"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
)

// leakGrace is how long handles may take to end after the test.
const leakGrace = time.Second

// NoLeaks fails t if a handle (Waker, Notified, JoinHandle) that is born during
// it, by whomever, is not ended when it and the cleanups registered after this
// call are over; the failure shows where the handle was born. Goroutines that
// still end theirs get a second. It counts all handles of the process, so t
// must not be parallel to a test that uses some.
//
// A JoinHandle that Spawn returned and that was discarded counts: no memory is at
// risk, but its task is never recycled, and an output with a destructor is never
// destroyed. Detach it, or use SpawnDetached.
//
// It needs the build tag rouse_debug. Without, nothing is known of handles: it
// notes that in t's log, and checks nothing, so that a test may call it in any
// build.
func NoLeaks(t testing.TB) {
	t.Helper()
	before := leaks()
	if before == nil {
		t.Log("proptest.NoLeaks checks nothing without -tags rouse_debug")
		return
	}
	t.Cleanup(func() {
		t.Helper()
		left := grown(before)
		for end := time.Now().Add(leakGrace); len(left) > 0 && time.Now().Before(end); left = grown(before) {
			time.Sleep(10 * time.Millisecond)
		}
		for _, l := range left {
			t.Error(l)
		}
	})
}

// A birth is what leaks are compared by: one that was alive before may have
// been collected since.
type birth struct{ kind, stack string }

func leaks() map[birth]rouse.Leak {
	all := rouse.Leaks()
	if all == nil {
		return nil
	}
	m := map[birth]rouse.Leak{}
	for _, l := range all {
		b := birth{l.Kind, l.Stack}
		l.Count += m[b].Count
		l.Collected = l.Collected && (m[b].Count == 0 || m[b].Collected)
		m[b] = l
	}
	return m
}

// grown returns what there is more of than before.
func grown(before map[birth]rouse.Leak) (left []rouse.Leak) {
	runtime.GC() // a handle that was lost is so told from one that is alive
	for b, l := range leaks() {
		if l.Count -= before[b].Count; l.Count > 0 {
			left = append(left, l)
		}
	}
	return left
}
