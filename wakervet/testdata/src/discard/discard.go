package discard

import "github.com/rouse-go/rouse"

type source struct{ w rouse.Waker }

func (s *source) take() rouse.Waker { return s.w.Move() }

func fires(s *source, cx rouse.Context, p *rouse.Pool[int, rouse.FutureFunc[int]], sched rouse.Scheduler, f rouse.FutureFunc[int]) {
	s.w.Clone()                       // want `the waker that Clone returns is discarded, and never given back`
	cx.Waker().Clone()                // want `the waker that Clone returns is discarded`
	go s.w.Clone()                    // want `the waker that Clone returns is discarded`
	defer s.w.Move()                  // want `the waker that Move returns is discarded, and never given back: use Drop`
	s.w.IntoRaw()                     // want `the waker that IntoRaw returns is discarded`
	s.w.Borrow()                      // want `Borrow does nothing but return a value`
	s.w.WillWake(cx.Waker())          // want `WillWake does nothing but return a value`
	cx.Waker()                        // want `Waker does nothing but return a value`
	cx.Waker().IsZero()               // want `IsZero does nothing but return a value`
	rouse.WakerFromRaw(s.w.IntoRaw()) // want `the waker that the call returns is discarded`
	s.take()                          // want `the waker that the call returns is discarded`
	p.Spawn(sched, f)                 // want `the JoinHandle is discarded, so that the pool never gets the task back`
}

func onlyUse(h *rouse.Header) {
	w := h.WakerRef()
	w.Clone() // want `the waker that Clone returns is discarded`
}

func onlyUseOfParameter(s *source) {
	s.w.Clone() // want `the waker that Clone returns is discarded`
}

func sideEffect(next func() *source) {
	next().w.Clone() // want `the waker that Clone returns is discarded`
}

func inHeader(s *source) {
	if s.w.Clone(); s.w.IsZero() { // want `the waker that Clone returns is discarded`
		return
	}
}

func detached(sched rouse.Scheduler, f rouse.FutureFunc[int]) {
	rouse.Spawn(sched, f)      // want `the result of Spawn is ignored: nobody can await the task or Detach it: use SpawnDetached`
	rouse.Spawn[int](sched, f) // want `the result of Spawn is ignored`
}

func silent(s *source, cx rouse.Context, sched rouse.Scheduler, f rouse.FutureFunc[int]) {
	_ = s.w.Clone()
	c := cx.Waker().Clone()
	c.Wake()
	s.w.WakeByRef()
	cx.Waker().WakeByRef()
	s.w.CloneFrom(cx.Waker())
	rouse.FuncWaker(func() {})
	_ = rouse.Spawn(sched, f)
	s.w.Drop()
	//wakervet:allow wakerdiscard to see what the tests make of it
	s.w.Clone()
}
