package proptest_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/rouse-go/rouse"
	"pgregory.net/rapid"
)

// The operations of a JoinHandle. The order is the kit's: what the handle has
// is destroyed before the handle's claim ends.

func (w *world) pollJoin(u *unit, ref rouse.WakerRef, t target) {
	if u.phase != ended {
		if u.joiner == nil || *u.joiner != t {
			w.cloned(t)
			if old := u.joiner; old != nil {
				defer w.gone(*old)
			}
			u.joiner = &t
		}
	}
	was := u.phase == ended
	res, done := u.handle.Poll(rouse.NewContext(ref))
	if done != was {
		w.errorf("Poll of the handle of task %d reports %v, want %v", u.id, done, was)
	}
	if was {
		w.joined(u, res)
	}
}

func (w *world) tryJoin(u *unit) {
	res, done := u.handle.TryJoin()
	if done != (u.phase == ended) || u.handle.IsZero() != done {
		w.errorf("TryJoin of task %d reports %v in phase %v, zero %v", u.id, done, u.phase, u.handle.IsZero())
	}
	if done {
		w.joined(u, res)
	}
}

// joined is what follows of an outcome taken.
func (w *world) joined(u *unit, res rouse.Result[out]) {
	var err *rouse.JoinError
	if res.Err != nil && !errors.As(res.Err, &err) {
		w.errorf("task %d ends with %v, which is no JoinError", u.id, res.Err)
		return
	}
	switch {
	case u.outcome == ready && (err != nil || res.Value.u != u):
		w.errorf("task %d is ready, but its outcome %v", u.id, res)
	case u.outcome == fail && (err == nil || err.Cause != rouse.CausePanicked || err.Value != any(errPoll)):
		w.errorf("task %d panicked, but its outcome is %v", u.id, res)
	case u.outcome == pend && (err == nil || err.Cause != u.endedBy):
		w.errorf("task %d was ended by %v, but its outcome is %v", u.id, u.endedBy, res)
	}
	w.giveUp(u)
}

func (w *world) detach(u *unit) {
	if u.phase == ended && u.outcome == ready {
		u.wantOutputs++
	}
	u.handle.Detach()
	w.giveUp(u)
}

func (w *world) giveUp(u *unit) {
	if t := u.joiner; t != nil {
		u.joiner = nil
		w.gone(*t)
	}
	w.effect(u, u.giveUpHandle(), rouse.Cancelled)
}

// close closes the scheduler: it drops what it has.
func (w *world) close() {
	w.closed = true
	for len(w.order) > 0 && len(w.wrong) == 0 {
		w.run(nil, pend, true)
	}
	w.shutdownListed()
}

func (w *world) shutdownListed() {
	for len(w.listed) > 0 {
		w.shutdownOne(0)
	}
}

func (w *world) check(t *rapid.T) {
	if w.queue.Len() != len(w.order) {
		w.errorf("%d tasks in the queue, want %d", w.queue.Len(), len(w.order))
	}
	if !slices.Equal(w.events, w.want) {
		w.errorf("the scheduler was called with %v, want %v", w.events, w.want)
	}
	w.events, w.want = w.events[:0], w.want[:0]
	for i := range w.bells {
		if d := w.bells[i].wrong(w.over, w.wantBell[i].wakes, w.wantBell[i].live); d != "" {
			w.errorf("bell %d: %s", i, d)
		}
	}
	listed := 0
	for _, u := range w.units {
		listed += count(u.listed)
		u.check()
	}
	if n := w.owned.Len(); n != listed {
		w.errorf("%d tasks on the list, want %d", n, listed)
	}
	if len(w.wrong) > 0 {
		t.Fatal(errors.Join(w.wrong...))
	}
}

func (u *unit) check() {
	w := u.w
	if u.polls != u.wantPolls || u.futures != u.wantFutures || u.outputs != u.wantOutputs {
		w.errorf("task %d: %d polls, %d futures and %d outputs destroyed; want %d, %d, %d", u.id,
			u.polls, u.futures, u.outputs, u.wantPolls, u.wantFutures, u.wantOutputs)
	}
	u.checkHooks()
	if u.life.handle {
		if u.handle.IsFinished() != (u.phase == ended) {
			w.errorf("task %d: IsFinished in phase %v", u.id, u.phase)
		}
	}
	for _, a := range u.aborts {
		if a.IsFinished() != (u.phase == ended) {
			w.errorf("task %d: AbortHandle.IsFinished in phase %v", u.id, u.phase)
		}
	}
	if u.task == (rouse.RawTask{}) || u.pooled && u.release && len(u.aborts) == 0 {
		return // never seen, or its memory may be another's
	}
	n := u.task.Snapshot()
	if d := u.compare(n); d != "" {
		w.errorf("task %d: %s", u.id, d)
	}
	if registered := u.joiner != nil && u.phase != ended; n.JoinWaker() != registered {
		w.errorf("task %d: %v, a joiner waits: %v", u.id, n, registered)
	}
}

// windDown gives everything back: then every counted task is released.
func (w *world) windDown(t *rapid.T) {
	w.over = true
	for i := range w.bells {
		w.bells[i].ref()
		w.bells[i].owner.Drop()
	}
	w.shutdown()
	w.shutdownListed()
	for busy := true; busy; w.check(t) {
		busy = false
		for _, u := range w.units {
			if u.life.handle {
				w.detach(u)
			}
		}
		for k := w.takeWaker(0); k != nil; k = w.takeWaker(0) {
			w.gone(k.target)
			k.Drop()
		}
		for len(w.order) > 0 && len(w.wrong) == 0 {
			busy = true
			w.run(nil, ready, false)
		}
	}
	for _, u := range w.units {
		if u.counted && !u.release {
			t.Fatalf("task %d is never released: phase %v", u.id, u.phase)
		}
	}
}

func taskProperty(t *rapid.T) {
	w := &world{byTask: map[rouse.RawTask]*unit{}}
	anOp := rapid.Custom(func(t *rapid.T) op {
		return op{rapid.IntRange(0, len(opKinds)-1).Draw(t, "kind"), rapid.IntRange(0, 63).Draw(t, "a"), rapid.IntRange(0, 63).Draw(t, "b")}
	})
	script := rapid.SliceOfN(anOp, 0, 4)
	machine(t, w.check,
		act{"do", always, func(t *rapid.T) { w.do(anOp.Draw(t, "op"), nil) }},
		act{"run", always, func(t *rapid.T) {
			w.run(script.Draw(t, "script"), rapid.SampledFrom([]result{pend, pend, pend, ready, fail}).Draw(t, "result"), false)
		}},
		act{"drop", always, func(*rapid.T) { w.run(nil, pend, true) }},
		act{"spawn", always, func(t *rapid.T) {
			w.do(op{0, rapid.IntRange(0, 15).Draw(t, "a"), rapid.IntRange(0, 15).Draw(t, "b")}, nil)
		}},
		act{"close", func() bool { return len(w.units) > 5 }, func(*rapid.T) { w.close() }},
	)
	w.windDown(t)
}

func TestTask(t *testing.T) { check(t, taskProperty) }
