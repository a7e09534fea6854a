package rouse

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// counts is what has happened to the tasks of a test so far.
type counts struct {
	polls     int // calls of Poll
	scheduled int // calls of Schedule
	yields    int // calls of Yield
	futures   int // futures destroyed; of level 1, calls of Cancel
	outputs   int // outputs destroyed
	released  int // tasks released
}

// loop is a scheduler for one goroutine, with what tests look at.
type loop struct {
	counts
	q       LocalQueue
	why     []Reason
	closed  bool
	refuses func()  // Schedule and Yield call it instead of taking the Notified
	last    RawTask // the task that came last
}

func (l *loop) Schedule(n Notified, why Reason) {
	if why == Spawned {
		watch(n)
	}
	l.last = n.Task()
	l.why = append(l.why, why)
	l.scheduled++
	l.take(n)
}

func (l *loop) Yield(n Notified) {
	l.yields++
	l.take(n)
}

func (l *loop) take(n Notified) {
	switch {
	case l.refuses != nil:
		l.refuses()
	case l.closed:
		n.Drop()
	default:
		l.q.Push(n)
	}
}

// run runs what is queued and what comes meanwhile, and reports how much that was.
func (l *loop) run() (runs int) {
	for n, ok := l.q.Pop(); ok; n, ok = l.q.Pop() {
		runs++
		n.Run()
	}
	return runs
}

// close drops what is queued and what comes.
func (l *loop) close() {
	l.closed = true
	for n, ok := l.q.Pop(); ok; n, ok = l.q.Pop() {
		n.Drop()
	}
}

// want compares what has happened so far, and the state of the task that came
// last. Whether its memory may be recycled is not compared.
func (l *loop) want(t *testing.T, c counts, state string) {
	t.Helper()
	if l.counts != c {
		t.Errorf("so far\n%+v, want\n%+v", l.counts, c)
	}
	if got := (l.last.Snapshot() &^ flagPinned).String(); got != state {
		t.Errorf("state %q, want %q", got, state)
	}
}

func (l *loop) release() { l.released++ }

// watchedVtables are cellVtables, but tell the scheduler what is released.
var watchedVtables = [...]vtable{
	0:                          {isCell: true, release: releaseWatched},
	cellHooked:                 {isCell: true, kind: cellHooked, release: releaseWatched},
	cellDestructs:              {isCell: true, kind: cellDestructs, release: releaseWatched},
	cellHooked | cellDestructs: {isCell: true, kind: cellHooked | cellDestructs, release: releaseWatched},
}

// watch gives a new task of level 2, that nobody else can reach yet, a watched Vtable.
func watch(n Notified) {
	if v := n.h.vtable; v == &cellVtables[v.kind] && v.uncounted == 0 {
		n.h.vtable = &watchedVtables[v.kind]
	}
}

func releaseWatched(h *Header) {
	cellOf(h).sched.(interface{ release() }).release()
	releaseCell(h)
}

// hooked is a loop with Hooks and a list of its own.
type hooked struct {
	loop
	handles    bool         // what Panicked reports
	listed     bool         // what Release reports, once
	panicked   []*JoinError // what Panicked was told
	terminated []error      // what Terminated was told
	releases   int          // calls of Release
	in         map[string]func()
}

func (s *hooked) Panicked(err *JoinError) bool {
	s.panicked = append(s.panicked, err)
	s.user("Panicked")
	return s.handles
}

func (s *hooked) Terminated(t RawTask, err *JoinError) {
	if err == nil {
		s.terminated = append(s.terminated, nil)
	} else {
		s.terminated = append(s.terminated, err)
	}
	s.user("Terminated")
}

func (s *hooked) Unlist(t RawTask) bool {
	was := s.listed
	s.listed = false
	s.releases++
	s.user("Unlist")
	return was
}

func (s *hooked) user(hook string) {
	if f := s.in[hook]; f != nil {
		f()
	}
}

// An ended is how a call ended that did not return, or the zero ended.
type ended struct {
	value any  // of the panic
	exit  bool // by runtime.Goexit
}

// ends runs f on a goroutine of its own.
func ends(f func()) (e ended) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		returned := false
		defer func() {
			e.value = recover()
			e.exit = !returned && e.value == nil
		}()
		f()
		returned = true
	}()
	<-done
	return e
}

func (e ended) String() string {
	switch {
	case e.exit:
		return "exit"
	case e.value != nil:
		return fmt.Sprintf("panic: %v", e.value)
	}
	return "return"
}

// all reports whether e is how, of n panics that were the same.
func (e ended) all(how string, n int) bool {
	if several, ok := e.value.(interface{ Unwrap() []error }); ok {
		for _, err := range several.Unwrap() {
			if (ended{value: err}).String() != how {
				return false
			}
		}
		return len(several.Unwrap()) == n
	}
	return e.String() == how && (e.exit || n == 1)
}

func panics(v any) func() { return func() { panic(v) } }

func exits() { runtime.Goexit() }

// panicOf returns the message that f panics with, and whether it does.
func panicOf(f func()) (msg string, panicked bool) {
	defer func() {
		if v := recover(); v != nil {
			msg, panicked = fmt.Sprint(v), true
		}
	}()
	f()
	return
}

// mustPanic checks that f panics with a message that has all parts.
func mustPanic(t testing.TB, f func(), parts ...string) {
	t.Helper()
	msg, panicked := panicOf(f)
	if !panicked {
		t.Errorf("no panic, want one with %q", parts)
	}
	for _, p := range parts {
		if !strings.Contains(msg, p) {
			t.Errorf("panic %q does not say %q", msg, p)
		}
	}
}
