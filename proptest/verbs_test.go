package proptest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rouse-go/rouse"
	"pgregory.net/rapid"
)

// A workLoop drives the verbs of a State as a work loop and its callers
// would, against the loop's own idea of where it is.
type workLoop struct {
	s      rouse.State
	phase  phase
	again  bool // notified while it ran, or while it was suspended at rest
	closed bool
	paused bool // suspended
	cause  rouse.Cause
	ending bool // the run is held only to Finish
	trace  []func(*rouse.State)
}

// A phase is where a task is in its life.
type phase int

const (
	idle phase = iota
	granted
	running
	ended
)

func (p phase) String() string { return [...]string{"idle", "granted", "running", "ended"}[p] }

func (l *workLoop) did(f func(*rouse.State)) { l.trace = append(l.trace, f) }

// do calls a verb that reports a bool, and compares.
func (l *workLoop) do(t *rapid.T, name string, verb func(*rouse.State) bool, want bool) {
	l.did(func(s *rouse.State) { verb(s) })
	if got := verb(&l.s); got != want {
		t.Fatalf("%s reports %v in phase %v (again %v, closed %v), want %v", name, got, l.phase, l.again, l.closed, want)
	}
}

func (l *workLoop) notify(t *rapid.T) {
	l.do(t, "Notify", (*rouse.State).Notify, l.phase == idle && !l.paused)
	l.notified()
}

func (l *workLoop) notified() {
	switch {
	case l.phase == idle && !l.paused:
		l.phase = granted
	case l.phase == idle, l.phase == running:
		l.again = true
	}
}

func (l *workLoop) tryNotify(t *rapid.T) {
	open := !l.closed && l.phase != ended
	start := open && l.phase == idle && !l.paused
	l.do(t, "TryNotify", func(s *rouse.State) bool {
		a, b := s.TryNotify()
		if b != open && s == &l.s {
			t.Fatalf("TryNotify reports ok %v in phase %v (closed %v)", b, l.phase, l.closed)
		}
		return a
	}, start)
	if open {
		l.notified()
	}
}

func (l *workLoop) begin(t *rapid.T) {
	l.do(t, "Begin", (*rouse.State).Begin, !l.closed)
	l.phase, l.ending = running, l.closed
}

func (l *workLoop) end(t *rapid.T) {
	l.do(t, "End", (*rouse.State).End, l.atRest())
}

// atRest is where the loop is after a run, and reports whether another is owed.
func (l *workLoop) atRest() bool {
	l.phase = idle
	if !l.again || l.paused {
		return false
	}
	l.phase, l.again = granted, false
	return true
}

func (l *workLoop) yield(t *rapid.T) {
	l.again = true
	l.do(t, "Yield", (*rouse.State).Yield, l.atRest())
}

func (l *workLoop) suspend(t *rapid.T) {
	closing := l.closed && l.phase != ended
	l.do(t, "Suspend", (*rouse.State).Suspend, !closing && (l.phase == idle || l.phase == ended))
	l.paused = !closing
}

func (l *workLoop) resume(t *rapid.T) {
	mine := l.paused && l.phase == idle && l.again
	l.do(t, "Resume", (*rouse.State).Resume, mine)
	if l.paused = false; mine {
		l.phase, l.again = granted, false
	}
}

func (l *workLoop) open(t *rapid.T) {
	l.do(t, "Open", (*rouse.State).Open, l.phase == ended)
	if l.phase == ended {
		l.phase, l.closed, l.cause = idle, false, rouse.CauseNone
	}
}

func (l *workLoop) close(t *rapid.T) {
	first := !l.closed && l.phase != ended
	l.do(t, "Close", (*rouse.State).Close, first && l.phase == idle)
	if !first {
		return
	}
	l.closed, l.cause, l.paused = true, rouse.CauseClosed, false
	switch l.phase {
	case idle:
		l.phase, l.ending, l.again = running, true, false
	case running:
		l.again = true
	}
}

func (l *workLoop) finish(t *rapid.T) {
	l.do(t, "Finish", (*rouse.State).Finish, !l.again)
	if l.again {
		l.again, l.ending = false, l.closed // and it has the run still
		return
	}
	l.phase, l.ending = ended, false
}

// misuse does on a twin what the phase forbids: it must panic, name itself,
// and leave a word that nobody releases.
func (l *workLoop) misuse(t *rapid.T) {
	verbs := map[string]func(*rouse.State){}
	if l.phase != granted {
		verbs["State.Begin"] = func(s *rouse.State) { s.Begin() }
	}
	if l.phase != running {
		verbs["State.End"] = func(s *rouse.State) { s.End() }
		verbs["State.Yield"] = func(s *rouse.State) { s.Yield() }
		verbs["State.Finish"] = func(s *rouse.State) { s.Finish() }
	}
	name := rapid.SampledFrom(keys(verbs)).Draw(t, "misuse")
	var twin rouse.State
	for _, f := range l.trace {
		f(&twin)
	}
	before := twin.Load()
	v := panicOf(func() { verbs[name](&twin) })
	if !strings.Contains(fmt.Sprint(v), name) || !strings.Contains(fmt.Sprint(v), "state ") {
		t.Errorf("%s of %v: panics with %v", name, before, v)
	}
	if n := twin.Load(); !n.Poisoned() || n.Dead() || n.Orphaned() {
		t.Errorf("%s of %v leaves %v", name, before, n)
	}
}

func (l *workLoop) check(t *rapid.T) {
	n := l.s.Load()
	owed := l.phase == granted || l.again
	switch {
	case n.Running() != (l.phase == running), n.Complete() != (l.phase == ended), n.Idle() != (l.phase == idle && !l.again),
		l.phase != ended && n.Notified() != owed, n.Cancelled() != l.closed, n.Cause() != l.cause,
		n.Suspended() != l.paused, n.Orphanable(), n.Refs() != 0, n.Unowned(), n.Poisoned():
		t.Fatalf("state %v, want phase %v, again %v, closed %v, suspended %v", n, l.phase, l.again, l.closed, l.paused)
	}
}

func verbsProperty(t *rapid.T) {
	l := new(workLoop)
	in := func(p phase) func() bool { return func() bool { return l.phase == p } }
	machine(t, l.check,
		act{"Notify", always, l.notify},
		act{"Begin", in(granted), l.begin},
		act{"End", func() bool { return l.phase == running && !l.ending }, l.end},
		act{"Yield", func() bool { return l.phase == running && !l.ending }, l.yield},
		act{"Close", always, l.close},
		act{"Finish", in(running), l.finish},
		act{"TryNotify", always, l.tryNotify},
		act{"Suspend", always, l.suspend},
		act{"Resume", always, l.resume},
		act{"Open", always, l.open},
		act{"misuse", always, l.misuse},
	)
}

func TestVerbs(t *testing.T) { check(t, verbsProperty) }
