package rouse

import "unsafe"

// watched says that some build tag wants to see each operation on a waker:
// then none takes the short way past its function.
const watched = debugging || tracing

// cloneSlow clones what is not a task's waker, and what is watched.
func cloneSlow(data unsafe.Pointer, vtable *RawWakerVTable) (w Waker) {
	switch vtable {
	case nil:
		consumed("Clone")
	case &taskWakerVTable:
		(*Header)(data).cloneWaker()
		w.data, w.vtable = data, vtable
	default:
		if vtable != &uncountedWakerVTable {
			traceForeign(TraceClone)
		}
		raw := vtable.Clone(data)
		w.data, w.vtable = raw.Data, raw.VTable
	}
	w.token = wakerToken(RawWaker{w.data, w.vtable})
	return
}
