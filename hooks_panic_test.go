package rouse

import (
	"errors"
	"fmt"
	"testing"
)

// A hook that does not return: the task has ended as it would have, and what
// the hook raised goes on to the caller of Run.
func TestHookThatUnwinds(t *testing.T) {
	for how, f := range unwinds {
		for _, hook := range []string{"Panicked", "Terminated", "Unlist"} {
			for _, joined := range []bool{true, false} {
				t.Run(fmt.Sprint(hook, ", ", how, ", joined ", joined), func(t *testing.T) {
					s := hooked{in: map[string]func(){hook: f}}
					j := Spawn[output](&s, pollsThat(&s.loop, panics("poll")))
					var w spy
					if joined {
						j.Poll(w.cx())
					} else {
						j.Detach()
					}
					e := ends(func() { s.run() })
					wantHookRaised(t, e, how, hook, joined)
					if joined {
						_, err := join(t, &j)
						wantCause(t, err, CausePanicked, "poll")
						if w.byRefs != 1 || w.live() != 0 {
							t.Errorf("the joiner was woken %d times, %d wakers left", w.byRefs, w.live())
						}
					}
					s.want(t, counts{scheduled: 1, polls: 1, futures: 1, released: 1}, detachedDone)
					if len(s.terminated) != 1 || len(s.panicked) != 1 || s.releases != 1 {
						t.Errorf("told %v and %v, and asked %d times to release", s.panicked, s.terminated, s.releases)
					}
				})
			}
		}
	}
}

// A detached task's own panic goes on too, unless it was the hook that would
// have dealt with it that panicked.
func wantHookRaised(t *testing.T, e ended, how, hook string, joined bool) {
	t.Helper()
	err, _ := e.value.(error)
	own := errors.Is(err, ErrPanicked)
	if want := !joined && hook != "Panicked"; own != want {
		t.Errorf("the task's own panic: %v, want %v", e, want)
	}
	if how == "panic" && err == nil && fmt.Sprint(e.value) != "waker" || how == "exit" && !own && !e.exit {
		t.Errorf("Run ended by %v", e)
	}
}

// The list of a scheduler of its own owns the task until Release says that it
// was on it.
func TestReleaseHookEndsTheListsClaim(t *testing.T) {
	for _, listed := range []bool{true, false} {
		s := hooked{listed: listed}
		j := SpawnWith[output](&s, s.ready(1), Options{Listed: true})
		j.Detach()
		s.want(t, counts{scheduled: 1}, "NOTIFIED|ORPHANABLE refs=0")
		s.run()
		if !listed {
			s.want(t, counts{scheduled: 1, polls: 1, futures: 1, outputs: 1}, "COMPLETE|ORPHANABLE refs=0")
			s.last.Shutdown() // what took it off the list ends its claim
		}
		s.want(t, counts{scheduled: 1, polls: 1, futures: 1, outputs: 1, released: 1}, detachedDone)
	}
}

// A task of a closed list of the scheduler's own is shut down where it stands.
func TestShutdownOfAListedTask(t *testing.T) {
	var s hooked
	var w Waker
	j := SpawnWith[output](&s, s.never(&w), Options{Listed: true})
	s.run()
	s.last.Shutdown()
	s.want(t, counts{scheduled: 1, polls: 1, futures: 1}, "COMPLETE|JOIN_INTEREST|CANCELLED(shut down)|UNOWNED|ORPHANABLE refs=1")
	_, err := join(t, &j)
	wantCause(t, err, CauseShutdown, nil)
	w.Drop()
	if s.released != 1 || len(s.terminated) != 1 || !errors.Is(s.terminated[0], ErrShutdown) {
		t.Errorf("%+v, terminated by %v", s.counts, s.terminated)
	}
}
