//go:build rouse_explore

package scenarios

import (
	"unsafe"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A spy is a waker that is not a task's, and of which each operation is counted.
type spy struct {
	w      *world
	alive  count
	body   explore.Var[int] // read by each use, written by the end
	wakes  explore.Ghost[int]
	raised explore.Ghost[bool] // an operation with it
	joins  bool                // a JoinHandle has it: it is to be woken by reference
	lone   bool                // once a JoinHandle has it, the scenario gives its own up
	owner  rouse.Waker
	onWake func()
	onDrop func()
}

// The kit counts the clones itself, and calls Clone never.
var spyVTable = rouse.RawWakerVTable{
	Wake: func(p unsafe.Pointer) {
		s := (*spy)(p)
		s.w.x.Assert(!s.joins, "a joiner was woken by value")
		defer s.gone()
		s.woken()
	},
	WakeByRef: func(p unsafe.Pointer) { (*spy)(p).woken() },
	Drop: func(p unsafe.Pointer) {
		s := (*spy)(p)
		s.gone()
		call(s.onDrop)
	},
}

func call(f func()) {
	if f != nil {
		f()
	}
}

func (s *spy) woken() {
	s.body.Get()
	s.w.x.Assert(s.alive.v > 0, "a joiner's waker was woken after it was destroyed")
	s.wakes.Set(s.wakes.Get() + 1)
	call(s.onWake)
}

func (s *spy) gone() {
	s.body.Set(1)
	s.w.x.Assert(s.alive.add(-1) >= 0, "a joiner's waker was destroyed twice")
}

func (w *world) spy() *spy {
	s := &spy{w: w}
	s.make()
	w.spies = append(w.spies, s)
	return s
}

func (s *spy) make() {
	s.alive.add(1)
	s.owner = rouse.WakerFromRaw(rouse.RawWaker{Data: unsafe.Pointer(s), VTable: &spyVTable})
}

// cx has the scenario's own waker, or a new one where that was given up.
func (s *spy) cx() rouse.Context {
	if s.owner.IsZero() {
		s.make()
	}
	return rouse.NewContext(s.owner.Borrow())
}

// drop ends the scenario's own.
func (s *spy) drop() {
	if !s.owner.IsZero() {
		s.owner.Drop()
	}
}

func (s *spy) atEnd() {
	s.drop()
	s.w.x.Assert(s.alive.v == 0, "%d of a joiner's wakers were never destroyed", s.alive.v)
}
