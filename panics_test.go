package rouse

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
)

// A misfortune is what user code panics with: the name of the place where.
type misfortune string

// A mishap says what user code does at some places, and notes where it was called.
type mishap struct {
	how   map[string]string // by place: "panic" or "exit"; else it returns
	deals bool              // what Panicked reports
	log   []string
	quiet bool // while the story is set up
}

func (m *mishap) at(place string) {
	if m.quiet {
		return
	}
	m.log = append(m.log, place)
	switch m.how[place] {
	case "panic":
		panic(misfortune(place))
	case "exit":
		runtime.Goexit()
	case "nil":
		panic(nil)
	}
}

// setUp does f without a mishap.
func (m *mishap) setUp(f func()) {
	m.quiet = true
	f()
	m.quiet = false
}

// A mishapQueue is a scheduler with hooks.
type mishapQueue struct {
	*mishap
	q       LocalQueue
	refuses bool
}

func (s *mishapQueue) Schedule(n Notified, _ Reason) {
	if s.refuses {
		n.Drop()
		s.at("Schedule")
		return
	}
	s.at("Schedule")
	s.q.Push(n)
}

func (s *mishapQueue) Yield(n Notified)               { s.at("Yield"); s.q.Push(n) }
func (s *mishapQueue) Panicked(*JoinError) bool       { s.at("Panicked"); return s.deals }
func (s *mishapQueue) Terminated(RawTask, *JoinError) { s.at("Terminated") }
func (s *mishapQueue) Unlist(RawTask) bool            { s.at("Unlist"); return false }

// runOne runs what was queued without a mishap.
func (s *mishapQueue) runOne() { n, _ := s.q.Pop(); n.Run() }

// A mishapKeeper keeps orphans besides.
type mishapKeeper struct{ mishapQueue }

func (s *mishapKeeper) Orphaned(RawTask, *JoinError) { s.at("Orphaned") }

// A mishapFuture is ready in its second poll, or in its first.
type mishapFuture struct {
	*mishap
	name  string // of the future, for its destructor
	ready bool
	wakes bool
	w     *Waker
}

func (f mishapFuture) Poll(cx Context) (mishapOutput, bool) {
	if f.wakes {
		cx.Waker().WakeByRef()
	}
	if f.w != nil {
		f.w.CloneFrom(cx.Waker())
	}
	f.at("Poll")
	return mishapOutput{f.mishap}, f.ready
}

func (f mishapFuture) Drop() { f.at(f.name) }

type mishapOutput struct{ *mishap }

func (o mishapOutput) Drop() { o.at("output") }

// A mishapActor is a task of level 1.
type mishapActor struct {
	Header
	*mishap
	ready bool
	q     LocalQueue
}

var (
	mishapOps = Ops[mishapActor]{
		Poll:     func(a *mishapActor, _ Context) bool { a.at("Poll"); return a.ready },
		Cancel:   func(a *mishapActor, _ Cause) { a.at("Cancel") },
		Schedule: func(a *mishapActor, n Notified, _ Reason) { a.at("Schedule"); a.q.Push(n) },
		Yield:    func(a *mishapActor, n Notified) { a.at("Yield"); a.q.Push(n) },
		Release:  func(a *mishapActor) { a.at("Release") },
		Panicked: func(a *mishapActor, _ *JoinError) bool { a.at("Panicked"); return a.deals },
	}
	mishapActors     = NewVtable(mishapOps)
	mishapKeptActors = func() *Vtable[mishapActor] {
		o := mishapOps
		o.OrphanCheck = true
		o.Orphaned = func(a *mishapActor, _ *JoinError) { a.at("Orphaned") }
		return NewVtable(o)
	}()
)

// A story is a call that leads to user code at several places.
type story struct {
	name   string
	places []string
	// ends are the places of which the first that unwinds is how the task ended.
	// A joiner learns of it; if there is none, and Panicked does not deal with
	// it, the call does.
	ends   []string
	joined bool
	call   func(m *mishap) (call func(), outcome func() (*JoinError, bool))
}

func noOutcome() (*JoinError, bool) { return nil, false }

func outcomeOf(j *JoinHandle[mishapOutput]) func() (*JoinError, bool) {
	return func() (*JoinError, bool) {
		res, ready := j.TryJoin()
		var err *JoinError
		errors.As(res.Err, &err)
		return err, ready
	}
}

var stories = []story{
	{"run", []string{"Poll", "future", "output", "Panicked", "Terminated", "Unlist"}, []string{"Poll", "future"}, false,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			s := &mishapQueue{mishap: m}
			m.setUp(func() { SpawnDetached[mishapOutput](s, mishapFuture{mishap: m, name: "future", ready: true}) })
			return s.runOne, noOutcome
		}},
	{"run, joined", []string{"Poll", "future", "output", "Panicked", "waker", "Terminated", "Unlist"}, []string{"Poll", "future"}, true,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			s := &mishapQueue{mishap: m}
			j := new(JoinHandle[mishapOutput])
			m.setUp(func() {
				*j = Spawn[mishapOutput](s, mishapFuture{mishap: m, name: "future", ready: true})
				j.Poll((&spy{onRef: func() { m.at("waker") }}).cx())
			})
			return s.runOne, outcomeOf(j)
		}},
	{"run, the joiner gives up", []string{"Poll", "future", "output", "Panicked", "waker", "waker's drop", "Terminated", "Unlist"}, []string{"Poll", "future"}, true,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			s := &mishapQueue{mishap: m}
			j := new(JoinHandle[mishapOutput])
			m.setUp(func() {
				*j = Spawn[mishapOutput](s, mishapFuture{mishap: m, name: "future", ready: true})
				j.Poll((&spy{onRef: func() { j.Detach(); m.at("waker") }, onEnd: func() { m.at("waker's drop") }}).cx())
			})
			return s.runOne, noOutcome
		}},
	{"run, without hooks, the joiner gives up", []string{"waker", "waker's drop"}, nil, true,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			var q LocalQueue
			j := Spawn[int](&q, Ready(1))
			j.Poll((&spy{onRef: func() { j.Detach(); m.at("waker") }, onEnd: func() { m.at("waker's drop") }}).cx())
			return func() { q.RunOne() }, noOutcome
		}},
	{"run, yields", []string{"Yield", "future", "Panicked", "Terminated", "Unlist"}, []string{"future"}, false,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			s := &mishapQueue{mishap: m}
			m.setUp(func() {
				SpawnDetached[mishapOutput](s, mishapFuture{mishap: m, name: "future", wakes: true})
			})
			return s.runOne, noOutcome
		}},
	{"detach", []string{"waker's drop", "output"}, nil, true,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			s := &mishapQueue{mishap: m}
			j := new(JoinHandle[mishapOutput])
			m.setUp(func() {
				*j = Spawn[mishapOutput](s, mishapFuture{mishap: m, name: "future", ready: true})
				j.Poll((&spy{onEnd: func() { m.at("waker's drop") }}).cx())
				s.runOne()
			})
			return j.Detach, noOutcome
		}},
	{"wake", []string{"Schedule", "future", "Panicked", "Terminated", "Unlist"}, []string{"future"}, false,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			s, w := &mishapQueue{mishap: m}, new(Waker)
			m.setUp(func() {
				SpawnDetached[mishapOutput](s, mishapFuture{mishap: m, name: "future", w: w})
				s.runOne()
			})
			return w.Wake, noOutcome
		}},
	{"wake, refused", []string{"Schedule", "future", "Panicked", "Terminated", "Unlist"}, []string{"future"}, true,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			s, w := &mishapQueue{mishap: m}, new(Waker)
			j := new(JoinHandle[mishapOutput])
			m.setUp(func() {
				*j = Spawn[mishapOutput](s, mishapFuture{mishap: m, name: "future", w: w})
				s.runOne()
				s.refuses = true
			})
			return w.Wake, outcomeOf(j)
		}},
	{"an orphan is kept", []string{"Orphaned", "Schedule", "future", "Panicked", "Terminated", "Unlist"}, []string{"future"}, true,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			s, w := &mishapKeeper{mishapQueue{mishap: m}}, new(Waker)
			j := new(JoinHandle[mishapOutput])
			m.setUp(func() {
				*j = Spawn[mishapOutput](s, mishapFuture{mishap: m, name: "future", w: w})
				s.runOne()
			})
			return w.Drop, noOutcome
		}},
	{"two are shut down", []string{"future 1", "future 2", "Terminated"}, []string{"future 1", "future 2"}, true,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			s, o := &mishapQueue{mishap: m}, new(OwnedTasks)
			m.setUp(func() {
				for _, name := range []string{"future 1", "future 2"} {
					SpawnWith[mishapOutput](s, mishapFuture{mishap: m, name: name, w: new(Waker)}, Options{Owned: o})
					s.runOne()
				}
			})
			return o.CloseAndShutdownAll, noOutcome
		}},
	{"a queue closes", []string{"future 1", "future 2"}, []string{"future 1", "future 2"}, true,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			q := new(RunQueue)
			for _, name := range []string{"future 1", "future 2"} {
				Spawn[mishapOutput](q, mishapFuture{mishap: m, name: name})
			}
			return q.Close, noOutcome
		}},
	{"a shared queue closes", []string{"future 1", "future 2"}, []string{"future 1", "future 2"}, true,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			q := new(SharedQueue)
			for _, name := range []string{"future 1", "future 2"} {
				Spawn[mishapOutput](ScheduleFunc(func(n Notified, _ Reason) { q.Push(n) }), mishapFuture{mishap: m, name: name})
			}
			return q.Close, noOutcome
		}},
	{"run of an actor", []string{"Poll", "Cancel", "Panicked", "Release"}, []string{"Poll", "Cancel"}, false,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			return mishapActors.InitNotified(&mishapActor{mishap: m, ready: true}).Run, noOutcome
		}},
	{"wake of an actor", []string{"Schedule", "Cancel", "Panicked"}, []string{"Cancel"}, false,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			a := &mishapActor{mishap: m}
			mishapActors.Init(a)
			return a.Wake, noOutcome
		}},
	{"drop of an actor", []string{"Cancel", "Panicked", "Release"}, []string{"Cancel"}, false,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			return mishapActors.InitNotified(&mishapActor{mishap: m}).Drop, noOutcome
		}},
	{"an orphan of an actor is kept", []string{"Orphaned", "Schedule", "Cancel", "Panicked"}, []string{"Cancel"}, false,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			a := &mishapActor{mishap: m}
			n, _ := mishapKeptActors.InitBound(a, new(OwnedTasks))
			w := a.WakerRef().Clone()
			m.setUp(n.Run)
			return w.Drop, noOutcome
		}},
	{"the last but one waker of another kind", []string{"WakeByRef", "Drop"}, nil, true,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			var second Waker
			s := &spy{onRef: func() { second.Drop(); m.at("WakeByRef") }, onEnd: func() { m.at("Drop") }}
			w := s.ref().Clone()
			second = w.Clone()
			return w.Wake, noOutcome
		}},
	{"all are notified", []string{"waker 1", "waker 2"}, nil, true,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			q := new(WaitQueue)
			for _, place := range []string{"waker 1", "waker 2"} {
				w := FuncWaker(func() { m.at(place) })
				q.Wait(NewContext(w.Borrow()), new(Waiter))
			}
			return q.NotifyAll, noOutcome
		}},
	{"permits for two", []string{"waker 1", "waker 2"}, nil, true,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			q := new(Semaphore)
			for _, place := range []string{"waker 1", "waker 2"} {
				w := FuncWaker(func() { m.at(place) })
				q.Acquire(NewContext(w.Borrow()), new(Waiter), 1)
			}
			return func() { q.Release(2) }, noOutcome
		}},
	{"the first in the line for permits gives up", []string{"waker", "drop"}, nil, true,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			q, first := new(Semaphore), new(Waiter)
			q.Release(1)
			q.Acquire((&spy{onEnd: func() { m.at("drop") }}).cx(), first, 2)
			w := FuncWaker(func() { m.at("waker") })
			q.Acquire(NewContext(w.Borrow()), new(Waiter), 1)
			return first.Drop, noOutcome
		}},
	{"BlockOn", []string{"Poll", "future", "output"}, nil, true,
		func(m *mishap) (func(), func() (*JoinError, bool)) {
			return func() {
				_, _ = BlockOn[mishapOutput](context.Background(), mishapFuture{mishap: m, name: "future", ready: true})
			}, noOutcome
		}},
}

// ofTwo reports whether two tasks end.
func (s *story) ofTwo() bool { return s.places[0] == "future 1" }

// wants says what the call of a story raises, of what was called in it: each
// panic that is not how a task ended, in its order; how the task ended, if it was
// a panic that nobody else learns of, where Panicked was or would have been told;
// and otherwise a Goexit, if there was one.
func (s *story) wants(m *mishap) (all []any, exit bool, outcome string) {
	var ends any // raised before what follows the destructors
	for _, place := range m.log {
		if ends != nil && !slices.Contains([]string{"Poll", "future", "output", "Cancel"}, place) {
			if place != "Panicked" || !m.deals || m.how[place] != "" {
				all = append(all, ends)
			}
			ends = nil
		}
		switch how := m.how[place]; {
		case how == "":
		case slices.Contains(s.ends, place) && (outcome == "" || s.ofTwo()):
			outcome = place
			if how == "panic" && !s.joined {
				ends = JoinError{Cause: CausePanicked, Value: misfortune(place)}
			}
			exit = exit || how == "exit"
		case how == "exit":
			exit = true
		default:
			all = append(all, misfortune(place))
		}
	}
	if ends != nil {
		all = append(all, ends)
	}
	return all, exit && all == nil, outcome
}

// raisedIn returns what is in the value of a panic.
func raisedIn(v any) (all []any) {
	if several, ok := v.(interface{ Unwrap() []error }); ok {
		for _, err := range several.Unwrap() {
			all = append(all, raisedIn(err)...)
		}
		return all
	}
	if kept, ok := v.(interface{ PanicValue() any }); ok {
		return []any{kept.PanicValue()}
	}
	if err, ok := v.(*JoinError); ok {
		return []any{JoinError{Cause: err.Cause, Value: err.Value}}
	}
	if v == nil {
		return nil
	}
	return []any{v}
}

// User code returns, panics or exits at each place, and at each two places: the
// call raises all that was raised, and does all that it has to do.
func TestUserCodeUnwinds(t *testing.T) {
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			reached := map[string]bool{}
			for how := range s.mishaps() {
				for _, deals := range []bool{false, true} {
					m := &mishap{how: how, deals: deals}
					call, outcome := s.call(m)
					e := ends(call)
					want, exit, ended := s.wants(m)
					got := raisedIn(e.value)
					if fmt.Sprint(got) != fmt.Sprint(want) || e.exit != exit {
						t.Errorf("%v, Panicked reports %v, called %q: raised %v, exit %v; want %v, %v", how, deals, m.log, got, e.exit, want, exit)
					}
					for i, place := range m.log {
						reached[place] = true
						if slices.Contains(m.log[:i], place) && !s.ofTwo() {
							t.Errorf("%v: %q was called twice: %q", how, place, m.log)
						}
					}
					if err, ready := outcome(); ready && ended != "" {
						if err == nil || (err.Cause == CausePanicked) != (how[ended] == "panic") || how[ended] == "panic" && err.Value != any(misfortune(ended)) {
							t.Errorf("%v: the joiner is told %v, want of %q", how, err, ended)
						}
					} else if ready && err != nil && err.Cause != CauseDropped {
						t.Errorf("%v: the joiner is told %v", how, err)
					}
				}
			}
			for _, place := range s.places {
				if !reached[place] {
					t.Errorf("%q was never called", place)
				}
			}
		})
	}
}

// mishaps are all that can happen at one place or two.
func (s *story) mishaps() func(yield func(map[string]string) bool) {
	return func(yield func(map[string]string) bool) {
		hows := []string{"", "panic", "exit"}
		for i, p := range s.places {
			for _, q := range s.places[i+1:] {
				for _, a := range hows {
					for _, b := range hows {
						if !yield(map[string]string{p: a, q: b}) {
							return
						}
					}
				}
			}
		}
	}
}

// panic(nil) is a panic, also where GODEBUG has recover return nil for it: the
// joiner learns of it, or it goes on. Where it goes through without being kept,
// the test cannot tell it from a Goexit either.
func TestPanicOfNil(t *testing.T) {
	for _, setting := range []string{"panicnil=0", "panicnil=1"} {
		t.Run(setting, func(t *testing.T) {
			t.Setenv("GODEBUG", setting)
			for _, s := range stories {
				for _, place := range s.places {
					m := &mishap{how: map[string]string{place: "nil"}}
					call, outcome := s.call(m)
					e := ends(call)
					if !slices.Contains(m.log, place) {
						continue
					}
					err, ready := outcome()
					var isNil *runtime.PanicNilError
					switch {
					case slices.Contains(s.ends, place) && s.joined:
						if e != (ended{}) || ready && (err == nil || err.Cause != CausePanicked || !errors.As(err, &isNil)) {
							t.Errorf("%s, %s: ended by %v, the joiner is told %v", s.name, place, e, err)
						}
					default:
						if err, _ := e.value.(error); !errors.As(err, &isNil) && !e.exit {
							t.Errorf("%s, %s: ended by %v", s.name, place, e)
						}
					}
				}
			}
		})
	}
}
