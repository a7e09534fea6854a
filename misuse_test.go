package rouse

import (
	"context"
	"strings"
	"testing"
)

// Every use of a consumed or zero handle panics, and says which.
func TestUseOfZeroHandles(t *testing.T) {
	var w Waker
	var r WakerRef
	var j JoinHandle[int]
	var a AbortHandle
	var n Notified
	var task RawTask
	cx := NewContext(r)
	zero := "nil pointer" // of wakers, whose hot path has no room for more
	if debugging {
		zero = "the waker is zero"
	}
	for name, c := range map[string]struct {
		use  func()
		says string
	}{
		"Waker.Clone":            {func() { w.Clone() }, zero},
		"Waker.Wake":             {func() { w.Wake() }, zero},
		"Waker.WakeByRef":        {func() { w.WakeByRef() }, zero},
		"Waker.Borrow":           {func() { w.Borrow().WakeByRef() }, zero},
		"Waker.IntoRaw":          {func() { w.IntoRaw() }, "the waker is zero"},
		"WakerFromRaw":           {func() { WakerFromRaw(RawWaker{}) }, "the RawWaker is zero"},
		"WakerRef.Clone":         {func() { r.Clone() }, zero},
		"WakerRef.WakeByRef":     {func() { r.WakeByRef() }, zero},
		"JoinHandle.Poll":        {func() { j.Poll(cx) }, "the JoinHandle is zero"},
		"JoinHandle.TryJoin":     {func() { j.TryJoin() }, "the JoinHandle is zero"},
		"JoinHandle.Join":        {func() { j.Join(context.Background()) }, "the JoinHandle is zero"},
		"JoinHandle.Detach":      {func() { j.Detach() }, "the JoinHandle is zero"},
		"JoinHandle.Abort":       {func() { j.Abort() }, "the JoinHandle is zero"},
		"JoinHandle.AbortHandle": {func() { j.AbortHandle() }, "the JoinHandle is zero"},
		"JoinHandle.IsFinished":  {func() { j.IsFinished() }, "the JoinHandle is zero"},
		"JoinHandle.ID":          {func() { j.ID() }, "the JoinHandle is zero"},
		"AbortHandle.Abort":      {func() { a.Abort() }, "the AbortHandle is zero"},
		"AbortHandle.IsFinished": {func() { a.IsFinished() }, "the AbortHandle is zero"},
		"AbortHandle.ID":         {func() { a.ID() }, "the AbortHandle is zero"},
		"Notified.Run":           {func() { n.Run() }, "the Notified is zero"},
		"Notified.Drop":          {func() { n.Drop() }, "the Notified is zero"},
		"RawTask.ID":             {func() { task.ID() }, "the RawTask is zero"},
		"RawTask.Snapshot":       {func() { task.Snapshot() }, "the RawTask is zero"},
		"RawTask.Value":          {func() { task.Value() }, "the RawTask is zero"},
		"RawTask.Shutdown":       {func() { task.Shutdown() }, "the RawTask is zero"},
	} {
		if !strings.HasPrefix(name, "Waker") {
			c.says = "rouse: " + name + ": " + c.says
		}
		t.Run(name, func(t *testing.T) { mustPanic(t, c.use, c.says) })
	}
	w.Drop() // and this does nothing
	if w.WillWake(r) || r.WillWake(r) {
		t.Error("a zero waker wakes something")
	}
	if m := w.Move(); !m.IsZero() || !w.IsZero() || !r.IsZero() || !j.IsZero() || !a.IsZero() || !n.IsZero() {
		t.Error("a zero handle is not zero")
	}
}

// A link and a queue panic before they are touched; which it was the debug build
// tells, since it would cost the others.
func TestLinkOfAZeroNotified(t *testing.T) {
	var q RunQueue
	var local LocalQueue
	says := "nil pointer"
	if debugging {
		says = "the Notified is zero"
	}
	mustPanic(t, func() { q.Push(Notified{}) }, says)
	mustPanic(t, func() { local.Push(Notified{}) }, says)
	mustPanic(t, func() { Notified{}.Next() }, says)
	mustPanic(t, func() { Notified{}.SetNext(Notified{}) }, says)
	if _, ok := q.Pop(); ok || local.Len() != 0 || !q.Push(new(loop).newActor(actors, pending).grant()) {
		t.Error("something was pushed")
	}
}

// What consumes a waker zeroes the variable.
func TestConsumedWaker(t *testing.T) {
	consumers := map[string]func(w *Waker){
		"Wake":    (*Waker).Wake,
		"Drop":    (*Waker).Drop,
		"IntoRaw": func(w *Waker) { m := WakerFromRaw(w.IntoRaw()); m.Drop() },
		"Move":    func(w *Waker) { m := w.Move(); m.Drop() },
	}
	for name, consume := range consumers {
		var l loop
		var w, keep Waker
		Spawn[output](&l, l.never(&keep))
		l.run()
		w = keep.Clone()
		consume(&w)
		if !w.IsZero() || l.last.Snapshot().Refs() != 1 {
			t.Errorf("%s: zero %v, state %v", name, w.IsZero(), l.last.Snapshot())
		}
		w.Drop()
		says := "nil pointer"
		if debugging {
			says = "consumed before"
		}
		mustPanic(t, w.WakeByRef, says)
		if l.last.Snapshot().Poisoned() {
			t.Errorf("%s: the task was harmed: %v", name, l.last.Snapshot())
		}
	}
}

func TestConsumedJoinHandle(t *testing.T) {
	consumers := map[string]func(j *JoinHandle[output]){
		"TryJoin": func(j *JoinHandle[output]) { j.TryJoin() },
		"Poll":    func(j *JoinHandle[output]) { j.Poll(NewContext((&spy{}).ref())) },
		"Join":    func(j *JoinHandle[output]) { j.Join(context.Background()) },
		"Detach":  func(j *JoinHandle[output]) { j.Detach() },
	}
	for name, consume := range consumers {
		var l loop
		j := Spawn[output](&l, l.ready(1))
		l.run()
		consume(&j)
		mustPanic(t, func() { j.TryJoin() }, "consumed before")
		if !j.IsZero() || l.released != 1 {
			t.Errorf("%s: zero %v, %+v", name, j.IsZero(), l.counts)
		}
	}
}

// Using a Notified twice is found out, whatever the task did in between; the
// task is poisoned, and nothing of it is released any more.
func TestNotifiedUsedTwice(t *testing.T) {
	first := map[string]func(n Notified){"Run": Notified.Run, "Drop": Notified.Drop}
	for one, use := range first {
		for two, again := range first {
			for _, ready := range []bool{true, false} {
				var l loop
				var w Waker
				a := &actor{l: &l, poll: func(cx Context) bool { w.CloneFrom(cx.Waker()); return ready }}
				n := actors.InitNotified(a)
				use(n)
				released := l.released
				mustPanic(t, func() { again(n) }, "Notified", "consumed before", "state ")
				state := a.Snapshot()
				if !state.Poisoned() || l.polls > 1 || l.futures > 1 {
					t.Errorf("%s, %s: state %v, %+v", one, two, state, l.counts)
				}
				if !w.IsZero() {
					ends(w.Drop)
				}
				if l.released != released {
					t.Errorf("%s, %s: a poisoned task was released", one, two)
				}
			}
		}
	}
}

func TestDisownTwice(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	w := a.WakerRef().Clone()
	a.Disown()
	mustPanic(t, a.Disown, "Header.Disown", "disowned before", "refs=1")
	if !a.Snapshot().Poisoned() {
		t.Errorf("state %v", a.Snapshot())
	}
	ends(w.Drop)
	if l.released != 0 {
		t.Error("a poisoned task was released")
	}
}

// A waker that was forged, by copying its words, is dropped twice.
func TestWakerDroppedTwice(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	w := a.WakerRef().Clone()
	forged := WakerFromRaw(w.Borrow().Raw())
	w.Drop()
	mustPanic(t, forged.Drop, "Waker.Drop", "consumed before", "refs=0")
	refs := int64(-1)
	if watched {
		refs = 0 // the count was not touched
	}
	if n := a.Snapshot(); !n.Poisoned() || n.Refs() != refs {
		t.Errorf("state %v", n)
	}
	second := WakerFromRaw(RawWaker{a.waker(), taskWakerVTable})
	mustPanic(t, second.Wake, "Waker.Wake", "misused before")
}

// A borrowed waker that is used after its poll, when nothing holds the task.
func TestBorrowedWakerUsedAfterItsPoll(t *testing.T) {
	var l loop
	var late WakerRef
	SpawnDetached[output](&l, probe{l: &l, poll: func(cx Context) (output, bool) {
		//wakervet:allow refescape the misuse that is tested
		late = cx.Waker()
		return output{l: &l}, true
	}})
	l.run()
	mustPanic(t, func() { late.Clone() }, "after its poll", "COMPLETE")
}

// A misuse during its poll: the run is not given up as if nothing was.
func TestPoisonedWhileItRuns(t *testing.T) {
	for _, wakes := range []bool{false, true} {
		var l loop
		a := l.newActor(actors, nil)
		a.poll = func(cx Context) bool {
			if wakes {
				cx.Waker().WakeByRef()
			}
			a.state.poison()
			return false
		}
		a.Wake()
		mustPanic(t, func() { l.run() }, "Notified.Run", "the task was misused before", "POISONED")
		l.want(t, counts{scheduled: 1, polls: 1}, a.Snapshot().String())
	}
}

// A clone too many is refused where it would reach the sign, whoever has a claim
// on the task.
func TestTooManyClones(t *testing.T) {
	for name, word := range map[string]Snapshot{"owned": 0, "running": flagRunning, "unowned": flagUnowned} {
		for op, clone := range map[string]func(a *actor){
			"WakerRef.Clone": func(a *actor) { a.WakerRef().Clone() },
			"Waker.Clone":    func(a *actor) { owned(a.waker()).Clone() },
		} {
			if debugging && op == "Waker.Clone" {
				continue // a forged waker is refused for that
			}
			var l loop
			a := l.newActor(actors, pending)
			a.state.init(word | refLimit - refOne)
			mustPanic(t, func() { clone(a) }, "Clone: too many wakers")
			if !a.Snapshot().Poisoned() {
				t.Errorf("%s, %s: %v", name, op, a.Snapshot())
			}
		}
	}
}

func TestTheInnocentAreNotBlamed(t *testing.T) {
	const before = "the task was misused before"
	var l loop
	var n Notified
	j := Spawn[output](ScheduleFunc(func(m Notified, _ Reason) { n = m }), l.ready(1))
	n.Run()
	mustPanic(t, n.Run, "Notified.Run", "was consumed before")
	if debugging { // the word is as it was
		if res, ok := j.TryJoin(); !ok || res.Err != nil {
			t.Errorf("%v, %v", res.Err, ok)
		}
	} else {
		mustPanic(t, func() { j.TryJoin() }, "JoinHandle.TryJoin", before, "POISONED")
	}

	a := l.newActor(actors, pending)
	a.Disown()
	mustPanic(t, a.Disown, "Header.Disown", "the task has no owner")
	mustPanic(t, a.Disown, "Header.Disown", before)
	mustPanic(t, func() { actors.Init(a) }, "Vtable.Init", "misused before")

	var s State
	mustPanic(t, func() { s.End() }, "State.End", "does not hold the run")
	mustPanic(t, func() { s.Finish() }, "State.Finish", before)
}

func TestZeroVtable(t *testing.T) {
	var v Vtable[actor]
	a := new(actor)
	mustPanic(t, func() { v.Init(a) }, "rouse: Vtable.Init: the Vtable is zero: NewVtable makes one")
	mustPanic(t, func() { v.InitNotified(a) }, "rouse: Vtable.InitNotified: the Vtable is zero")
	mustPanic(t, func() { v.InitBound(a, new(OwnedTasks)) }, "rouse: Vtable.InitBound: the Vtable is zero")
	actors.Init(a) // nothing was written
}
