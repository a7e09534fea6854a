package proptest_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/rouse-go/rouse"
	"pgregory.net/rapid"
)

// An actor is a task of level 1, with all that can be done to it by its
// embedder and by its wakers, next to its life. Its scheduler keeps the one
// Notified that there may be.
type actor struct {
	rouse.Header
	life
	due    []rouse.Notified
	held   []*rouse.Waker
	script []string // of the next poll
	result result
	deals  bool // with panics, as Panicked reports
	bound  bool // to list, which then owns it
	list   rouse.OwnedTasks
	spared bool // nobody cancels it: it lives longer
	kind   int  // of its Vtable

	calls, want []string // of the Vtable's functions
	wrong       []error
}

var actorOps = rouse.Ops[actor]{
	Poll: func(a *actor, cx rouse.Context) bool {
		a.called("poll")
		for _, name := range a.script {
			if op := actorOp(name); op.guard(a) {
				op.do(a)
			}
		}
		if a.result == fail {
			panic(errPoll)
		}
		return a.result == ready
	},
	Cancel:   func(a *actor, c rouse.Cause) { a.called("cancel: %v", c) },
	Schedule: func(a *actor, n rouse.Notified, why rouse.Reason) { a.called("schedule: %v", why); a.take(n) },
	Yield:    func(a *actor, n rouse.Notified) { a.called("yield"); a.take(n) },
	Release:  func(a *actor) { a.called("release") },
	Panicked: func(a *actor, err *rouse.JoinError) bool {
		a.called("panicked: %v", err.Value)
		return a.deals
	},
}

var actorVtables = func() (vs []*rouse.Vtable[actor]) {
	for i := range 5 {
		o := actorOps
		o.OrphanCheck, o.Uncounted = i == 1 || i == 4, i == 2
		switch i {
		case 3:
			o.Yield, o.Panicked = nil, nil
		case 4:
			o.Orphaned = (*actor).orphaned
		}
		vs = append(vs, rouse.NewVtable(o))
	}
	return
}()

// orphaned holds the Notified, though nobody has received it yet: a wake joins it.
func (a *actor) orphaned(err *rouse.JoinError) {
	a.called("orphaned: %v", err.Cause)
	if n := a.Snapshot(); !n.Notified() || n.Orphanable() {
		a.wrong = append(a.wrong, fmt.Errorf("an orphan is reported in state %v", n))
	}
	a.Wake()
}

func (a *actor) called(format string, args ...any) {
	a.calls = append(a.calls, fmt.Sprintf(format, args...))
}

func (a *actor) wants(format string, args ...any) {
	a.want = append(a.want, fmt.Sprintf(format, args...))
}

func (a *actor) take(n rouse.Notified) {
	a.due = append(a.due, n)
	if n.Task().Header() != &a.Header {
		a.wrong = append(a.wrong, errors.New("another task's Notified"))
	}
}

// effect is the model's side of what a step sets in motion.
func (a *actor) effect(e effect, why rouse.Reason) {
	switch {
	case e == submit && why == rouse.Yielded && a.kind != 3:
		a.wants("yield")
	case e == submit:
		a.wants("schedule: %v", why)
	case e == report:
		a.wants("orphaned: %v", rouse.CauseOrphaned)
		a.effect(submit, rouse.Woken)
	case e == cancel:
		a.end(pend, a.cause)
	case e == release:
		a.wants("release")
	}
}

// end is how the holder of the run ends the actor.
func (a *actor) end(r result, c rouse.Cause) {
	if r == pend && a.cause != rouse.CauseNone {
		c = a.cause
	}
	if r != ready {
		a.wants("cancel: %v", c)
	}
	if r == fail && a.kind != 3 {
		a.wants("panicked: %v", errPoll)
	}
	a.complete()
	if a.bound {
		a.owned = false // a list lets go of what has ended
	}
	a.effect(a.finish(), 0)
}

// run runs the actor, or drops its Notified.
func (a *actor) run(drop bool) {
	n := a.due[0]
	a.due = nil
	cancelled := a.begin()
	if drop || cancelled {
		a.end(pend, rouse.CauseDropped)
		if drop {
			n.Drop()
		} else {
			n.Run()
		}
		return
	}
	a.wants("poll")
	v := panicOf(n.Run)
	err, _ := v.(error)
	if escapes := a.result == fail && !(a.deals && a.kind != 3); escapes != errors.Is(err, errPoll) {
		a.wrong = append(a.wrong, fmt.Errorf("%v comes out of Run, want %v", v, escapes))
	}
	switch woken := a.again; {
	case a.result != pend:
		a.end(a.result, rouse.CausePanicked)
	case woken:
		a.effect(a.pend(), rouse.Yielded)
	default:
		a.effect(a.pend(), rouse.Cancelled)
	}
}

func (a *actor) check(t *rapid.T) {
	if d := a.compare(a.Snapshot()); d != "" {
		a.wrong = append(a.wrong, errors.New(d))
	}
	if !slices.Equal(a.calls, a.want) {
		a.wrong = append(a.wrong, fmt.Errorf("called:\n%q, want\n%q", a.calls, a.want))
	}
	if n := a.list.Len(); n != count(a.bound && a.owned) {
		a.wrong = append(a.wrong, fmt.Errorf("%d tasks on the list, bound %v, owned %v", n, a.bound, a.owned))
	}
	if len(a.due) != count(a.phase == granted) {
		a.wrong = append(a.wrong, fmt.Errorf("%d Notifieds in phase %v", len(a.due), a.phase))
	}
	if len(a.wrong) > 0 {
		t.Fatal(errors.Join(a.wrong...))
	}
}

func actorProperty(t *rapid.T) {
	kind := rapid.SampledFrom([]int{4, 1, 0, 2, 3, 4}).Draw(t, "kind")
	a := &actor{kind: kind, deals: rapid.Bool().Draw(t, "deals with panics")}
	a.life = life{owned: true, counted: kind != 2}
	owner := rapid.SampledFrom([]string{"nobody", "a list", "its embedder"}).Draw(t, "owned by")
	if owner == "its embedder" {
		actorVtables[kind].Init(a)
	} else {
		a.phase, a.orphanable, a.keep = granted, kind == 1 || kind == 4, kind == 4
		a.owned, a.bound = owner == "a list", owner == "a list"
		var n rouse.Notified
		if a.bound {
			n, _ = actorVtables[kind].InitBound(a, &a.list)
		} else {
			n = actorVtables[kind].InitNotified(a)
		}
		a.due = append(a.due, n)
	}
	var names []string
	for _, op := range actorOpTable {
		names = append(names, op.name)
	}
	a.spared = rapid.Bool().Draw(t, "spared")
	results := []result{pend, pend, pend, ready, fail}
	if a.spared {
		results = append([]result{pend, pend, pend, pend, pend}, results...)
	}
	scripts := rapid.SliceOfN(rapid.SampledFrom(names), 0, 4)
	acts := []act{
		{"run", func() bool { return len(a.due) > 0 }, func(t *rapid.T) {
			a.script, a.result = scripts.Draw(t, "script"), rapid.SampledFrom(results).Draw(t, "result")
			a.run(false)
		}},
		{"drop Notified", func() bool { return len(a.due) > 0 && !a.spared }, func(*rapid.T) { a.run(true) }},
		{"look", always, func(*rapid.T) {}},
	}
	for _, op := range actorOpTable {
		acts = append(acts, act{op.name, func() bool { return op.guard(a) }, func(*rapid.T) { op.do(a) }})
	}
	machine(t, a.check, acts...)
}

func TestActor(t *testing.T) { check(t, actorProperty) }
