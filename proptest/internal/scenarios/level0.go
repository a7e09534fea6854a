//go:build rouse_explore

package scenarios

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A loop is a work loop on a State alone, of level 0. Nothing but the State orders what its
// threads do.
type loop struct {
	w       *world
	s       rouse.State
	due     explore.Ghost[int] // notifications that nobody has begun
	work    explore.Ghost[int] // not done yet
	running explore.Ghost[int]
	closing explore.Ghost[bool] // Close was called
	ended   explore.Ghost[int]  // cleaned up and finished
	inside  explore.Var[int]    // what the runs guard
	data    [3]explore.Var[int] // by notifier
	told    [3]explore.Ghost[bool]
	yields  explore.Ghost[int] // that the runner still does
}

func newLoop(w *world) *loop {
	l := &loop{w: w}
	w.x.Name(l, "loop")
	w.x.Final(func() {
		n := l.s.Load()
		w.x.Assert(l.due.Get() == 0, "%d notifications are left", l.due.Get())
		w.x.Assert(n.Refs() == 0, "wakers are left: %v", n)
		w.x.Assert(!n.Running() && (n.Complete() || !n.Notified()), "at rest with %v", n)
		if l.closing.Get() {
			w.x.Assert(n.Complete() && l.ended.Get() == 1, "closed, and ended %d times: %v", l.ended.Get(), n)
			return
		}
		w.x.Assert(l.ended.Get() == 0, "ended, and not closed")
		w.x.Assert(l.work.Get() == 0, "%d pieces of work are left: a lost wake", l.work.Get())
	})
	return l
}

func add(g *explore.Ghost[int], n int) int {
	g.Set(g.Get() + n)
	return g.Get()
}

func (l *loop) notifier(i int) {
	l.w.Go("notify"+string(rune('1'+i)), func() {
		l.data[i].Set(1)
		add(&l.work, 1)
		l.notified(l.s.Notify())
		l.told[i].Set(true)
	})
}

func (l *loop) notified(ours bool) {
	if ours {
		l.w.x.Assert(add(&l.due, 1) == 1, "two notifications")
	}
}

func (l *loop) closer(name string) {
	l.w.x.Go(name, func() {
		closes := l.s.Close()
		l.closing.Set(true)
		if closes {
			l.finish()
		}
	})
}

func (l *loop) finish() {
	l.enter()
	add(&l.ended, 1)
	l.leave()
	l.s.Finish()
}

func (l *loop) enter() {
	l.w.x.Assert(add(&l.running, 1) == 1, "two runs at once")
	l.w.x.Assert(l.ended.Get() == 0, "a run after the end")
	l.inside.Set(0 * l.inside.Get())
	for i := range l.data {
		if l.told[i].Get() {
			l.w.x.Assert(l.data[i].Get() == 1, "a run does not see what was written before the Notify that caused it")
		}
	}
}

func (l *loop) leave() { add(&l.running, -1) }

// runner runs what is due. requeue says that it gives a notification on, rather than begin again.
func (l *loop) runner(name string, requeue bool) {
	l.w.x.Daemon(name, func() {
		for {
			l.w.x.At("runner")
			l.w.x.Await("a notification", func() bool { return l.due.Get() > 0 })
			add(&l.due, -1)
			for again := true; again; {
				if again = l.once(); again && requeue {
					l.notified(true)
					again = false
				}
			}
		}
	})
}

// once runs once, and reports whether it has the notification for another run.
func (l *loop) once() bool {
	l.w.x.At("once")
	if !l.s.Begin() {
		l.finish()
		return false
	}
	l.enter()
	l.work.Set(0)
	l.leave()
	l.w.x.At("ran")
	if l.yields.Get() > 0 {
		add(&l.yields, -1)
		l.s.Yield()
		l.notified(true)
		return false
	}
	return l.s.End()
}

// looped is the body of a scenario of a loop.
func looped(runners int, requeue bool, yields, notifiers, closers int) func(w *world) {
	return func(w *world) {
		l := newLoop(w)
		l.yields.Set(yields)
		for i := range notifiers {
			l.notifier(i)
		}
		for i := range closers {
			l.closer("close" + string(rune('1'+i)))
		}
		for i := range runners {
			l.runner("runner"+string(rune('1'+i)), requeue)
		}
	}
}

// misused is the body of a scenario in which one thread misuses a State that another notifies:
// from then on all know, and what the other did is not undone.
func misused(w *world) {
	s, told := new(rouse.State), new(explore.Ghost[bool])
	w.x.Name(s, "state")
	panics := func(f func()) (does bool) {
		defer func() {
			if v := recover(); v != nil {
				_, does = v.(string)
				w.x.Assert(does, "raised %v", v)
			}
		}()
		f()
		return
	}
	w.Go("misuse", func() {
		w.x.Assert(panics(s.Yield), "a run that nobody has was given up")
	})
	w.Go("notify", func() { panics(func() { told.Set(s.Notify()) }) })
	w.x.Final(func() {
		n := s.Load()
		w.x.Assert(n.Poisoned(), "misused, and the word is %v", n)
		w.x.Assert(n.Notified() == told.Get(), "notified is %v, and the word %v", told.Get(), n)
	})
}

// Work loops of level 0.
var loops = []Scenario{
	{"level 0", "2 notifiers", looped(1, false, 0, 2, 0), false},
	{"level 0", "2 notifiers, 2 runners", looped(2, true, 0, 2, 0), false},
	{"level 0", "1 notifier, close, 2 runners that begin again", looped(2, false, 0, 1, 1), false},
	{"level 0", "2 notifiers, 2 runners, yields", looped(2, true, 2, 2, 0), false},
	{"level 0", "3 notifiers", looped(1, true, 0, 3, 0), true},
	{"level 0", "3 notifiers, 2 runners", looped(2, true, 0, 3, 0), true},
	{"level 0", "1 notifier, close, 2 runners", looped(2, true, 0, 1, 1), false},
	{"level 0", "1 notifier, close, yields", looped(1, false, 1, 1, 1), false},
	{"level 0", "1 notifier, 2 closers, 2 runners", looped(2, true, 0, 1, 2), false},
	{"level 0", "2 notifiers, close, yields", looped(2, false, 1, 2, 1), true},
	{"level 0", "misuse against a notifier", misused, false},
	{"level 0", "2 notifiers, 2 closers, 2 runners", looped(2, true, 0, 2, 2), true},
}
