package escape

import (
	"sync"

	"github.com/rouse-go/rouse"
)

func (s *source) clones(cx rouse.Context) {
	s.w = cx.Waker().Clone()
	w := cx.Waker().Clone()
	go func() { w.Wake() }()
}

// The header's owner may keep its WakerRef.
type owner struct {
	rouse.Header
	self rouse.WakerRef
}

func (o *owner) start() { o.self = o.WakerRef() }

type blocker struct {
	w  rouse.Waker
	cx rouse.Context
}

func newBlocker(wake func()) *blocker {
	b := &blocker{w: rouse.FuncWaker(wake)}
	b.cx = rouse.NewContext(b.w.Borrow())
	return b
}

// While the poll lasts, its receiver may know the Context.
func (s *source) scoped(cx rouse.Context) (int, bool) {
	s.cx = cx
	defer func() { s.cx = rouse.Context{} }()
	return s.inner.Poll(s.cx)
}

func (s *source) nested(cx rouse.Context) (int, bool) {
	outer := s.cx
	s.cx = cx
	v, ok := s.inner.Poll(cx)
	s.cx = outer
	return v, ok
}

type visitor struct {
	cx    rouse.Context
	count int
}

func (v *visitor) visit(int) { v.cx.Waker().WakeByRef() }

func (s *source) local(cx rouse.Context) int {
	v := visitor{cx: cx}
	v.cx = cx
	p := &visitor{}
	p.cx = cx
	p.visit(1)
	var refs [2]rouse.WakerRef
	refs[0] = cx.Waker()
	same := refs[0].WillWake(cx.Waker())
	if same {
		s.waiters[0].id = v.count
	}
	var count int
	each := func(r rouse.WakerRef) { count++; r.WakeByRef() }
	each(cx.Waker())
	return count
}

func (s *source) joined(cx rouse.Context) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		cx.Waker().WakeByRef()
	}()
	wg.Wait()
}

func wrap(cx rouse.Context) rouse.Context { return rouse.NewContext(cx.Waker()) }

func byValue(cx rouse.Context) visitor { return visitor{cx: cx} }

// begin keeps the Context until end.
//
//wakervet:borrows cx
func (v *visitor) begin(cx rouse.Context) { v.cx = cx }

func (s *source) raw(cx rouse.Context) { s.waiters[0].id = int(uintptr(cx.Waker().Raw().Data)) }

func (s *source) allowed(cx rouse.Context) {
	s.ref = cx.Waker() //wakervet:allow refescape its task outlives it
}
