package rouse

import (
	"context"
	"errors"
	"testing"
)

// loop is a scheduler for one goroutine, with what tests look at.
type loop struct {
	q      LocalQueue
	why    []Reason
	yields int
	closed bool
}

func (l *loop) Schedule(n Notified, why Reason) {
	l.why = append(l.why, why)
	if l.closed {
		n.Drop()
		return
	}
	l.q.Push(n)
}

func (l *loop) Yield(n Notified) {
	l.yields++
	l.q.Push(n)
}

func (l *loop) run() (runs int) {
	for n, ok := l.q.Pop(); ok; n, ok = l.q.Pop() {
		n.Run()
		runs++
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

func TestSpawnJoin(t *testing.T) {
	var l loop
	j := Spawn[int](&l, Ready(7))
	l.run()
	v, err := j.Join(context.Background())
	if v != 7 || err != nil || !j.IsZero() {
		t.Fatalf("joined %d, %v, zero %v", v, err, j.IsZero())
	}
}

func TestSelfWake(t *testing.T) {
	var l loop
	polls := 0
	j := Spawn[int](&l, FutureFunc[int](func(cx Context) (int, bool) {
		if polls++; polls < 5 {
			cx.Waker().WakeByRef()
			return 0, false
		}
		return polls, true
	}))
	if runs := l.run(); runs != 5 || l.yields != 4 {
		t.Fatalf("%d runs, %d yields", runs, l.yields)
	}
	if res, ok := j.TryJoin(); !ok || res.Value != 5 {
		t.Fatal(res, ok)
	}
}

func TestOrphan(t *testing.T) {
	var l loop
	j := Spawn[int](&l, FutureFunc[int](func(cx Context) (int, bool) { return 0, false }))
	l.run()
	_, err := j.Join(context.Background())
	if !errors.Is(err, ErrOrphaned) {
		t.Fatal(err)
	}
}
