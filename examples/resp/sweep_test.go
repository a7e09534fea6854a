package resp

import (
	"fmt"
	"testing"
	"time"
)

// stepped returns a server whose only loop is run by the test.
func stepped(t *testing.T) (*Server, *loop) {
	s, err := Listen("127.0.0.1:0", Config{Loops: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Shutdown()
		if err := s.Serve(); err != nil || !s.Stats().Balanced() {
			t.Errorf("Serve: %v, %+v", err, s.Stats())
		}
	})
	l := s.loops[0]
	step(l, 0)
	return s, l
}

// step lets time pass, and runs what is due then.
func step(l *loop, d time.Duration) {
	l.now += d
	l.unixMilli += d.Milliseconds()
	l.timers.fire(l.now)
	for l.runTasks() {
	}
}

// All that has expired is removed in one go, however much it is; and nothing is
// looked at when nothing expires.
func TestSweeperKeepsUp(t *testing.T) {
	s, l := stepped(t)
	if l.timers.next(l.now) >= 0 {
		t.Fatal("a timer is set, and no key expires")
	}
	const n = 20_000
	for i := range n {
		put(s.stores[3], fmt.Sprint("short", i), l.unixMilli+1000)
		put(s.stores[5], fmt.Sprint("ever", i), 0)
	}
	put(s.stores[4], "long", l.unixMilli+10_000)
	step(l, 0)
	step(l, 999*time.Millisecond)
	if got := s.stores[3].size(); got != n {
		t.Fatalf("%d keys are left before their time", got)
	}
	step(l, time.Millisecond)
	if got := s.stores[3].size(); got != 0 {
		t.Fatalf("%d of %d expired keys are left", got, n)
	}
	if next := l.timers.next(l.now); next != 9*time.Second {
		t.Errorf("the next key expires in 9 s, and the sweeper runs in %v", next)
	}
	step(l, 9*time.Second)
	if s.stores[4].size() != 0 || s.stores[5].size() != n || l.timers.next(l.now) >= 0 {
		t.Errorf("%d and %d keys are left, the next sweep is in %v", s.stores[4].size(), s.stores[5].size(), l.timers.next(l.now))
	}
}

// A key that expires before all others is not waited for as long as for them.
func TestSweeperHurries(t *testing.T) {
	s, l := stepped(t)
	put(s.stores[0], "long", l.unixMilli+3600_000)
	step(l, 0)
	if next := l.timers.next(l.now); next != sweepLatest {
		t.Fatalf("the next sweep is in %v", next)
	}
	put(s.stores[0], "short", l.unixMilli+10)
	step(l, 0)
	if next := l.timers.next(l.now); next != sweepEvery {
		t.Fatalf("the next sweep is in %v", next)
	}
	step(l, sweepEvery)
	if n := s.stores[0].size(); n != 1 {
		t.Errorf("%d keys are left", n)
	}
}
