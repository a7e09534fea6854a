package proptest_test

import (
	"errors"
	"fmt"

	"github.com/rouse-go/rouse"
)

// A world is a runtime for one goroutine: tasks of level 2 with all their
// handles, a scheduler that can close, an owner list that can close, a pool.
// Everything that is done to it is done to its model first or right after, and
// the two are compared. What goes wrong is collected: most of it happens
// inside callbacks of the kit, where a failing test must not unwind.
type world struct {
	queue  rouse.LocalQueue
	order  []*unit // what is in the queue
	closed bool

	listed  []rouse.RawTask // by the keeper
	polling *unit           // whose poll was the last

	owned       rouse.OwnedTasks
	ownedClosed bool
	pool        rouse.Pool[out, future]

	units    []*unit
	byTask   map[rouse.RawTask]*unit
	spawning *unit
	wakers   []*waker
	over     bool // the bells' first wakers were given up
	bells    [2]bell
	wantBell [2]struct{ wakes, live int }
	events   []event // calls of the scheduler
	want     []event
	dropped  []*unit // futures destroyed by the operation under way
	wrong    []error
}

// An event is a call of Schedule, or of Yield with no reason.
type event struct {
	u   *unit
	why rouse.Reason
}

func (e event) String() string { return fmt.Sprintf("task %d %v", e.u.id, e.why) }

// A unit is a task, and what its handles and observers know of it.
type unit struct {
	life
	w      *world
	id     int
	task   rouse.RawTask // zero until it is scheduled
	pooled bool
	listed bool                   // in the world's OwnedTasks
	handle *rouse.JoinHandle[out] // hides life.handle, which tells that it exists
	aborts []rouse.AbortHandle
	joiner *target // registered, and not given back yet

	script  []op // of the next poll
	result  result
	outcome result
	endedBy rouse.Cause

	asked      rouse.Options
	hooked     bool // its scheduler is the keeper
	hookListed bool // by it

	calls, wantCalls                    []string // of the hooks
	polls, futures, outputs             int
	wantPolls, wantFutures, wantOutputs int
}

// A result is how a poll ends.
type result int

const (
	pend result = iota
	ready
	fail // panic
)

var errPoll = errors.New("poll")

// A future does what its unit's script says.
type future struct{ u *unit }

func (f future) Poll(cx rouse.Context) (out, bool) {
	u := f.u
	u.polls++
	u.w.polling = u
	if u.phase != running || u.cause != rouse.CauseNone && !u.again {
		u.w.errorf("task %d is polled in phase %v, cancelled by %v", u.id, u.phase, u.cause)
	}
	for _, o := range u.script {
		u.w.do(o, &within{u, cx.Waker()})
	}
	if u.result == fail {
		panic(errPoll)
	}
	return out{u}, u.result == ready
}

func (f future) Drop() {
	f.u.futures++
	f.u.w.dropped = append(f.u.w.dropped, f.u)
}

type out struct{ u *unit }

func (o out) Drop() { o.u.outputs++ }

// within is the poll that an operation is part of.
type within struct {
	u   *unit
	ref rouse.WakerRef
}

func (w *world) errorf(format string, args ...any) {
	w.wrong = append(w.wrong, fmt.Errorf(format, args...))
}

// Schedule is the scheduler's. It learns here which task the new unit is.
func (w *world) Schedule(n rouse.Notified, why rouse.Reason) {
	if why == rouse.Spawned {
		w.spawning.task = n.Task()
		w.byTask[n.Task()] = w.spawning
	}
	w.events = append(w.events, event{w.byTask[n.Task()], why})
	if w.closed {
		n.Drop()
		return
	}
	w.queue.Push(n)
}

// Yield is the scheduler's.
func (w *world) Yield(n rouse.Notified) { w.Schedule(n, rouse.Yielded) }

// The model's side: what follows of an effect on a unit.

func (w *world) effect(u *unit, e effect, why rouse.Reason) {
	switch e {
	case submit:
		w.want = append(w.want, event{u, why})
		if w.closed {
			u.begin()
			w.end(u, pend, rouse.CauseDropped)
			return
		}
		w.order = append(w.order, u)
	case report:
		u.wants("orphaned: %v", rouse.CauseOrphaned)
		w.effect(u, submit, rouse.Woken)
	case cancel:
		w.end(u, pend, u.cause)
	}
}

// end is how the holder of the run ends a task: by the result of its poll, or
// else by the cause that stands, or c.
func (w *world) end(u *unit, r result, c rouse.Cause) {
	u.outcome = r
	if r == pend {
		if u.cause != rouse.CauseNone {
			c = u.cause
		}
		u.endedBy = c
	}
	if r == fail {
		u.endedBy = c
		u.wants("panicked: %v", errPoll)
	}
	u.wantFutures++
	if r == ready && !u.life.handle {
		u.wantOutputs++
	}
	u.complete()
	if u.joiner != nil {
		w.wakeRef(*u.joiner)
	}
	u.wants("terminated: %v", u.endedBy)
	if u.hookListed {
		u.wants("left")
	}
	if u.listed || u.hookListed {
		u.listed, u.hookListed, u.owned = false, false, false
	}
	u.finish()
}

// A target is who a waker wakes: a unit or a bell.
type target struct {
	u    *unit
	bell int
}

func (w *world) wakeRef(t target) {
	if t.u == nil {
		w.wantBell[t.bell].wakes++
		return
	}
	w.effect(t.u, t.u.wake(), rouse.Woken)
}

func (w *world) wakeVal(t target) {
	if t.u == nil {
		w.wantBell[t.bell].wakes++
		w.wantBell[t.bell].live--
		return
	}
	w.effect(t.u, t.u.wakeByVal(), rouse.Woken)
}

func (w *world) cloned(t target) {
	if t.u == nil {
		w.wantBell[t.bell].live++
		return
	}
	t.u.clone()
}

func (w *world) gone(t target) {
	if t.u == nil {
		w.wantBell[t.bell].live--
		return
	}
	w.effect(t.u, t.u.drop(), rouse.Cancelled)
}
