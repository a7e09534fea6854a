package rouse

import (
	"sync"
	"unsafe"
)

// A RawWaker is a waker taken apart: data that the collector may see, and the
// operations on it. It owns what the Waker owned that it came from, and is plain
// data otherwise: to copy it makes no second owner. The zero RawWaker is none,
// and WakerFromRaw panics at it. It is Rust's std::task::RawWaker.
type RawWaker struct {
	Data   unsafe.Pointer
	VTable *RawWakerVTable
}

// A RawWakerVTable is the operations of a kind of waker, for wakers that are
// not of tasks of this kit. All four may be called by any goroutine, also at
// once; Clone returns an owned RawWaker, Wake and Drop consume theirs. Wakers
// are compared by data and by the address of their vtable, so there must be
// one vtable for a kind, in a package variable. Rust's core::task has the same.
type RawWakerVTable struct {
	Clone     func(unsafe.Pointer) RawWaker
	Wake      func(unsafe.Pointer)
	WakeByRef func(unsafe.Pointer)
	Drop      func(unsafe.Pointer)
}

// taskWakerVTable serves all wakers of tasks, owned and borrowed, so that
// WillWake holds between them; the methods below test for its address and go
// straight to the word. The uncounted twin serves tasks that the collector
// owns: clone and drop do nothing.
var (
	taskWakerVTable      = rawWakerVTable(countedWaker{})
	uncountedWakerVTable = rawWakerVTable(uncountedWaker{})
)

// A rawWaker is a kind of waker. Its Clone names the variable that is
// initialised with it; behind an interface that is no initialisation cycle.
type rawWaker interface {
	clone(unsafe.Pointer) RawWaker
	wake(unsafe.Pointer)
	wakeByRef(unsafe.Pointer)
	drop(unsafe.Pointer)
}

func rawWakerVTable(k rawWaker) RawWakerVTable {
	return RawWakerVTable{Clone: k.clone, Wake: k.wake, WakeByRef: k.wakeByRef, Drop: k.drop}
}

type countedWaker struct{}

func (countedWaker) clone(p unsafe.Pointer) RawWaker {
	(*Header)(p).cloneWaker()
	return RawWaker{p, &taskWakerVTable}
}
func (countedWaker) wake(p unsafe.Pointer)      { wakeByVal(p, &taskWakerVTable) }
func (countedWaker) wakeByRef(p unsafe.Pointer) { wakeByRef(p, &taskWakerVTable) }
func (countedWaker) drop(p unsafe.Pointer)      { (*Header)(p).dropWaker() }

type uncountedWaker struct{}

func (uncountedWaker) clone(p unsafe.Pointer) RawWaker {
	if tracing {
		(*Header)(p).traceKey().waker(TraceClone, 0, ActNone)
	}
	return RawWaker{p, &uncountedWakerVTable}
}
func (uncountedWaker) wake(p unsafe.Pointer)      { wakeByVal(p, &uncountedWakerVTable) }
func (uncountedWaker) wakeByRef(p unsafe.Pointer) { wakeByRef(p, &uncountedWakerVTable) }
func (uncountedWaker) drop(p unsafe.Pointer)      { dropSlow(p, &uncountedWakerVTable, 0) }

// A Waker is an owned right to wake a task. Whoever has it must consume it:
// Wake it, Drop it, Move it or pass it to a function that takes a *Waker. To
// forget one keeps its task from ever being released, and from being known as
// an orphan; only an uncounted one may be forgotten.
//
// A Waker is two words. It must not be copied (go vet says where it is); Move
// and Clone make the next owner. Consuming zeroes the variable, and every use
// of a zero Waker panics, but IsZero. The methods of one variable must not
// race with those that consume it; those of different wakers of one task may.
// It is Rust's std::task::Waker.
type Waker struct {
	_      noCopy
	token  token
	data   unsafe.Pointer
	vtable *RawWakerVTable
}

// noCopy makes go vet's copylocks flag copies.
type noCopy [0]sync.Mutex

// Clone returns another waker of the same task. RMWs: 1; uncounted 0.
func (w *Waker) Clone() (c Waker) {
	if debugging {
		w.token.check("Waker.Clone")
	}
	if watched || w.vtable != &uncountedWakerVTable {
		return clone(w.data, w.vtable)
	}
	c.data, c.vtable = w.data, w.vtable
	return
}

// Wake wakes the task and consumes w. RMWs: 1.
func (w *Waker) Wake() {
	if debugging {
		w.token.end("Waker.Wake")
	}
	data, vtable := w.data, w.vtable
	w.data, w.vtable = nil, nil
	wakeByVal(data, vtable)
}

// WakeByRef wakes the task. RMWs: 1; complete 0.
func (w *Waker) WakeByRef() { w.ref("Waker.WakeByRef").WakeByRef() }

// Drop gives w back. If it was the last that could wake a pending task, the
// task is scheduled for a last, cancelled run: treat it as a wake. RMWs: 1;
// ending an orphan 2; uncounted 0.
func (w *Waker) Drop() {
	if !watched && w.vtable == &uncountedWakerVTable {
		w.data, w.vtable = nil, nil
		return
	}
	w.drop()
}

func (w *Waker) drop() {
	if debugging {
		w.token.end("Waker.Drop")
	}
	data, vtable := w.data, w.vtable
	w.data, w.vtable = nil, nil
	var n Snapshot
	if !watched && vtable == &taskWakerVTable {
		if n = (*Header)(data).state.sub(refOne); int64(n) >= int64(refOne) {
			return
		}
	}
	dropSlow(data, vtable, n)
}

// Move returns w and zeroes the variable. RMWs: 0.
func (w *Waker) Move() (m Waker) {
	m.data, m.vtable, m.token = w.data, w.vtable, w.token
	*w = Waker{}
	return
}

// Borrow returns a WakerRef that is valid until w is consumed. RMWs: 0.
func (w *Waker) Borrow() WakerRef { return w.ref("Waker.Borrow") }

// WillWake reports whether w and r wake the same task. RMWs: 0.
func (w *Waker) WillWake(r WakerRef) bool { return w.data == r.data && w.vtable == r.vtable }

// CloneFrom makes w wake what r wakes, and drops what it was. RMWs: 0 if it
// does already; else 1, and 1 if w was not zero.
func (w *Waker) CloneFrom(r WakerRef) {
	if w.WillWake(r) {
		return
	}
	old := w.Move()
	defer old.dropUnlessZero()
	*w = r.Clone()
}

func (w *Waker) dropUnlessZero() {
	if !w.IsZero() {
		w.Drop()
	}
}

// IsZero reports whether w was consumed, or never set.
func (w *Waker) IsZero() bool { return w.vtable == nil }

// IntoRaw consumes w; the caller owns the RawWaker.
func (w *Waker) IntoRaw() RawWaker {
	if w.vtable == nil {
		consumed("Waker.IntoRaw")
	}
	if debugging {
		w.token.end("Waker.IntoRaw")
	}
	raw := RawWaker{w.data, w.vtable}
	w.data, w.vtable = nil, nil
	return raw
}

// WakerFromRaw returns a Waker that owns what raw owned.
func WakerFromRaw(raw RawWaker) Waker {
	if raw.VTable == nil {
		panic("rouse: WakerFromRaw: the vtable is nil")
	}
	return Waker{data: raw.Data, vtable: raw.VTable, token: wakerToken(raw)}
}

func (w *Waker) ref(op string) WakerRef {
	w.token.check(op)
	return WakerRef{data: w.data, vtable: w.vtable, borrow: w.token.lend()}
}
