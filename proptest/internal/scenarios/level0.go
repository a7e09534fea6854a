//go:build rouse_explore

package scenarios

import (
	"strings"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A loop is a work loop on a State alone, of level 0. Nothing but the State orders what its
// threads do.
type loop struct {
	w          *world
	s          rouse.State
	due        explore.Ghost[int] // notifications that nobody has begun
	running    explore.Ghost[int]
	closing    explore.Ghost[bool] // Close has taken effect
	ended      explore.Ghost[int]  // finished, and not opened again
	quiet      explore.Ghost[bool] // a caller of Suspend was told that no run is under way or owed
	yields     explore.Ghost[int]  // that the runner still does
	pauses     explore.Ghost[int]  // how often a run still suspends the State
	unwinds    explore.Ghost[int]  // how often the handler still panics while it cleans up
	inside     explore.Var[int]    // what the runs guard
	alone      bool                // nobody closes: the one that suspended the State at rest may use that too
	work       [maxPieces]piece
	pieces     int
	suspenders int
}

const maxPieces = 4

// A piece of work is brought by one thread.
type piece struct {
	data     explore.Var[int] // written before the Notify
	accepted explore.Ghost[bool]
	seen     explore.Ghost[bool]
}

func newLoop(w *world) *loop {
	l := &loop{w: w, alone: true}
	w.x.Name(l, "loop")
	w.x.Final(func() {
		n := l.s.Load()
		w.x.Assert(l.due.Get() == 0, "%d notifications are left", l.due.Get())
		w.x.Assert(n.Refs() == 0, "wakers are left: %v", n)
		w.x.Assert(n.Complete() == (l.ended.Get() == 1), "finished %d times: %v", l.ended.Get(), n)
		w.x.Assert(!n.Running() && (n.Complete() || n.Suspended() || !n.Notified()), "at rest with %v", n)
		w.x.Assert(!l.closing.Get() || n.Complete(), "closed, and not finished: %v", n)
		kept := l.s.Resume()
		for i := range l.work {
			p := &l.work[i]
			w.x.Assert(!p.accepted.Get() || p.seen.Get() || kept, "piece %d of the work is left: a lost wake", i)
		}
	})
	return l
}

func add(g *explore.Ghost[int], n int) int {
	g.Set(g.Get() + n)
	return g.Get()
}

func (l *loop) piece() *piece {
	l.pieces++
	return &l.work[l.pieces-1]
}

func (p *piece) push() {
	p.data.Set(1)
}

func (l *loop) notifier() {
	p := l.piece()
	l.w.Go("notify"+string(rune('0'+l.pieces)), func() {
		p.push()
		l.notified(l.s.Notify())
		p.accepted.Set(l.ended.Get() == 0)
	})
}

func (l *loop) poster() {
	p := l.piece()
	l.w.Go("post"+string(rune('0'+l.pieces)), func() { l.post(p) })
}

func (l *loop) post(p *piece) {
	p.push()
	start, ok := l.s.TryNotify()
	open := !l.closing.Get() && l.ended.Get() == 0
	l.w.x.Assert(ok == open && (ok || !start), "TryNotify reports %v, %v, and the State is open: %v", start, ok, open)
	l.notified(start)
	p.accepted.Set(ok)
}

func (l *loop) notified(ours bool) {
	if ours {
		l.w.x.Assert(add(&l.due, 1) == 1, "two notifications")
	}
}

func (l *loop) closer(name string) {
	l.alone = false
	l.w.Go(name, l.close)
}

func (l *loop) close() {
	closes := l.s.Close()
	if l.ended.Get() == 0 {
		l.closing.Set(true)
		l.quiet.Set(false)
	}
	if closes {
		l.finish()
	}
}

// restarter closes the State, waits until it is finished, opens it again and posts.
func (l *loop) restarter() {
	l.alone = false
	p := l.piece()
	l.w.Go("restart", func() {
		l.close()
		l.w.x.Await("the end", func() bool { return l.ended.Get() > 0 })
		l.w.x.Assert(l.s.Open(), "a finished State was not opened")
		l.ended.Set(0)
		l.closing.Set(false)
		l.post(p)
	})
}

// suspender suspends the State, and resumes it if resumes is true.
func (l *loop) suspender(resumes bool) {
	l.suspenders++
	name := "suspend" + string(rune('0'+l.suspenders))
	l.w.Go(name, func() {
		rests := l.s.Suspend()
		if rests {
			l.w.x.Assert(l.running.Get() == 0, "Suspend reports true during a run")
			l.quiet.Set(true)
			if l.alone && l.suspenders == 1 {
				l.inside.Set(0 * l.inside.Get())
			}
		}
		if resumes {
			l.w.step()
			l.notified(l.s.Resume())
			l.quiet.Set(false)
		}
	})
}

// finish cleans up, and ends the State.
func (l *loop) finish() {
	for {
		l.w.x.At("finish")
		l.enter()
		l.leave()
		if l.unwinds.Get() > 0 {
			add(&l.unwinds, -1)
			l.notified(l.s.Yield())
			return
		}
		if l.s.Finish() {
			add(&l.ended, 1)
			return
		}
	}
}

// enter is right behind the operation by which the caller has the run, or looks again.
func (l *loop) enter() {
	l.w.x.Assert(add(&l.running, 1) == 1, "two runs at once")
	l.w.x.Assert(l.ended.Get() == 0, "a run after the end")
	l.w.x.Assert(!l.quiet.Get(), "a run while the State is suspended")
	l.inside.Set(0 * l.inside.Get())
	for i := range l.work {
		p := &l.work[i]
		if p.accepted.Get() {
			l.w.x.Assert(p.data.Get() == 1, "a run does not see what was written before the Notify that caused it")
		}
		p.seen.Set(p.seen.Get() || p.accepted.Get()) // no run that began before is enough
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
	l.leave()
	l.w.x.At("ran")
	if l.pauses.Get() > 0 {
		add(&l.pauses, -1)
		l.w.x.Assert(!l.s.Suspend(), "Suspend reports true inside a run")
	}
	if l.yields.Get() > 0 {
		add(&l.yields, -1)
		l.notified(l.s.Yield())
		return false
	}
	return l.s.End()
}

// looped is the body of a scenario of a loop.
func looped(runners int, requeue bool, yields, notifiers, closers int) func(w *world) {
	return func(w *world) {
		l := newLoop(w)
		l.yields.Set(yields)
		for range notifiers {
			l.notifier()
		}
		for i := range closers {
			l.closer("close" + string(rune('1'+i)))
		}
		for i := range runners {
			l.runner("runner"+string(rune('1'+i)), requeue)
		}
	}
}

// What is done to a loop by a thread of its own.
var loopOperations = []struct {
	name string
	do   func(*loop)
}{
	{"Notify", (*loop).notifier},
	{"TryNotify", (*loop).poster},
	{"Close", func(l *loop) { l.closer("close" + string(rune('1'+l.pieces))) }},
	{"Suspend", func(l *loop) { l.suspender(false) }},
	{"Suspend, Resume", func(l *loop) { l.suspender(true) }},
	{"Close, Open, TryNotify", (*loop).restarter},
}

// loopCombinations are all combinations of n of them, beside one runner that begins again, or that
// yields, suspends the State itself, and unwinds, once each.
func loopCombinations(n int) (all []Scenario) {
	restart := len(loopOperations) - 1
	var pick func(from int, chosen []int)
	pick = func(from int, chosen []int) {
		if len(chosen) < n {
			for i := from; i <= restart; i++ {
				next := i
				if i == restart {
					next++ // one alone opens the State again
				}
				pick(next, append(chosen[:len(chosen):len(chosen)], i))
			}
			return
		}
		var names []string
		for _, i := range chosen {
			names = append(names, loopOperations[i].name)
		}
		name := strings.Join(names, " + ")
		body := func(odd int) func(w *world) {
			return func(w *world) {
				l := newLoop(w)
				l.yields.Set(odd)
				l.pauses.Set(odd)
				l.unwinds.Set(odd)
				for _, i := range chosen {
					loopOperations[i].do(l)
				}
				l.runner("runner", false)
			}
		}
		all = append(all, Scenario{"level 0", name, body(0), n > 2}, Scenario{"level 0", name + "; yields, suspends, unwinds", body(1), n > 2})
	}
	pick(0, nil)
	return
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
		w.x.Assert(panics(func() { s.Yield() }), "a run that nobody has was given up")
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
