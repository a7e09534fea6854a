package escape

import (
	"container/list"
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rouse-go/rouse"
)

var global rouse.WakerRef

type waiter struct {
	id  int
	ref rouse.WakerRef
}

type source struct {
	ref     rouse.WakerRef
	cx      rouse.Context
	w       rouse.Waker
	waiters []waiter
	byID    map[int]rouse.WakerRef
	onReady func()
	list    list.List
	last    atomic.Pointer[waiter]
	table   sync.Map
	inner   rouse.Future[int]
}

func (s *source) Poll(cx rouse.Context) (int, bool) {
	s.ref = cx.Waker()                                                          // want `a WakerRef is stored in s.ref, which outlives the call; keep a Clone of the waker`
	s.cx = cx                                                                   // want `a Context is stored in s.cx, which outlives the call`
	global = cx.Waker()                                                         // want `a WakerRef is stored in global`
	s.waiters = append(s.waiters, waiter{1, cx.Waker()})                        // want `a borrowed waker is stored in s.waiters`
	s.byID[1] = cx.Waker()                                                      // want `a WakerRef is stored in s.byID\[1\]`
	s.onReady = func() { cx.Waker().WakeByRef() }                               // want `a borrowed waker is stored in s.onReady`
	s.onReady = cx.Waker().WakeByRef                                            // want `a borrowed waker is stored in s.onReady`
	s.list.PushBack(cx.Waker())                                                 // want `a WakerRef is stored in a list`
	s.last.Store(&waiter{ref: cx.Waker()})                                      // want `a borrowed waker is stored atomically`
	s.table.Store(1, cx)                                                        // want `a Context is stored in a map`
	time.AfterFunc(time.Second, func() { cx.Waker().WakeByRef() })              // want `a borrowed waker is used by a callback`
	time.AfterFunc(time.Second, cx.Waker().WakeByRef)                           // want `a borrowed waker is used by a callback`
	runtime.AddCleanup(s, func(r rouse.WakerRef) { r.WakeByRef() }, cx.Waker()) // want `a WakerRef is used by a callback`
	go func() { cx.Waker().WakeByRef() }()                                      // want `a borrowed waker is used by a goroutine`
	go cx.Waker().WakeByRef()                                                   // want `a borrowed waker is used by a goroutine`
	go wake(cx.Waker())                                                         // want `a WakerRef is used by a goroutine`
	return 0, false
}

func wake(r rouse.WakerRef) { r.WakeByRef() }

func (s *source) derived(ctx context.Context, cx rouse.Context, refs chan rouse.WakerRef) {
	r := cx.Waker()
	refs <- r // want `a WakerRef is sent on a channel`
	notify := func() { r.WakeByRef() }
	context.AfterFunc(ctx, notify) // want `a borrowed waker is used by a callback`
	e := &s.waiters[0]
	e.ref = r // want `a WakerRef is stored in e.ref`
	for i := range s.waiters {
		s.waiters[i].ref = r // want `a WakerRef is stored in s.waiters\[i\].ref`
	}
	w := rouse.FuncWaker(func() { r.WakeByRef() }) // want `a borrowed waker is used by a waker that outlives it`
	s.inner.Poll(rouse.NewContext(w.Borrow()))
	w.Drop()
}

func (s *source) Register(r rouse.WakerRef) {
	s.ref = r // want `a WakerRef is stored in s.ref`
}

func spawns(s rouse.Scheduler, cx rouse.Context) {
	rouse.SpawnDetached(s, rouse.FutureFunc[int](func(rouse.Context) (int, bool) { // want `a borrowed waker is used by another task`
		cx.Waker().WakeByRef()
		return 0, true
	}))
}

func outer() rouse.FutureFunc[int] {
	var got rouse.WakerRef
	return func(cx rouse.Context) (int, bool) {
		if !got.IsZero() {
			return 0, true
		}
		got = cx.Waker() // want `a WakerRef is stored in got`
		return 0, false
	}
}

type current struct{}

func (current) Poll(cx rouse.Context) (rouse.WakerRef, bool) {
	return cx.Waker(), true // want `a WakerRef is returned as output of the poll`
}

type reset struct{ ref rouse.WakerRef }

func (f *reset) Poll(cx rouse.Context) (int, bool) {
	if f.ref.IsZero() {
		f.ref = cx.Waker() // want `a WakerRef is stored in f.ref`
		return 0, false
	}
	return 0, true
}
