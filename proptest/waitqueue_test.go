package proptest_test

import (
	"slices"
	"testing"

	"github.com/rouse-go/rouse"
	"pgregory.net/rapid"
)

// A waiting is a Waiter, next to what it was told.
type waiting struct {
	wait  rouse.Waiter
	by    *sleeper // whose waker it has
	in    bool     // it waits
	told  bool     // and has not polled since
	kind  string   // by what: one, all, close; and permits
	wants int
}

// A line of waitings is what they wait in, next to who waits, in order.
type line struct {
	waitings []*waiting
	sleepers []*sleeper
	queue    []*waiting
}

func newLine(t *rapid.T) *line {
	l := new(line)
	for range 4 {
		l.waitings = append(l.waitings, new(waiting))
		l.sleepers = append(l.sleepers, newSleeper(rapid.IntRange(0, 3).Draw(t, "kind")))
	}
	return l
}

// tell lets the first go on.
func (l *line) tell(kind string) {
	w := l.queue[0]
	l.queue = l.queue[1:]
	w.in, w.told, w.kind = false, true, kind
	w.by.woken()
}

// come makes w wait with s's waker, or wait on with it.
func (l *line) come(w *waiting, s *sleeper) {
	if w.in {
		if w.by != s {
			w.by.drop()
			s.clone()
		}
	} else {
		w.in = true
		s.clone()
		l.queue = append(l.queue, w)
	}
	w.by = s
}

// leave makes w idle, and reports whether it was the first that waits.
func (l *line) leave(w *waiting) (first bool) {
	if w.in {
		first = l.queue[0] == w
		l.queue = slices.DeleteFunc(l.queue, func(v *waiting) bool { return v == w })
		w.by.drop()
	}
	w.in, w.told = false, false
	return first
}

func (l *line) check(t *rapid.T) {
	for _, s := range l.sleepers {
		s.check(t)
	}
}

// run is the act of running a task that was woken.
func (l *line) run() act {
	due := func(s *sleeper) bool { return len(s.due) > 0 }
	return act{"Run", func() bool { return slices.ContainsFunc(l.sleepers, due) }, func(*rapid.T) {
		s := l.sleepers[slices.IndexFunc(l.sleepers, due)]
		n := s.due[0]
		s.due = nil
		s.begin()
		n.Run()
		s.pend()
	}}
}

func seldom(t *rapid.T) bool { return rapid.IntRange(0, 9).Draw(t, "seldom") == 0 }

func waitQueueProperty(t *rapid.T) {
	var q rouse.WaitQueue
	l := newLine(t)
	kept, closed := false, false
	notify := func() {
		switch {
		case closed:
		case len(l.queue) > 0:
			l.tell("one")
		default:
			kept = true
		}
	}
	all := func(kind string) {
		for len(l.queue) > 0 {
			l.tell(kind)
		}
	}
	// poll is Wait, in the model.
	poll := func(w *waiting, s *sleeper) (notified, ready bool) {
		switch {
		case w.told:
			w.told = false
			return w.kind != "close", true
		case w.in:
		case closed:
			return false, true
		case kept:
			kept = false
			return true, true
		}
		l.come(w, s)
		return false, false
	}
	leave := func(w *waiting) {
		passes := w.told && w.kind == "one"
		l.leave(w)
		if passes {
			notify()
		}
	}
	machine(t, l.check,
		act{"NotifyOne", always, func(*rapid.T) { q.NotifyOne(); notify() }},
		act{"NotifyAll", always, func(*rapid.T) { q.NotifyAll(); all("all") }},
		act{"Close", always, func(t *rapid.T) {
			if seldom(t) {
				q.Close()
				all("close")
				closed, kept = true, false
			}
		}},
		act{"Wait", always, func(t *rapid.T) {
			w, s := pick(t, l.waitings, "waiting"), pick(t, l.sleepers, "sleeper")
			notified, ready := q.Wait(rouse.NewContext(s.ref), &w.wait)
			if n, r := poll(w, s); n != notified || r != ready {
				t.Fatalf("Wait returns %v, %v; want %v, %v", notified, ready, n, r)
			}
		}},
		act{"WaitUntil", always, func(t *rapid.T) {
			w, s := pick(t, l.waitings, "waiting"), pick(t, l.sleepers, "sleeper")
			cond := rapid.Bool().Draw(t, "cond")
			holds, ready := q.WaitUntil(rouse.NewContext(s.ref), &w.wait, func() bool { return cond })
			switch {
			case w.told:
				w.told = false
			case cond:
				leave(w)
			}
			if cond && (!holds || !ready) || !cond && (holds || ready != closed) {
				t.Fatalf("WaitUntil returns %v, %v; it holds: %v, closed: %v", holds, ready, cond, closed)
			}
			for !cond {
				if notified, ready := poll(w, s); !ready || !notified {
					break
				}
			}
		}},
		act{"Drop", always, func(t *rapid.T) {
			w := pick(t, l.waitings, "waiting")
			w.wait.Drop()
			leave(w)
		}},
		l.run(),
	)
}

func semaphoreProperty(t *rapid.T) {
	var q rouse.Semaphore
	l := newLine(t)
	free, closed := 0, false
	serve := func() {
		for len(l.queue) > 0 && !closed && l.queue[0].wants <= free {
			free -= l.queue[0].wants
			l.tell("one")
		}
	}
	few := rapid.IntRange(0, 3)
	machine(t, l.check,
		act{"Release", always, func(t *rapid.T) {
			n := few.Draw(t, "n")
			q.Release(n)
			free += n
			serve()
		}},
		act{"TryAcquire", always, func(t *rapid.T) {
			n := few.Draw(t, "n")
			got := q.TryAcquire(n)
			want := !closed && len(l.queue) == 0 && n <= free
			if got != want {
				t.Fatalf("TryAcquire(%d) of %d reports %v, want %v", n, free, got, want)
			}
			if got {
				free -= n
			}
		}},
		act{"Acquire", always, func(t *rapid.T) {
			w, s := pick(t, l.waitings, "waiting"), pick(t, l.sleepers, "sleeper")
			if !w.in && !w.told {
				w.wants = few.Draw(t, "n")
			}
			acquired, ready := q.Acquire(rouse.NewContext(s.ref), &w.wait, w.wants)
			want := [2]bool{}
			switch {
			case w.told:
				w.told = false
				want = [2]bool{w.kind != "close", true}
			case w.in:
				l.come(w, s)
			case closed:
				want = [2]bool{false, true}
			case len(l.queue) == 0 && w.wants <= free:
				free -= w.wants
				want = [2]bool{true, true}
			default:
				l.come(w, s)
			}
			if got := [2]bool{acquired, ready}; got != want {
				t.Fatalf("Acquire(%d) returns %v, want %v", w.wants, got, want)
			}
		}},
		act{"Close", always, func(t *rapid.T) {
			if seldom(t) {
				q.Close()
				closed = true
				for len(l.queue) > 0 {
					l.tell("close")
				}
			}
		}},
		act{"Drop", always, func(t *rapid.T) {
			w := pick(t, l.waitings, "waiting")
			w.wait.Drop()
			if w.told && w.kind == "one" {
				free += w.wants
			}
			l.leave(w)
			serve()
		}},
		l.run(),
	)
}

func TestWaitQueue(t *testing.T) { check(t, waitQueueProperty) }
func TestSemaphore(t *testing.T) { check(t, semaphoreProperty) }
