//go:build !rouse_debug

package rouse

import (
	"testing"
	"unsafe"

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
			if p.word().Suspended() {
				continue // only a State that stands alone is suspended
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

// An outcome is what an operation did to a task of level 2, and to its parts.
type outcome struct {
	After       model
	Misuse      bool
	Future, Out bool // are there
	Joiner      bool // the slot is filled
	Released    int
	Woken, Kept int // the joiner's wakers
	Scheduled   int
	Ready       bool
	Value       int
}

// A plain is a cell without destructors, list and hooks, in a word of the test's.
type plain struct {
	l *loop
	w *spy
	c *taskCell[int, FutureFunc[int]]
}

func newPlain(n Snapshot) (p plain) {
	p.l, p.w = new(loop), new(spy)
	p.c = newCell[int](Ready(7))
	p.c.sched = p.l
	p.c.Header.init(&watchedVtables[0], n)
	p.c.state.init(n)
	if n.Complete() || n.Running() {
		p.c.out = 7
	}
	if n.JoinWaker() {
		p.c.joiner = p.w.ref().Clone()
	}
	return p
}

func (p plain) handle() *JoinHandle[int] { return &JoinHandle[int]{c: &p.c.joinCell} }

// after runs f, and tells what it did.
func (p plain) after(f func()) (o outcome) {
	_, o.Misuse = panicOf(f)
	o.After = modelOf(p.c.Snapshot())
	o.Future, o.Out, o.Joiner = p.c.fut != nil, p.c.out != 0, !p.c.joiner.IsZero()
	o.Released, o.Scheduled = p.l.released, p.l.scheduled
	o.Woken, o.Kept = p.w.byRefs, p.w.live()
	return o
}

// endsReady is what Notified.Run does behind a ready poll.
func (h *Header) endsReady() {
	if h.complete() {
		cellOf(h).joiner.WakeByRef()
		h.joinerWoken()
	}
}

// TestShortEnds compares the ends of a ready poll with the ending, on every
// word; also where the joiner's waker gives up the handle.
func TestShortEnds(t *testing.T) {
	for _, gives := range []bool{false, true} {
		equalWays(t, gives, (*Header).endsReady, func(h *Header) { h.completeLong(destroyFuture, 0) })
	}
}

// TestShortLastSteps compares what the short ways do last with the transitions
// that they make. Others may have changed the word since the first step.
func TestShortLastSteps(t *testing.T) {
	equalWays(t, false, (*Header).terminal, func(h *Header) {
		if h.state.toTerminal(false) == actRelease {
			h.release()
		}
	})
	equalWays(t, false, (*Header).joinerWoken, (*Header).joinerWokenLong)
}

// equalWays compares a short way with a long one on every word. If gives is true
// the joiner's waker gives up the handle.
func equalWays(t *testing.T, gives bool, short, long func(*Header)) {
	t.Helper()
	type end struct {
		Outcome outcome
		Word    Snapshot
		Panic   string
	}
	same := 0
	for _, point := range allPoints() {
		n := point.word()
		if n.Poisoned() || n.JoinWaker() && !n.JoinInterest() {
			continue
		}
		on := func(way func(*Header)) (e end) {
			p := newPlain(n)
			if gives {
				p.w.onRef = func() { p.handle().Detach() }
			}
			e.Outcome = p.after(func() { e.Panic, _ = panicOf(func() { way(&p.c.Header) }) })
			e.Word = p.c.Snapshot()
			return e
		}
		if want, got := on(long), on(short); got != want {
			t.Fatalf("%v (-long +short):\n%s", n, cmp.Diff(want, got))
		}
		same++
	}
	if same < 500 {
		t.Errorf("only %d words were compared", same)
	}
}

// TestShortJoins compares what a handle does in short with the rulings on its
// transitions.
func TestShortJoins(t *testing.T) {
	for _, point := range allPoints() {
		n := point.word()
		if !n.JoinInterest() {
			continue
		}
		m := modelOf(n)
		if n.Complete() {
			p := newPlain(n)
			var o outcome
			got := p.after(func() { res, ready := p.handle().TryJoin(); o.Ready, o.Value = ready, res.Value })
			got.Ready, got.Value = o.Ready, o.Value
			r := m.toJoinHandleDropped(m.Complete, m.JoinWaker)
			want := outcome{After: r.After, Future: true, Ready: true, Value: 7, Released: btoi(r.action == actRelease)}
			if n.JoinWaker() { // the runner is waking, and has the slot
				want.Joiner, want.Kept = true, 1
			}
			if got != want {
				t.Errorf("TryJoin of %v (-specified +found):\n%s", n, cmp.Diff(want, got))
			}
		}

		p := newPlain(n)
		var complete bool
		got := p.after(func() { complete = p.c.register(p.w.ref()) })
		got.Ready = complete
		want := outcome{After: m, Future: true, Out: p.c.out != 0, Joiner: n.JoinWaker(), Kept: btoi(n.JoinWaker()), Ready: n.Complete()}
		if !n.Complete() && !n.JoinWaker() {
			want.After, want.Joiner, want.Kept = m.setJoinWaker().After, true, 1
		}
		if got != want {
			t.Errorf("Poll of %v (-specified +found):\n%s", n, cmp.Diff(want, got))
		}
	}
}

// TestLaunch compares it with start: for a new cell, and for one whose former
// tenant had an ID, a list, and a scheduler of this type.
func TestLaunch(t *testing.T) {
	type launched struct {
		word     Snapshot
		vtable   *vtable
		shard    *shard
		hasID    bool
		onLoop   bool
		counts   counts
		why      Reason
		sameTask bool
	}
	for _, recycled := range []bool{false, true} {
		for _, joined := range []bool{false, true} {
			launch := func(f func(c *cell, s Scheduler)) launched {
				var l loop
				var o OwnedTasks
				c := newCell[int](Ready(7))
				if recycled {
					c.sched = &loop{}
					c.forgetScheduler()
					c.taskID()
					c.shard = o.shard(&c.Header)
					c.state.init(flagComplete | flagUnowned | flagOrphanable)
				}
				f(&c.cell, &l)
				return launched{c.Snapshot(), c.vtable, c.shard, c.id.Load() != 0, c.sched == &l, l.counts, l.why[0], l.last.Header() == &c.Header}
			}
			word := initDetached | flagOrphanable
			if joined {
				word = initJoined | flagOrphanable
			}
			short := launch(func(c *cell, s Scheduler) { c.launch(s, word) })
			long := launch(func(c *cell, s Scheduler) { c.start(s, &Options{}, joined) })
			if short != long || short.word != word || !short.onLoop || short.hasID && !tracing || short.shard != nil {
				t.Errorf("recycled %v, joined %v: launched %+v, started %+v", recycled, joined, short, long)
			}
		}
	}
}

// A clone that is refused says what the word was, and leaves what it became,
// marked.
func TestRefusedClones(t *testing.T) {
	for name, word := range map[string]Snapshot{"gone": flagUnowned | flagComplete, "too many": flagUnowned | refLimit - refOne} {
		for op, clone := range map[string]func(a *actor){
			"WakerRef.Clone": func(a *actor) { a.WakerRef().Clone() },
			"Waker.Clone":    func(a *actor) { owned(a.waker()).Clone() },
		} {
			var l loop
			a := l.newActor(actors, pending)
			a.state.init(word)
			msg, _ := panicOf(func() { clone(a) })
			if want := "rouse: Clone: " + noClone(word) + " (state " + word.String() + ")"; msg != want {
				t.Errorf("%s, %s: panicked with %q, want %q", name, op, msg, want)
			}
			left := word + refOne
			if watched { // by a compare-and-swap instead of an add
				left = word
			}
			if n := a.Snapshot(); n != left|flagPoisoned {
				t.Errorf("%s, %s: left %v", name, op, n)
			}
		}
	}
}

// What is wrong with the word of a waker of another kind is told before its table
// is called.
func TestMisusedForeignWaker(t *testing.T) {
	for _, word := range []Snapshot{0, refLimit, refLimit | refOne} {
		var s spy
		w := WakerFromRaw(RawWaker{unsafe.Pointer(&s), &spyVTable})
		stateOf(w.p).init(initForeign&^(refLimit-refOne) | word)
		mustPanic(t, func() { w.Wake() }, "rouse: Waker.Wake: ")
		if s.byRefs+s.wakes+s.drops > 0 {
			t.Errorf("%v: called %+v", word, s)
		}
	}
}
