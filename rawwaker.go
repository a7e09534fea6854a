package rouse

import (
	"fmt"
	"unsafe"
)

// A RawWaker is a waker taken apart, to be carried across an interface that does
// not know this package: a pointer, and the functions that work on it. It owns
// what the Waker owned that it came from. It is plain data: copying it makes no
// second owner. The zero RawWaker is none.
//
// The idea is Rust's std::task::RawWaker.
type RawWaker struct {
	Data   unsafe.Pointer // visible to the collector
	VTable *RawWakerVTable
}

// A RawWakerVTable has the operations of a kind of waker. All four functions
// must be safe for concurrent use by multiple goroutines, and all take the Data
// of a RawWaker. Clone returns a RawWaker that the caller owns. Wake wakes and
// consumes, WakeByRef wakes, Drop consumes.
//
// The Wakers that IntoRaw takes apart have one table, whatever they wake. A
// table of the user's is passed to WakerFromRaw. The package counts the clones
// of such a Waker itself: it never calls Clone, it calls Wake if the last waker
// is woken by value, and otherwise Drop once, when the last waker is dropped;
// every other wake is a call of WakeByRef.
type RawWakerVTable struct {
	Clone     func(unsafe.Pointer) RawWaker
	Wake      func(unsafe.Pointer)
	WakeByRef func(unsafe.Pointer)
	Drop      func(unsafe.Pointer)
}

// taskWakerVTable is the one table of all Wakers: their word says the rest.
var taskWakerVTable = func() *RawWakerVTable {
	v := new(RawWakerVTable)
	v.Clone = func(p unsafe.Pointer) RawWaker {
		r := WakerRef{p: p}
		w := r.Clone()
		return RawWaker{w.p, v}
	}
	v.Wake = func(p unsafe.Pointer) { owned(p).Wake() }
	v.WakeByRef = wakeByRef
	v.Drop = func(p unsafe.Pointer) { owned(p).Drop() }
	return v
}()

// owned returns the waker that p was taken from.
func owned(p unsafe.Pointer) *Waker { return &Waker{p: p} }

// IntoRaw consumes w and returns it taken apart. The caller owns the result.
// Cost: no atomic operation.
func (w *Waker) IntoRaw() RawWaker {
	if debugging {
		w.ends("Waker.IntoRaw")
	}
	p := w.p
	w.p = nil
	if p == nil {
		panic("rouse: Waker.IntoRaw: the waker is zero, or was consumed before")
	}
	return RawWaker{p, taskWakerVTable}
}

// WakerFromRaw returns a Waker that owns what raw owned. It panics if raw is
// zero. It allocates nothing for what IntoRaw took apart, and 24 bytes for a
// waker of another kind.
func WakerFromRaw(raw RawWaker) (w Waker) {
	switch raw.VTable {
	case nil:
		panic("rouse: WakerFromRaw: the RawWaker is zero: it has no VTable")
	case taskWakerVTable:
		w.p = raw.Data
	default:
		w.p = newBox(raw, 0)
	}
	w.token = wakerToken(w.p)
	return
}

// A foreignWaker is the box of a waker of another kind: a task that has ended,
// as far as its word tells, and is kept by its wakers. Clone and Drop are those
// of every waker. A wake finds it COMPLETE and FOREIGN, and calls its table; so
// does the drop of the last waker, which finds it dead.
type foreignWaker struct {
	state State
	raw   RawWaker
}

// newBox returns the word of a waker of another kind; tag is uncounted where
// nothing is to be done when the last one is dropped.
func newBox(raw RawWaker, tag uintptr) unsafe.Pointer {
	f := &foreignWaker{raw: raw}
	f.state.init(initForeign)
	return unsafe.Add(unsafe.Pointer(f), tag)
}

func (f *foreignWaker) wakeByRef() { f.raw.VTable.WakeByRef(f.raw.Data) }

func (f *foreignWaker) drop() { f.raw.VTable.Drop(f.raw.Data) }

// wake consumes a counted waker. The caller is the last owner if it sees one
// reference, since nobody else has one to clone from.
func (f *foreignWaker) wake() {
	if f.state.Load() >= 2*refOne {
		f.wakeKept()
		return
	}
	f.state.refDec("Waker.Wake")
	f.raw.VTable.Wake(f.raw.Data)
}

// wakeKept wakes, and drops the waker afterwards, though the wake unwinds: until
// then it keeps the data from the table's Drop. It is doBoth without closures, which
// took half of the time of a foreign waker in a cell.
func (f *foreignWaker) wakeKept() {
	returned := false
	defer func() {
		if !returned {
			kept := true
			goOn(recover(), func() bool {
				if kept {
					kept = false
					dropWaker(unsafe.Pointer(f))
				}
				return false
			})
		}
	}()
	f.wakeByRef()
	returned = true
	dropWaker(unsafe.Pointer(f))
}

// sameWaker reports whether two boxes hold the same waker: a bridge to another
// runtime may box the same words for each poll.
func sameWaker(p, q unsafe.Pointer) bool {
	s, t := stateOf(p), stateOf(q)
	return s.Load().has(flagForeign) && t.Load().has(flagForeign) && s.box().raw == t.box().raw
}

// FuncWaker returns a waker that calls f, which must be safe for concurrent use
// by multiple goroutines. The waker may be forgotten, and counts nothing. Two
// wakers of one function are not wakers of the same task, but their clones are.
// It allocates 24 bytes.
func FuncWaker(f func()) (w Waker) {
	// Safe: a func value is one pointer, which funcWakerVTable turns back.
	w.p = newBox(RawWaker{*(*unsafe.Pointer)(unsafe.Pointer(&f)), funcWakerVTable}, uncounted)
	return
}

// ChanWaker returns a waker that sends to ch, unless that would block. A wake
// that finds the channel full does not publish what was written before it: the
// receiver must synchronise by other means, as JoinHandle.Join does. The waker
// may be forgotten, and counts nothing. It allocates 24 bytes.
func ChanWaker(ch chan<- struct{}) (w Waker) {
	// Safe: a channel is one pointer, which chanWakerVTable turns back.
	w.p = newBox(RawWaker{*(*unsafe.Pointer)(unsafe.Pointer(&ch)), chanWakerVTable}, uncounted)
	return
}

// NoopWaker returns a waker that does nothing. It may be forgotten, and
// allocates nothing.
func NoopWaker() (w Waker) {
	w.p = noopWaker
	return
}

var (
	funcWakerVTable = collected(func(p unsafe.Pointer) { (*(*func())(unsafe.Pointer(&p)))() })
	chanWakerVTable = collected(func(p unsafe.Pointer) {
		select {
		case *(*chan<- struct{})(unsafe.Pointer(&p)) <- struct{}{}:
		default:
		}
	})
	noopWaker = newBox(RawWaker{nil, collected(func(unsafe.Pointer) {})}, uncounted)
)

// collected returns the table of a kind whose data the collector owns: such
// wakers are uncounted, so that each wake is one by reference.
func collected(wake func(unsafe.Pointer)) *RawWakerVTable { return &RawWakerVTable{WakeByRef: wake} }

// wakerString names what a waker wakes by its address alone: the memory may be
// another task's by now.
func wakerString(p unsafe.Pointer) string {
	if p == nil {
		return "rouse.Waker(zero)"
	}
	return fmt.Sprintf("rouse.Waker(%#x)", uintptr(p)&^uncounted)
}
