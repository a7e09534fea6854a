//go:build rouse_explore

package scenarios

import (
	"strings"

	"github.com/rouse-go/rouse"
)

// An operation is a public one on a task, for the scenarios that are generated.
type operation struct {
	name string

	// covers names the methods it stands for: on shared memory they take the same steps.
	covers string

	// handle says that it needs the JoinHandle for itself: those are done by one thread, one
	// after the other. once says that a second one would be misuse.
	handle, once bool

	on     subjects             // that have what it needs
	wakes  bool                 // it signals an event, and wakes for it
	causes []rouse.Cause        // of an end that it may bring about
	pairs  bool                 // it decides nothing for others: not in triples
	do     func(t *task) func() // called before the threads start; the result is what the thread does
}

// A set of subjects: the tasks that operations are done to.
type subjects uint8

const (
	cellOwned   subjects = 1 << iota // level 2, on an owner list, orphans allowed
	cellBare                         // the same without destructors
	cellPolicy                       // level 2, checked for orphans
	cellGC                           // level 2, uncounted
	actorOwned                       // level 1, the scenario's own
	actorPolicy                      // level 1, nobody's, checked for orphans
	actorBound                       // level 1, on an owner list, checked for orphans

	anyTask   = cells | actors
	cells     = cellOwned | cellBare | cellPolicy | cellGC
	actors    = actorOwned | actorPolicy | actorBound
	listOwned = cellOwned | cellBare | actorBound
)

var operations = []operation{
	{name: "WakeByRef", covers: "Waker.WakeByRef WakerRef.WakeByRef Header.Wake", on: anyTask, wakes: true, do: wakesBy(func(t *task, v *rouse.Waker) { v.WakeByRef() })},
	{name: "Wake", covers: "Waker.Wake", on: anyTask, wakes: true, do: wakesBy(func(t *task, v *rouse.Waker) { t.wake(v) })},
	{name: "Clone", covers: "Waker.Clone WakerRef.Clone", on: anyTask, do: withWaker(func(t *task, v *rouse.Waker) {
		c := v.Clone()
		t.counts(1)
		t.lent = append(t.lent, &c)
	})},
	{name: "CloneFrom", covers: "Waker.CloneFrom", on: anyTask, pairs: true, do: cloneFrom},
	{name: "Drop", covers: "Waker.Drop", on: anyTask, causes: []rouse.Cause{orphaned}, do: withWaker((*task).drop)},
	{name: "AbortHandle.Abort", covers: "AbortHandle.Abort", on: cells, causes: []rouse.Cause{rouse.CauseAborted}, do: func(t *task) func() {
		a := t.join.AbortHandle()
		return func() { t.aborted(a.Abort()) }
	}},
	{name: "Header.AbortHandle", covers: "Header.AbortHandle", on: actors, pairs: true, causes: []rouse.Cause{rouse.CauseAborted}, do: withHeader(func(t *task, h *rouse.Header) {
		a := h.AbortHandle()
		t.w.x.Assert(h.Snapshot().Pinned(), "a task with an AbortHandle is not pinned")
		t.aborted(a.Abort())
	})},
	{name: "Abort", covers: "Header.Abort JoinHandle.Abort", on: anyTask, causes: []rouse.Cause{rouse.CauseAborted}, do: withHeader(func(t *task, h *rouse.Header) { t.aborted(h.Abort()) })},
	{name: "ID", covers: "Header.ID RawTask.ID AbortHandle.ID JoinHandle.ID JoinHandle.String", on: anyTask, pairs: true, do: withHeader(identifies)},
	{name: "Snapshot", covers: "Header.Snapshot Header.String RawTask.Snapshot AbortHandle.IsFinished JoinHandle.IsFinished", on: anyTask, pairs: true, do: withHeader(func(t *task, h *rouse.Header) { h.Snapshot() })},

	{name: "Poll", covers: "JoinHandle.Poll", on: cells, handle: true, do: func(t *task) func() {
		t.joiners = append(t.joiners, t.w.spy())
		s := t.joiners[len(t.joiners)-1]
		return func() { t.joins(s, &t.join) }
	}},
	{name: "TryJoin", covers: "JoinHandle.TryJoin", on: cells, handle: true, do: func(t *task) func() { return func() { t.tries() } }},
	{name: "Detach", covers: "JoinHandle.Detach", on: cells, handle: true, causes: []rouse.Cause{orphaned}, do: func(t *task) func() { return t.detach }},
	{name: "AbortHandle", covers: "JoinHandle.AbortHandle", on: cells, handle: true, do: func(t *task) func() {
		return func() { t.w.x.Do(func() { t.join.AbortHandle() }) }
	}},

	{name: "Close", covers: "Header.Close", on: actors, causes: []rouse.Cause{rouse.CauseClosed}, do: withHeader(func(t *task, h *rouse.Header) { h.Close() })},
	{name: "Disown", covers: "Header.Disown", on: actorOwned, once: true, causes: []rouse.Cause{orphaned}, do: func(t *task) func() { return t.disown }},

	{name: "CloseAndShutdownAll", covers: "OwnedTasks.CloseAndShutdownAll OwnedTasks.IsClosed", on: listOwned, causes: []rouse.Cause{rouse.CauseShutdown}, do: func(t *task) func() {
		return func() { t.w.list.CloseAndShutdownAll() }
	}},
	{name: "Remove", covers: "OwnedTasks.Remove RawTask.Shutdown", on: listOwned, causes: []rouse.Cause{rouse.CauseShutdown}, do: withHeader(func(t *task, h *rouse.Header) {
		if t.w.list.Remove(h) {
			r, _ := h.WakerRef().Task()
			r.Shutdown()
		}
	})},
	{name: "Dump", covers: "OwnedTasks.Len OwnedTasks.All OwnedTasks.Dump OwnedTasks.Describe", on: listOwned, pairs: true, do: looks},

	{name: "close the scheduler", covers: "Notified.Drop", on: anyTask, causes: []rouse.Cause{rouse.CauseDropped}, do: func(t *task) func() { return t.w.close }},

	{name: "wake in Poll", covers: "Notified.Run", on: anyTask, do: inPoll(func(t *task, cx rouse.Context) { cx.Waker().WakeByRef() })},
	{name: "abort in Poll", on: anyTask, causes: []rouse.Cause{rouse.CauseAborted}, do: inPoll(func(t *task, _ rouse.Context) { t.aborted(t.h.Abort()) })},
	{name: "drop in Poll", on: anyTask, causes: []rouse.Cause{orphaned}, do: dropInPoll},
	{name: "clone and wake in Poll", on: anyTask, do: inPoll(func(t *task, cx rouse.Context) {
		c := cx.Waker().Clone()
		t.counts(1)
		t.wake(&c)
	})},
}

func (o operation) String() string { return o.name }

// methods returns those that the operations cover.
func methods() (all []string) {
	for _, o := range operations {
		all = append(all, strings.Fields(o.covers)...)
	}
	return
}

// withWaker does f with a waker, and then drops what is left of it.
func withWaker(f func(t *task, v *rouse.Waker)) func(t *task) func() {
	return func(t *task) func() {
		v := t.waker()
		return func() {
			t.w.x.Do(func() {
				defer t.unwound()
				f(t, v)
			})
			t.dropLeft(v)
		}
	}
}

// dropLeft drops a waker, unless the scenario keeps all that it has to its end.
func (t *task) dropLeft(v *rouse.Waker) {
	if !v.IsZero() && !t.keeps {
		t.drop(v)
	}
}

// wakesBy signals an event, does f, and drops the waker if it is left.
func wakesBy(f func(t *task, v *rouse.Waker)) func(t *task) func() {
	return func(t *task) func() {
		k, v := t.newWake(), t.waker()
		return func() {
			k.with(t, func() { f(t, v) })
			t.dropLeft(v)
		}
	}
}

// withHeader does f to a task that a waker of the thread's keeps alive.
func withHeader(f func(t *task, h *rouse.Header)) func(t *task) func() {
	return withWaker(func(t *task, v *rouse.Waker) {
		r, _ := v.Borrow().Task()
		f(t, r.Header())
	})
}

// inPoll does f in the first poll.
func inPoll(f func(t *task, cx rouse.Context)) func(t *task) func() {
	return func(t *task) func() {
		before := t.inPoll
		t.inPoll = func(cx rouse.Context) {
			if before != nil {
				before(cx)
			}
			if t.polls.v == 1 {
				f(t, cx)
			}
		}
		return nil
	}
}

func dropInPoll(t *task) func() {
	v := t.waker()
	return inPoll(func(t *task, _ rouse.Context) { t.drop(v) })(t)
}

// cloneFrom moves a waker from a foreign one to the task's, and back.
func cloneFrom(t *task) func() {
	v, s := t.waker(), t.w.spy()
	return func() {
		t.w.x.Do(func() {
			defer t.unwound()
			var w rouse.Waker
			w.CloneFrom(v.Borrow())
			t.counts(1)
			w.CloneFrom(v.Borrow())
			w.CloneFrom(s.owner.Borrow())
			t.counts(-1)
			w.Drop()
		})
	}
}

func identifies(t *task, h *rouse.Header) {
	id := uint64(h.ID())
	t.assert(id != 0, "its ID is 0")
	if known := t.id.Get(); known != 0 {
		t.assert(id == known, "it has the IDs %d and %d", known, id)
	}
	t.id.Set(id)
}

func looks(t *task) func() {
	return withHeader(func(t *task, h *rouse.Header) {
		l := t.w.list
		t.assert(l.Len() <= 1, "one task was bound, %d are on the list", l.Len())
		l.Describe(h, "task", 0)
		for r := range l.All() {
			t.assert(r.Header() == h, "a stranger is on the list")
		}
		l.Dump()
	})(t)
}
