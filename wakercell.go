package rouse

import "unsafe"

// A WakerCell is where one task waits for an event and anybody signals it.
// It is one word. The zero value is ready. It must not be copied; all methods
// may race.
//
// A task registers first and looks for the event after; whoever signals makes
// the event true first and wakes after. Then no wake is lost, and what was
// written before Wake is visible to a Register that finds the cell woken.
//
// It is futures-rs's AtomicWaker, made of one pointer: a counted waker is the
// address of its task, so that registering and waking are one CAS each and no
// lock bit is ever held while user code runs.
type WakerCell struct {
	_ noCopy
	// waiting is nil, &closed, or a counted waker's task; the header of a
	// foreignCell stands for a waker of another kind.
	waiting pointer[Header]
}

// closed stands in a closed WakerCell. It is never written.
var closed Header

// Register keeps a Clone of r, to be woken by the next Wake, and reports
// whether the cell is open. Another task that waited there is woken, so that
// it can see that it lost its place. RMWs: 2; the same task waits already 0.
// Allocations: 0; wakers of other kinds than this kit's tasks' 1.
func (c *WakerCell) Register(r WakerRef) bool {
	old := c.waiting.Load()
	if old == &closed {
		return false
	}
	// What waits may be woken and gone by now: its address is compared, and
	// nothing is read of it before the CAS has made it ours.
	if _, own := r.Task(); own && unsafe.Pointer(old) == r.data {
		return true
	}
	if debugging && waitsIn(old, r) {
		return true
	}
	fresh := r.Clone()
	slot := toSlot(&fresh)
	for !c.waiting.CompareAndSwap(old, slot) {
		if old = c.waiting.Load(); old == &closed {
			w := fromSlot(slot)
			w.Drop()
			return false
		}
	}
	if old != nil {
		displace(old, r)
	}
	return true
}

// displace wakes who lost its place to r, unless it is the same: a task that
// registers in each of its polls would never come to rest.
func displace(old *Header, r WakerRef) {
	w := fromSlot(old)
	if w.WillWake(r) {
		w.Drop()
		return
	}
	w.Wake()
}

// Wake wakes the task that waits, if any. RMWs: 1; waking 2; closed 0.
func (c *WakerCell) Wake() {
	if w, ok := c.Take(); ok {
		w.Wake()
	}
}

// Take removes and returns the waker of the task that waits, which the caller
// then owns. RMWs: 1; closed 0.
func (c *WakerCell) Take() (w Waker, ok bool) {
	for {
		old := c.waiting.Load()
		if old == &closed {
			return
		}
		// Of an empty cell too: the CAS publishes what was written before it.
		if c.waiting.CompareAndSwap(old, nil) {
			if old == nil {
				return
			}
			return fromSlot(old), true
		}
	}
}

// Close wakes the task that waits, and refuses all others from now on. RMWs: 1;
// waking 2.
func (c *WakerCell) Close() { wakeSlot(c.waiting.Swap(&closed)) }

func wakeSlot(h *Header) {
	if h != nil && h != &closed {
		w := fromSlot(h)
		w.Wake()
	}
}

// A foreignCell holds a waker of another kind; in the debug build one of any
// kind, since the handle that tells of its birth has to wait with it.
type foreignCell struct {
	Header
	token token
	raw   RawWaker
}

var foreignCellVtable Vtable

// toSlot consumes w and returns what stands for it in the cell.
func toSlot(w *Waker) *Header {
	if debugging {
		return toDebugSlot(w)
	}
	raw := w.IntoRaw()
	if raw.VTable == &taskWakerVTable || raw.VTable == &uncountedWakerVTable {
		return (*Header)(raw.Data)
	}
	f := &foreignCell{raw: raw}
	writes(&f.vtable, "header")
	f.vtable = &foreignCellVtable
	return &f.Header
}

// fromSlot returns the waker, which h stands for and the caller owns.
func fromSlot(h *Header) Waker {
	readsHeader(h)
	if h.vtable == &foreignCellVtable {
		if debugging {
			return (*foreignCell)(unsafe.Pointer(h)).watched()
		}
		return WakerFromRaw((*foreignCell)(unsafe.Pointer(h)).raw)
	}
	return WakerFromRaw(RawWaker{h.data(), h.vtable.waker()})
}

// toDebugSlot is toSlot of the debug build, and watched its fromSlot.
func toDebugSlot(w *Waker) *Header {
	f := &foreignCell{raw: RawWaker{w.data, w.vtable}, token: w.token}
	f.vtable = &foreignCellVtable
	*w = Waker{}
	return &f.Header
}

func (f *foreignCell) watched() Waker {
	return Waker{data: f.raw.Data, vtable: f.raw.VTable, token: f.token}
}

// waitsIn reports, in the debug build, whether r's task waits in the slot, which
// is memory of its own and not written to any more.
func waitsIn(slot *Header, r WakerRef) bool {
	_, own := r.Task()
	return own && slot != nil && (*foreignCell)(unsafe.Pointer(slot)).raw == r.Raw()
}
