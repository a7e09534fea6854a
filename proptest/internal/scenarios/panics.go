//go:build rouse_explore

package scenarios

import (
	"errors"
	"runtime"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A point is a place where user code runs, that does not return when it is come to for the first
// time: it panics, or calls runtime.Goexit.
type point struct {
	name  string
	arm   func(t *task, s *spy, raise func() func())
	level int  // of the tasks that have it; 0 is any
	ends  bool // in a destructor
	hooks bool // its scheduler has Hooks
	keeps bool // and keeps orphans
	loses bool // an outcome that is being handed over may be lost
}

var points = []point{
	{name: "first poll", arm: func(t *task, _ *spy, raise func() func()) {
		f := raise()
		t.inPoll = func(rouse.Context) { f() }
	}},
	{name: "ready poll", arm: func(t *task, _ *spy, raise func() func()) {
		f := raise()
		t.inPoll = func(rouse.Context) {
			if t.events.g.Get() >= t.need {
				f()
			}
		}
	}},
	{name: "woken poll", arm: func(t *task, _ *spy, raise func() func()) {
		f := raise()
		t.inPoll = func(cx rouse.Context) {
			cx.Waker().WakeByRef()
			f()
		}
	}},
	{name: "drop of the future", ends: true, arm: func(t *task, _ *spy, raise func() func()) { t.inDrop = raise() }},
	{name: "drop of the output", level: 2, ends: true, arm: func(t *task, _ *spy, raise func() func()) { t.outEnd = raise() }},
	{name: "both drops", level: 2, ends: true, arm: func(t *task, _ *spy, raise func() func()) { t.inDrop, t.outEnd = raise(), raise() }},
	{name: "poll and drop", ends: true, arm: func(t *task, _ *spy, raise func() func()) {
		f := raise()
		t.inPoll, t.inDrop = func(rouse.Context) { f() }, raise()
	}},
	{name: "Schedule", arm: inHooks("Schedule")},
	{name: "Schedule, and drop of the future", ends: true, arm: func(t *task, s *spy, raise func() func()) {
		inHooks("Schedule")(t, s, raise)
		t.inDrop = raise()
	}},
	{name: "Yield", arm: func(t *task, s *spy, raise func() func()) {
		t.selfs = 1
		inHooks("Yield")(t, s, raise)
	}},
	{name: "Release", arm: inHooks("Release"), level: 1},
	{name: "Unlist", arm: inHooks("Unlist"), level: 2, hooks: true},
	{name: "Terminated", arm: inHooks("Terminated"), level: 2, hooks: true},
	{name: "poll, and Panicked", hooks: true, arm: func(t *task, s *spy, raise func() func()) {
		inHooks("Panicked")(t, s, raise)
		f := raise()
		t.inPoll = func(rouse.Context) { f() }
	}},
	{name: "poll, which Panicked deals with", hooks: true, arm: func(t *task, s *spy, raise func() func()) {
		f := raise()
		t.handled, t.inPoll = true, func(rouse.Context) { f() }
	}},
	{name: "report of an orphan", level: 2, keeps: true, arm: inHooks("Orphaned")},
	{name: "wake of the joiner", level: 2, arm: func(t *task, s *spy, raise func() func()) { s.onWake = raise() }},
	{name: "drop of the join waker", level: 2, loses: true, arm: func(t *task, s *spy, raise func() func()) { s.lone, s.onDrop = true, raise() }},
	{name: "wake and drop of the joiner", level: 2, loses: true, arm: func(t *task, s *spy, raise func() func()) { s.lone, s.onWake, s.onDrop = true, raise(), raise() }},
}

func inHooks(names ...string) func(t *task, _ *spy, raise func() func()) {
	return func(t *task, _ *spy, raise func() func()) {
		t.hooks = map[string]func(){}
		for _, name := range names {
			t.hooks[name] = raise()
		}
	}
}

var errRaised = errors.New("raised by a scenario")

// raises returns what does not return the first time.
func (t *task) raises(exit bool) func() {
	fired := new(explore.Ghost[bool])
	return func() {
		if t.w.resting || fired.Get() {
			return
		}
		fired.Set(true)
		t.raised.add(1)
		if exit {
			runtime.Goexit()
		}
		panic(errRaised)
	}
}

// A company is what else is done to the task meanwhile.
type company struct {
	name  string
	level int
	spawn spawn
	need  int
	do    func(t *task, s *spy)
	full  bool
}

var companies = []company{
	{"joiner, by val", 2, joinedO, 1, func(t *task, s *spy) { t.byVal(); t.persists(s) }, true},
	{"joiner, ready at once", 2, joined, 0, func(t *task, s *spy) { t.persists(s) }, false},
	{"poll and detach, by val", 2, joined, 1, func(t *task, s *spy) { t.byVal(); t.gives(s) }, true},
	{"joiner, abort", 2, joined, never, func(t *task, s *spy) { t.aborter(); t.persists(s) }, true},
	{"no destructors: joiner, ready at once", 2, joined.bared(), 0, func(t *task, s *spy) { t.persists(s) }, false},
	{"no destructors: poll and detach, ready at once", 2, joined.bared(), 0, func(t *task, s *spy) { t.gives(s) }, false},
	{"detached, by ref", 2, joined, 1, func(t *task, s *spy) { detach((*task).byRef)(t) }, false},
	{"detached, drop", 2, joinedO, never, func(t *task, s *spy) { detach((*task).dropper)(t) }, false},
	{"joiner, shutdown", 2, owned, 0, func(t *task, s *spy) { t.persists(s); t.w.shutdown() }, true},
	{"joiner, closed scheduler, by val", 2, joined, 1, func(t *task, s *spy) { t.byVal(); t.persists(s); t.w.closer() }, true},
	{"level 1: by val", 1, spawn{}, 1, func(t *task, _ *spy) { t.byVal() }, false},
	{"level 1: abort, by ref", 1, spawn{}, 1, func(t *task, _ *spy) { t.aborter(); t.byRef() }, true},
	{"level 1: closed scheduler, by val", 1, spawn{}, 1, func(t *task, _ *spy) { t.byVal(); t.w.closer() }, true},
}

// persists awaits the outcome, and polls again if that raised a panic.
func (t *task) persists(s *spy) {
	t.w.x.Daemon(t.name+".join", func() {
		for !t.join.IsZero() {
			raised, woken := s.raised.Get(), s.wakes.Get()
			if t.joinsWith(s) || t.join.IsZero() {
				return
			}
			if s.raised.Get() == raised {
				t.waiting.add(1)
				t.w.x.Await("woken", func() bool { return s.wakes.Get() > woken })
				t.waiting.add(-1)
			}
		}
	})
}

// gives polls once, then detaches.
func (t *task) gives(s *spy) {
	t.w.x.Go(t.name+".gives", func() {
		if !t.joinsWith(s) && !t.join.IsZero() {
			t.detach()
		}
	})
}

// joinsWith notes whether the poll raised a panic.
func (t *task) joinsWith(s *spy) bool {
	returned := false
	defer func() {
		if !returned {
			s.raised.Set(true)
		}
	}()
	ready := explore.Do(t.w.x, func() bool {
		defer t.unwound()
		s.joins = true
		r, ready := t.join.Poll(s.cx())
		returned = true
		if ready {
			t.joined(r)
		}
		return ready
	})
	if s.lone && !ready { // the slot may have the last one now
		t.w.x.Do(func() {
			defer t.unwound()
			s.drop()
		})
	}
	return ready
}

// broken is the scenario of p in company of c.
func broken(p point, c company, exit bool) Scenario {
	how := "panic"
	if exit {
		how = "Goexit"
	}
	return Scenario{how, p.name + "; " + c.name, func(w *world) {
		var t *task
		if c.level == 1 {
			t = w.first("a", vtable(false, false))
			t.need = c.need
		} else {
			s := c.spawn
			s.hooks, s.keeps = p.hooks, p.keeps
			t = w.spawn("a", c.need, 0, s)
		}
		t.panics, t.loses = true, p.loses
		w.helps = exit // a thread that is ended leaves what it holds
		t.may(orphaned, rouse.CauseDropped)
		s := w.spy()
		executors := 1
		p.arm(t, s, func() func() {
			if exit { // it may end the one that runs it
				executors++
			}
			return t.raises(exit)
		})
		c.do(t, s)
		w.executors(executors)
	}, c.full}
}

// breaks returns the scenarios of all points in all companies that have them.
func breaks() (all []Scenario) {
	for _, exit := range []bool{false, true} {
		for _, p := range points {
			for _, c := range companies {
				if (p.level == 0 || p.level == c.level) && !(p.ends && c.spawn.bare) {
					all = append(all, broken(p, c, exit))
				}
			}
		}
	}
	return
}
