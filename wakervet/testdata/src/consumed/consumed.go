package consumed

import (
	"context"

	"github.com/rouse-go/rouse"
)

type sched struct {
	q    rouse.RunQueue
	next rouse.Notified
}

//wakervet:takes w
func take(w *rouse.Waker) { w.Drop() }

//wakervet:borrows w
func look(w *rouse.Waker) {
	w.Drop() // want `w is consumed here, but annotated as borrowed`
}

func refill(w *rouse.Waker) {}

func twice(w *rouse.Waker) {
	w.Wake()
	w.Drop() // want `w is used after Wake at line \d+ consumed it`
}

func afterDrop(r rouse.WakerRef) {
	w := r.Clone()
	w.Drop()
	w.WakeByRef() // want `w is used after Drop at line \d+ consumed it`
}

func everyPath(r rouse.WakerRef, c bool) {
	w := r.Clone()
	if c {
		w.Wake()
	} else {
		w.Drop()
	}
	d := w.Clone() // want `w is used after (Wake|Drop) at line \d+ consumed it`
	d.Drop()
}

func moved(r rouse.WakerRef) rouse.Waker {
	w := r.Clone()
	m := w.Move()
	w.Wake() // want `w is used after Move at line \d+ consumed it`
	return m
}

func given(r rouse.WakerRef) {
	w := r.Clone()
	take(&w)
	w.Drop() // want `w is used after take at line \d+ consumed it`
}

func deferred(n rouse.Notified, c bool) {
	defer n.Drop()
	if c {
		n.Run() // want `n is consumed here, and again by the deferred Drop of line \d+`
		return
	}
}

func deferredWake(r rouse.WakerRef) {
	w := r.Clone()
	defer w.Wake()
	w.Move() // want `w is consumed here, and again by the deferred Wake of line \d+`
}

func deferredAfter(r rouse.WakerRef) {
	w := r.Clone()
	w.Wake()
	defer w.Drop() // want `w is used after Wake at line \d+ consumed it`
}

func eachTurn(r rouse.WakerRef, n int) {
	w := r.Clone()
	for range n {
		w.Wake() // want `w is consumed here by each turn of the loop`
	}
}

func runTwice(n rouse.Notified) {
	n.Run()
	n.Drop() // want `n is used after Run at line \d+ consumed it`
}

func (s *sched) Schedule(n rouse.Notified, why rouse.Reason) {
	s.q.Push(n)
	n.SetNext(s.next) // want `n is used after Push at line \d+ consumed it`
}

func handed(s rouse.Scheduler, f rouse.ScheduleFunc, a, b rouse.Notified) {
	s.Schedule(a, 0)
	s.Yield(a) // want `a is used after Schedule at line \d+ consumed it`
	f(b, 0)
	b.Run() // want `b is used after f at line \d+ consumed it`
}

func walk(head rouse.Notified) {
	for n := head; !n.IsZero(); n = n.Next() { // want `n is used after Run at line \d+ consumed it`
		n.Run()
	}
}

func detached(j *rouse.JoinHandle[int]) {
	j.Detach()
	j.Join(context.Background()) // want `j is used after Detach at line \d+ consumed it`
}

// The rest is silent.

func assigned(r rouse.WakerRef) {
	w := r.Clone()
	w.Wake()
	w = r.Clone()
	w.Drop()
	w.CloneFrom(r)
	w.Drop()
}

func refilledByOthers(r rouse.WakerRef, run func()) {
	var w rouse.Waker
	refill(&w)
	run()
	w.Wake()
	run()
	w.Wake()
	for range 2 {
		run()
		w.Wake()
	}
}

func somePaths(r rouse.WakerRef, c bool) {
	w := r.Clone()
	if c {
		w.Wake()
	}
	if !c {
		w.Drop()
	}
}

func asked(r rouse.WakerRef, c bool) {
	w := r.Clone()
	w.Wake()
	if w.WillWake(r) {
		return
	}
	if !w.IsZero() {
		w.Drop()
	}
}

func perTurn(r rouse.WakerRef, n int) {
	for range n {
		w := r.Clone()
		w.Wake()
	}
	var w rouse.Waker
	for range n {
		w = r.Clone()
		w.Wake()
	}
}

func onceInLoop(r rouse.WakerRef, ch chan int) {
	w := r.Clone()
	for range ch {
		w.Wake()
		return
	}
	v := r.Clone()
	for {
		v.Wake()
		if len(ch) == 0 {
			break
		}
	}
	x := r.Clone()
	for range ch {
		x.Wake()
		panic("once")
	}
}

func comesBack(q *rouse.RunQueue, n rouse.Notified) {
	for range 3 {
		q.Push(n)
		if m, ok := q.Pop(); !ok || m != n {
			panic("lost")
		}
	}
}

func walkRight(head rouse.Notified) {
	for n := head; !n.IsZero(); {
		next := n.Next()
		n.Run()
		n = next
	}
}

func refilled(r rouse.WakerRef) {
	w := r.Clone()
	again := func() { w = r.Clone() }
	w.Wake()
	again()
	w.Drop()
}

func closures(r rouse.WakerRef, f func(func())) {
	w := r.Clone()
	f(func() { w.Drop() })
	w.Wake()
}

func pops(q *rouse.RunQueue) {
	for {
		n, ok := q.Pop()
		if !ok {
			return
		}
		n.Run()
	}
}

func after(n rouse.Notified) rouse.ID {
	n.Run()
	return n.Task().ID()
}

func joins(ctx context.Context, j *rouse.JoinHandle[int]) (int, error) {
	if v, err := j.Join(ctx); err == nil {
		return v, nil
	}
	j.Abort()
	return j.Join(context.Background())
}

func deferredDrop(r rouse.WakerRef, c bool) {
	w := r.Clone()
	defer w.Drop() // which does nothing once w is zero
	if c {
		w.Wake()
		return
	}
}

func deferredOnce(r rouse.WakerRef, c bool) {
	w := r.Clone()
	defer w.Drop()
	if c {
		w.WakeByRef()
	}
}

func fields(s *struct{ w rouse.Waker }, f func()) {
	s.w.Drop()
	f()
	s.w.Drop()
}
