package proptest_test

import (
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/rouse-go/rouse"
)

// A shop is a runtime of one goroutine, which alone touches what is in it. Two
// of them know nothing of each other.
type shop interface {
	rouse.Scheduler
	Close()
}

// A refuser is a shop whose scheduler is the user's, and drops what comes when
// it is closed.
type refuser struct {
	rouse.LocalQueue
	closed bool
}

func (r *refuser) Schedule(n rouse.Notified, _ rouse.Reason) {
	if r.closed {
		n.Drop()
		return
	}
	r.Push(n)
}

func (r *refuser) Yield(n rouse.Notified) { r.Schedule(n, rouse.Yielded) }

func (r *refuser) Close() {
	r.closed = true
	for n, ok := r.Pop(); ok; n, ok = r.Pop() {
		n.Drop()
	}
}

var shops = map[string]func() shop{
	"Notified.Drop":    func() shop { return new(refuser) },
	"LocalQueue.Close": func() shop { return new(rouse.LocalQueue) },
	"RunQueue.Close":   func() shop { return new(rouse.RunQueue) },
}

// A ware is a future that is pending, and whose destructor does something.
type ware struct {
	end   func()
	waker rouse.Waker
}

func (w *ware) Poll(cx rouse.Context) (struct{}, bool) {
	w.waker.CloneFrom(cx.Waker())
	return struct{}{}, false
}

func (w *ware) Drop() { w.end() }

// inDestructor has a goroutine close a, and returns once it is inside the
// destructor of a's task. leave lets it go on, and returns what came out of
// a's Close.
func inDestructor(a shop, waitFor func()) (leave func() (raised any)) {
	in, out := make(chan struct{}), make(chan struct{})
	done := make(chan any)
	rouse.SpawnDetached(a, &ware{end: func() {
		close(in)
		<-out
		waitFor()
	}})
	go func() { done <- panicOf(a.Close) }()
	<-in
	return func() any { close(out); return <-done }
}

// While a runtime is inside a destructor, for as long as that likes, another
// closes: all of its tasks have ended when that returns, on its own goroutine.
func TestStrangerCloses(t *testing.T) {
	for how, open := range shops {
		a, b := open(), open()
		leave := inDestructor(a, func() {})
		ended := 0 // plain: by this goroutine alone
		join := rouse.Spawn(b, &ware{end: func() { ended++ }})
		b.Close()
		if res, ready := join.TryJoin(); !ready || !errors.Is(res.Err, rouse.ErrDropped) || ended != 1 {
			t.Errorf("%s: closed, and its task has ended %d times, its joiner resolves: %v, %v", how, ended, ready, res.Err)
		}
		var list rouse.OwnedTasks
		list.CloseAndShutdownAll()
		late := rouse.SpawnWith(b, &ware{end: func() { ended++ }}, rouse.Options{Owned: &list})
		if res, ready := late.TryJoin(); !ready || !errors.Is(res.Err, rouse.ErrShutdown) || ended != 2 {
			t.Errorf("%s: spawned on a closed list, and not resolved at once: %v, %v", how, ready, res.Err)
		}
		if v := leave(); v != nil {
			t.Errorf("%s: raised %v", how, v)
		}
	}
}

// What a destructor panics with comes out of its own runtime's Close.
func TestStrangerPanics(t *testing.T) {
	for how, open := range shops {
		a, b := open(), open()
		leave := inDestructor(a, func() {})
		errBomb := errors.New("b's")
		rouse.SpawnDetached(b, &ware{end: func() { panic(errBomb) }})
		v := panicOf(b.Close)
		if err, ok := v.(error); !ok || !errors.Is(err, errBomb) {
			t.Errorf("%s: b raised %v", how, v)
		}
		if v := leave(); v != nil {
			t.Errorf("%s: a raised %v", how, v)
		}
	}
}

// A lock that only a's destructors take may be held while b closes, and a's
// destructor may wait for a task of b's.
func TestStrangerIsWaitedFor(t *testing.T) {
	for how, open := range shops {
		a, b := open(), open()
		var logger sync.Mutex
		resolved := make(chan struct{})
		leave := inDestructor(a, func() {
			logger.Lock()
			logger.Unlock()
			<-resolved
		})
		join := rouse.Spawn(b, &ware{end: func() {}})
		logger.Lock()
		b.Close()
		logger.Unlock()
		if join.IsFinished() {
			close(resolved)
		} else {
			t.Fatalf("%s: closed, and its task has not ended", how)
		}
		join.Detach()
		if v := leave(); v != nil {
			t.Errorf("%s: raised %v", how, v)
		}
	}
}

// Runtimes that stop together, each with plain memory of its own: for the race
// detector.
func TestStrangersStopTogether(t *testing.T) {
	for how, open := range shops {
		var all sync.WaitGroup
		for range 4 {
			all.Add(1)
			go func() {
				defer all.Done()
				for range 50 {
					s, open := open(), map[int]bool{}
					for i := range 50 {
						open[i] = true
						rouse.SpawnDetached(s, &ware{end: func() { delete(open, i) }})
					}
					if s.Close(); len(open) != 0 {
						t.Errorf("%s: %d of 50 tasks have not ended", how, len(open))
					}
				}
			}()
		}
		all.Wait()
	}
}

// A runtime that is closed by a destructor of another's, on one goroutine.
func TestNestedClose(t *testing.T) {
	for how, open := range shops {
		outer, inner := open(), open()
		ended := 0
		for range 3 {
			rouse.SpawnDetached(inner, &ware{end: func() { ended++ }})
		}
		seen := 0
		rouse.SpawnDetached(outer, &ware{end: func() { inner.Close(); seen = ended }})
		if outer.Close(); seen != 3 {
			t.Errorf("%s: closed, and %d of its 3 tasks have ended", how, seen)
		}
	}
}

// links makes n idle tasks on q, whose destructors wake the next, and returns
// the first.
func links(s rouse.Scheduler, run func() bool, n int, each func()) *ware {
	var next *ware
	for range n {
		after := next
		next = new(ware)
		next.end = func() {
			each()
			if after != nil {
				after.waker.Wake()
			}
		}
		rouse.SpawnDetached(s, next)
	}
	for run() {
	}
	return next
}

// Destructors that wake the next task of a closed scheduler nest, and pass.
func TestChainOfRefusals(t *testing.T) {
	n, ended := chainOf(100_000), 0
	s := new(refuser)
	first := links(s, s.RunOne, n, func() { ended++ })
	s.Close()
	if first.waker.Wake(); ended != n {
		t.Errorf("%d of %d tasks have ended", ended, n)
	}
}

// Destructors that wake the next task of a queue that closes are a loop.
func TestChainInAClosingQueue(t *testing.T) {
	type queue interface {
		shop
		RunOne() bool
	}
	for how, q := range map[string]queue{"LocalQueue": new(rouse.LocalQueue), "RunQueue": new(rouse.RunQueue)} {
		n, ended, shallow, deep := chainOf(1_000_000), 0, 0, 0
		first := links(q, q.RunOne, n, func() {
			var pcs [64]uintptr
			if deep = max(deep, runtime.Callers(0, pcs[:])); ended == 0 {
				shallow = deep
			}
			ended++
		})
		first.waker.Wake() // it is queued
		if q.Close(); ended != n {
			t.Errorf("%s: %d of %d tasks have ended", how, ended, n)
		}
		if deep != shallow {
			t.Errorf("%s: the stack of the first end had %d frames, that of a later one %d", how, shallow, deep)
		}
	}
}

// chainOf is less where each task has a record of its birth, and on WebAssembly,
// whose host bounds the depth of calls.
func chainOf(n int) int {
	if runtime.GOARCH == "wasm" {
		return n / 500
	}
	if watchesHandles || testing.Short() {
		return n / 20
	}
	return n
}
