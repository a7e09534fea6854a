package rouse

// watched says that some build tag wants to see each operation on a waker:
// then none takes the short way past its function.
const watched = debugging || tracing

func (r WakerRef) cloneWatched() (w Waker) {
	r.borrow.check("WakerRef.Clone")
	w.data, w.vtable = r.data, r.vtable
	switch r.vtable {
	case &taskWakerVTable:
		(*Header)(r.data).cloneWaker()
	default:
		if r.vtable != &uncountedWakerVTable {
			traceForeign(TraceClone)
		}
		raw := r.cloneSlow()
		w.data, w.vtable = raw.data, raw.vtable
	}
	w.token = wakerToken(RawWaker{w.data, w.vtable})
	return
}
