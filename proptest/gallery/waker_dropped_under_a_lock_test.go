//go:build rouse_explore

package gallery

import (
	"unsafe"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A place to wait, guarded by a mutex. The waker that is replaced is dropped while the mutex is
// held; what its destructor does is not known here. It may wake somebody who waits in this place.
type guarded struct {
	mu    explore.Mutex
	waker rouse.Waker
}

func (g *guarded) Register(r rouse.WakerRef) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waker.CloneFrom(r) // the bug: drops what was there
	return true
}

func (g *guarded) Wake() {
	g.mu.Lock()
	w := g.waker.Move()
	g.mu.Unlock()
	if !w.IsZero() {
		w.Wake()
	}
}

var wakerDroppedUnderALock = bug{
	name:   "waker-dropped-under-a-lock",
	within: 2,
	fails:  "deadlock: task in place.mu.Lock",
	faulty: func(x *explore.Exec) { reenters(x, new(guarded)) },
	right:  func(x *explore.Exec) { reenters(x, new(rouse.WakerCell)) },
}

type place interface {
	Register(rouse.WakerRef) bool
	Wake()
}

// reenters polls a future twice, with two wakers, the first of which comes back to p when it ends.
func reenters[P place](x *explore.Exec, p P) {
	rouse.Restart()
	x.Name(p, "place")
	var ended explore.Ghost[int]
	first := &visitor{back: p, ended: &ended}
	x.Go("task", func() {
		w := rouse.WakerFromRaw(rouse.RawWaker{Data: unsafe.Pointer(first), VTable: &visitorVTable})
		p.Register(w.Borrow())
		w.Drop() // the place has the last one
		second := rouse.NoopWaker()
		p.Register(second.Borrow())
	})
	x.Go("event", p.Wake)
	x.Final(func() { x.Assert(ended.Get() == 1, "the first waker has ended %d times", ended.Get()) })
}

type visitor struct {
	back  place
	ended *explore.Ghost[int]
}

func (v *visitor) end() {
	increment(v.ended)
	v.back.Wake()
}

// The package counts the clones of a waker itself, and calls Clone never.
var visitorVTable = rouse.RawWakerVTable{
	Wake:      func(p unsafe.Pointer) { (*visitor)(p).end() },
	WakeByRef: func(unsafe.Pointer) {},
	Drop:      func(p unsafe.Pointer) { (*visitor)(p).end() },
}
