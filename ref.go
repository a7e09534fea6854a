package rouse

import "unsafe"

// A WakerRef is a borrowed waker: what Rust writes &Waker, and tokio's
// WakerRef. It is two words, passed and copied by value, and costs nothing to
// make; it has no Drop and no consuming Wake. It is valid as long as what it
// was borrowed from: until the poll returns, for the one in a Context. To keep
// a waker, Clone. The zero WakerRef wakes nothing, and using it panics. All
// methods may race.
type WakerRef struct {
	borrow borrow
	data   unsafe.Pointer
	vtable *RawWakerVTable
}

// Clone returns an owned waker of the same task, which the caller must Wake,
// Drop or pass on. RMWs: 1; uncounted 0. Allocations: 0.
func (r WakerRef) Clone() (w Waker) {
	if debugging {
		r.borrow.check("WakerRef.Clone")
	}
	if watched || r.vtable != &uncountedWakerVTable {
		return clone(r.data, r.vtable)
	}
	w.data, w.vtable = r.data, r.vtable
	return
}

func clone(data unsafe.Pointer, vtable *RawWakerVTable) (w Waker) {
	if !watched && vtable == &taskWakerVTable {
		if h := (*Header)(data); !h.state.refInc() {
			h.state.refIncSlow()
		}
		w.data, w.vtable = data, vtable
		return
	}
	return cloneSlow(data, vtable)
}

// WakeByRef wakes the task. RMWs: 1; complete 0. Allocations: 0.
func (r WakerRef) WakeByRef() {
	if debugging {
		r.borrow.check("WakerRef.WakeByRef")
	}
	wakeByRef(r.data, r.vtable)
}

// WillWake reports whether both wake the same task: they have the same data
// and the same vtable. RMWs: 0.
func (r WakerRef) WillWake(o WakerRef) bool { return r.data == o.data && r.vtable == o.vtable }

// IsZero reports whether r is the zero WakerRef.
func (r WakerRef) IsZero() bool { return r.vtable == nil }

// Raw returns the two words of r, which own nothing.
func (r WakerRef) Raw() RawWaker { return RawWaker{r.data, r.vtable} }

// Task returns the task that r wakes, if it is one of this kit's.
func (r WakerRef) Task() (RawTask, bool) {
	if r.vtable == &taskWakerVTable || r.vtable == &uncountedWakerVTable {
		return RawTask{(*Header)(r.data)}, true
	}
	return RawTask{}, false
}

// A Context is what a poll is given: the waker of the task that it runs. It is
// passed by value, since a pointer would escape at every poll. The zero Context
// has the zero WakerRef. All methods may race. It is Rust's std::task::Context.
type Context struct{ ref WakerRef }

// NewContext returns a Context to poll a future by hand with.
func NewContext(r WakerRef) Context { return Context{r} }

// Waker returns the waker of the task, borrowed until the poll returns.
func (cx Context) Waker() WakerRef { return cx.ref }
