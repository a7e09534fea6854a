package rouse

import "unsafe"

// Wakers that are not a task's. They own nothing but memory, so to forget one
// does no harm.

// Wake is what WakerOf makes a waker of. It may be called by any goroutine.
type Wake interface{ Wake() }

// WakerOf returns a waker that calls v.Wake. Allocations: 1.
func WakerOf(v Wake) Waker { return ownWaker(unsafe.Pointer(&v), &wakeWakerVTable) }

// FuncWaker returns a waker that calls f. Two wakers of one function do not
// wake the same, but their clones do. Allocations: 1.
func FuncWaker(f func()) Waker { return ownWaker(unsafe.Pointer(&f), &funcWakerVTable) }

// ChanWaker returns a waker that sends to ch, unless that would block. A wake
// that finds the channel full does not publish what was written before it: the
// receiver must synchronise by other means, as JoinHandle.Join does. Allocations: 1.
func ChanWaker(ch chan<- struct{}) Waker { return ownWaker(unsafe.Pointer(&ch), &chanWakerVTable) }

// NoopWaker returns a waker that does nothing. Allocations: 0.
func NoopWaker() Waker { return ownWaker(nil, &noopWakerVTable) }

func ownWaker(data unsafe.Pointer, v *RawWakerVTable) (w Waker) {
	w.data, w.vtable = data, v
	return
}

var (
	wakeWakerVTable = foreignVTable(wakeKind{})
	funcWakerVTable = foreignVTable(funcKind{})
	chanWakerVTable = foreignVTable(chanKind{})
	noopWakerVTable = foreignVTable(noopKind{})
)

type foreignKind interface {
	clone(unsafe.Pointer) RawWaker
	wake(unsafe.Pointer)
}

// foreignVTable is of a kind whose data is collected, so that clones share it.
func foreignVTable(k foreignKind) RawWakerVTable {
	return RawWakerVTable{Clone: k.clone, Wake: k.wake, WakeByRef: k.wake, Drop: func(unsafe.Pointer) {}}
}

type wakeKind struct{}

func (wakeKind) clone(p unsafe.Pointer) RawWaker { return RawWaker{p, &wakeWakerVTable} }
func (wakeKind) wake(p unsafe.Pointer)           { (*(*Wake)(p)).Wake() }

type funcKind struct{}

func (funcKind) clone(p unsafe.Pointer) RawWaker { return RawWaker{p, &funcWakerVTable} }
func (funcKind) wake(p unsafe.Pointer)           { (*(*func())(p))() }

type chanKind struct{}

func (chanKind) clone(p unsafe.Pointer) RawWaker { return RawWaker{p, &chanWakerVTable} }
func (chanKind) wake(p unsafe.Pointer) {
	select {
	case *(*chan<- struct{})(p) <- struct{}{}:
	default:
	}
}

type noopKind struct{}

func (noopKind) clone(p unsafe.Pointer) RawWaker { return RawWaker{p, &noopWakerVTable} }
func (noopKind) wake(unsafe.Pointer)             {}
