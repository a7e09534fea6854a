package rouse

import "unsafe"

// A probe is a future of which everything is counted by its loop.
type probe struct {
	l    *loop
	poll func(cx Context) (output, bool)
	drop func() // optional
}

func (p probe) Poll(cx Context) (output, bool) {
	p.l.polls++
	return p.poll(cx)
}

func (p probe) Drop() {
	p.l.futures++
	if p.drop != nil {
		p.drop()
	}
}

// An output is what a probe is ready with. One that was never made has no
// loop, and cannot be destroyed.
type output struct {
	l    *loop
	v    int
	drop func() // optional
}

func (o output) Drop() {
	o.l.outputs++
	if o.drop != nil {
		o.drop()
	}
}

// ready is a probe that is ready with v.
func (l *loop) ready(v int) probe {
	return probe{l: l, poll: func(Context) (output, bool) { return output{l: l, v: v}, true }}
}

// keeping is a probe that keeps a waker in w and is pending, until it was
// polled n times; then it is ready with n.
func (l *loop) keeping(w *Waker, n int) probe {
	return probe{l: l, poll: func(cx Context) (output, bool) {
		if n--; n > 0 {
			w.CloneFrom(cx.Waker())
			return output{}, false
		}
		return output{l: l, v: l.polls}, true
	}}
}

// never is a probe that keeps a waker in w and is never ready.
func (l *loop) never(w *Waker) probe { return l.keeping(w, 1<<30) }

// An actor is a task of level 1 of which everything is counted by its loop.
type actor struct {
	Header
	l      *loop
	poll   func(cx Context) bool
	cancel func(Cause) // optional
	causes []Cause
	errs   []*JoinError
	handle bool // what Panicked reports
}

var actorOps = Ops[actor]{
	Poll: func(a *actor, cx Context) bool {
		a.l.polls++
		return a.poll(cx)
	},
	Cancel: func(a *actor, c Cause) {
		a.l.futures++
		a.causes = append(a.causes, c)
		if a.cancel != nil {
			a.cancel(c)
		}
	},
	Schedule: func(a *actor, n Notified, why Reason) { a.l.Schedule(n, why) },
	Yield:    func(a *actor, n Notified) { a.l.Yield(n) },
	Release:  func(a *actor) { a.l.release() },
	Panicked: func(a *actor, err *JoinError) bool {
		a.errs = append(a.errs, err)
		return a.handle
	},
}

var (
	actors          = NewVtable(actorOps)
	orphanActors    = actorVtable(func(o *Ops[actor]) { o.OrphanCheck = true })
	uncountedActors = actorVtable(func(o *Ops[actor]) { o.Uncounted = true })
)

func actorVtable(change func(*Ops[actor])) *Vtable[actor] {
	o := actorOps
	change(&o)
	return NewVtable(o)
}

// newActor returns an idle actor of the test's own.
func (l *loop) newActor(v *Vtable[actor], poll func(cx Context) bool) *actor {
	a := &actor{l: l, poll: poll}
	v.Init(a)
	l.last = RawTask{&a.Header}
	return a
}

func pending(Context) bool { return false }

// A spy is a waker that is not a task's. What each of its operations does
// besides counting is up to the test.
type spy struct {
	vtable                        *RawWakerVTable
	box                           *foreignWaker
	clones, wakes, byRefs, drops  int
	onClone, onWake, onRef, onEnd func()
}

var spyVTable = RawWakerVTable{
	Clone: func(p unsafe.Pointer) RawWaker {
		s := (*spy)(p)
		s.clones++
		call(s.onClone)
		return RawWaker{p, s.vtable}
	},
	Wake: func(p unsafe.Pointer) {
		s := (*spy)(p)
		s.wakes++
		call(s.onWake)
	},
	WakeByRef: func(p unsafe.Pointer) {
		s := (*spy)(p)
		s.byRefs++
		call(s.onRef)
	},
	Drop: func(p unsafe.Pointer) {
		s := (*spy)(p)
		s.drops++
		call(s.onEnd)
	},
}

func call(f func()) {
	if f != nil {
		f()
	}
}

// ref returns a borrowed waker of a box that the test owns, and that counts the
// clones alone.
func (s *spy) ref() WakerRef {
	if s.box == nil {
		s.vtable = &spyVTable
		s.box = &foreignWaker{raw: RawWaker{unsafe.Pointer(s), &spyVTable}}
		s.box.state.init(flagComplete | flagForeign)
	}
	return WakerRef{p: unsafe.Pointer(s.box)}
}

func (s *spy) cx() Context { return NewContext(s.ref()) }

// live returns the number of owned wakers.
func (s *spy) live() int {
	s.ref()
	return int(s.box.state.Load().Refs())
}
