package leak

import (
	"log"

	"github.com/rouse-go/rouse"
)

type source struct {
	ready bool
	full  bool
	w     rouse.Waker
	cell  rouse.WakerCell
}

func push(w *rouse.Waker) {}

//wakervet:borrows w
func look(w *rouse.Waker) {}

//wakervet:takes w
func take(w *rouse.Waker, full bool) { // want `the waker w is not woken, dropped or passed on, on a path to the return at line 24`
	if full {
		return
	}
	w.Drop()
}

func earlyReturn(s *source, cx rouse.Context) bool {
	w := cx.Waker().Clone() // want `the waker w is not woken, dropped or passed on, on a path to the return at line 32`
	if s.full {
		return false
	}
	s.w = w.Move()
	return false
}

func wakeByRefIsNoEnd(cx rouse.Context) {
	w := cx.Waker().Clone() // want `the waker w is not woken, dropped or passed on, on a path to the return at line 43`
	w.WakeByRef()
	c := w.Clone()
	c.Wake()
}

func borrowed(s *source, cx rouse.Context) {
	w := cx.Waker().Clone() // want `the waker w is not`
	s.cell.Register(w.Borrow())
	look(&w)
}

func inLoop(s *source, cx rouse.Context) {
	for !s.ready {
		w := cx.Waker().Clone() // want `the waker w is not woken, dropped or passed on before line 53 defines the next`
		if s.full {
			continue
		}
		w.Wake()
	}
}

func guarded(s *source) bool {
	w, ok := s.cell.Take() // want `the waker w is not woken, dropped or passed on, on a path to the return at line 67`
	if !ok {
		return false
	}
	if s.full {
		return false
	}
	w.Wake()
	return true
}

func raw(r rouse.RawWaker) (n int) {
	var w = rouse.WakerFromRaw(r) // want `the waker w is not`
	switch {
	case r.Data == nil:
		w.Drop()
	case n > 0:
		w.Wake()
	}
	return
}

func inLiteral(cx rouse.Context) func() {
	return func() {
		w := cx.Waker().Clone() // want `the waker w is not`
		w.WakeByRef()
	}
}

// The rest is silent.

func consumed(s *source, cx rouse.Context, ch chan<- rouse.RawWaker) {
	a := cx.Waker().Clone()
	defer a.Drop()
	b := cx.Waker().Clone()
	push(&b)
	c := cx.Waker().Clone()
	ch <- c.IntoRaw()
	d := cx.Waker().Clone()
	defer func() {
		if !d.IsZero() {
			d.Drop()
		}
	}()
	e := cx.Waker().Clone()
	p := &e
	p.Wake()
	if s.full {
		return
	}
}

func passedOn(cx rouse.Context) *source {
	w := cx.Waker().Clone()
	return &source{w: w.Move()}
}

func takenOrNot(s *source) {
	if w, ok := s.cell.Take(); ok && s.ready {
		w.Wake()
	} else if ok {
		w.Drop()
	}
}

func notTaken(s *source) bool {
	w, ok := s.cell.Take()
	if !ok || w.IsZero() {
		return false
	}
	w.Wake()
	return true
}

func zero(s *source) {
	w := s.w.Move()
	if !w.IsZero() {
		w.Wake()
	}
}

func noReturn(s *source, cx rouse.Context) {
	w := cx.Waker().Clone()
	if s.full {
		log.Fatal("full")
	}
	if s.ready {
		panic("ready")
	}
	w.Drop()
}

func drain(s *source) {
	for {
		w, ok := s.cell.Take()
		if !ok {
			break
		}
		w.Wake()
	}
}

func foreign(s *source) {
	w := rouse.NoopWaker()
	s.cell.Register(w.Borrow())
	f := rouse.FuncWaker(func() {})
	s.cell.Register(f.Borrow())
}

func conditional(s *source, cx rouse.Context) {
	var w rouse.Waker
	if s.ready {
		w = cx.Waker().Clone()
	}
	if s.ready {
		w.Drop()
	}
}

func explicit(cx rouse.Context) {
	w := cx.Waker().Clone()
	_ = w
}

func allowed(cx rouse.Context) {
	//wakervet:allow wakerleak its task is uncounted
	w := cx.Waker().Clone()
	w.WakeByRef()
}
