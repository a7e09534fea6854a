//go:build !rouse_debug

package rouse

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The harness does not always call the transition that it makes: hot
// operations have the add inline. Here each is compared with the ruling on the
// transition, on every word.

// A doing is what an operation did to a task of level 1.
type doing struct {
	After               model
	Submitted, Released int
	Why                 Reason
	Polled, Cancelled   int
	Reported            int
	Misuse              bool
}

type subject struct {
	Header
	doing
}

var subjectOps = Ops[subject]{
	Poll:   func(s *subject, _ Context) bool { s.Polled++; return false },
	Cancel: func(s *subject, _ Cause) { s.doing.Cancelled++ },
	//wakervet:allow notifiedlost the test takes the word back itself
	Schedule: func(s *subject, _ Notified, why Reason) { s.Submitted++; s.Why = why },
	Release:  func(s *subject) { s.Released++ },
	Orphaned: func(s *subject, _ *JoinError) { s.Reported++ },
}

var (
	subjects          = NewVtable(subjectOps)
	uncountedSubjects = func() *Vtable[subject] { o := subjectOps; o.Uncounted = true; return NewVtable(o) }()
)

// does says what has to follow a ruling.
func does(r ruling, why Reason) (d doing) {
	d.After = r.After
	switch r.action {
	case actMisuse:
		d.Misuse = true
	case actSubmit:
		d.Submitted, d.Why = 1, why
	case actReport:
		d.Submitted, d.Why, d.Reported = 1, Woken, 1
	case actYield:
		d.Submitted, d.Why = 1, Yielded
	case actRelease:
		d.Released = 1
	case actCancel:
		d = does(r.After.toFinished(false), why)
		d.Cancelled++
	case actPoll:
		idle := r.After.toIdle().claimed()
		d = does(idle, Cancelled)
		d.Polled++
	}
	return d
}

// ownedInc is refInc of a caller that has a waker: to have none is misuse.
func ownedInc(m model) ruling {
	if m.Wakers < 1 && !watched {
		return m.misuse()
	}
	return m.refInc()
}

func unchanged(m model) ruling { return m.keeps(actNone) }

func TestShortWays(t *testing.T) {
	owned := func(s *subject) *Waker {
		w := WakerFromRaw(RawWaker{s.waker(), taskWakerVTable})
		return &w
	}
	ops := []struct {
		name   string
		vtable *Vtable[subject]
		rule   func(model) ruling
		why    Reason
		do     func(*subject)
	}{
		{"Notified.Run", subjects, model.toRunning, Woken, func(s *subject) { s.grant().Run() }},
		{"Header.Wake", subjects, model.toNotifiedByRef, Woken, func(s *subject) { s.Wake() }},
		{"WakerRef.WakeByRef", subjects, model.toNotifiedByRef, Woken, func(s *subject) { s.WakerRef().WakeByRef() }},
		{"WakerRef.Clone", subjects, model.refInc, Woken, func(s *subject) { s.WakerRef().Clone() }},
		{"Waker.WakeByRef", subjects, model.toNotifiedByRef, Woken, func(s *subject) { owned(s).WakeByRef() }},
		{"Waker.Wake", subjects, model.toNotifiedByVal, Woken, func(s *subject) { owned(s).Wake() }},
		{"Waker.Clone", subjects, ownedInc, Woken, func(s *subject) { owned(s).Clone() }},
		{"Waker.Drop", subjects, model.refDec, Cancelled, func(s *subject) { owned(s).Drop() }},
		{"vtable wake", subjects, model.toNotifiedByVal, Woken, func(s *subject) { taskWakerVTable.Wake(s.waker()) }},
		{"vtable wake by ref", subjects, model.toNotifiedByRef, Woken, func(s *subject) { taskWakerVTable.WakeByRef(s.waker()) }},
		{"vtable clone", subjects, model.refInc, Woken, func(s *subject) { taskWakerVTable.Clone(s.waker()) }},
		{"vtable drop", subjects, model.refDec, Cancelled, func(s *subject) { taskWakerVTable.Drop(s.waker()) }},
		{"Header.Abort", subjects, func(m model) ruling { return m.toNotifiedAndCancel(CauseAborted) }, Cancelled, func(s *subject) { s.Abort() }},
		{"Header.Close", subjects, model.toClosed, Cancelled, func(s *subject) { s.Header.Close() }},
		{"Header.Disown", subjects, model.toDisowned, Cancelled, func(s *subject) { s.Disown() }},
		{"RawTask.Shutdown", subjects, model.toShutdown, Cancelled, func(s *subject) { RawTask{&s.Header}.Shutdown() }},

		{"uncounted Wake", uncountedSubjects, model.toNotifiedByRef, Woken, func(s *subject) { owned(s).Wake() }},
		{"uncounted Clone", uncountedSubjects, unchanged, Woken, func(s *subject) { owned(s).Clone() }},
		{"uncounted Drop", uncountedSubjects, unchanged, Woken, func(s *subject) { owned(s).Drop() }},
	}
	for _, op := range ops {
		failed := 0
		for _, p := range allPoints() {
			r := op.rule(modelOf(p.word())).claimed()
			if p.word().JoinInterest() && (r.action == actCancel || r.action == actPoll) {
				continue // no task of level 1 has a JoinHandle
			}
			want := does(r, op.why)
			s := new(subject)
			op.vtable.Init(s)
			s.state.init(p.word())
			_, s.Misuse = panicOf(func() { op.do(s) })
			if n := s.Snapshot(); s.Misuse && n.Poisoned() {
				want.After = modelOf(n)
			}
			if s.After = modelOf(s.Snapshot()); s.doing != want && failed < 3 {
				failed++
				t.Errorf("%s of %v (-specified +found):\n%s", op.name, p.word(), cmp.Diff(want, s.doing))
			}
		}
	}
}
