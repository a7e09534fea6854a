//go:build rouse_debug

package rouse

const debugging = true

// A token goes with an owned handle, and with its copies: that of a Waker and
// a JoinHandle inside the value, that of a Notified also in the Header, since
// queues keep Headers only. A borrow is the handle that a WakerRef hangs on:
// its waker's, its poll's, or its task's.
type (
	token    struct{ *handle }
	borrow   struct{ *handle }
	spending struct{ *handle }
	granted  struct {
		current pointer[handle]    // of the Notified that exists, if any
		life    pointer[handle]    // of the task, from Init to its release
		left    pointer[endOfLife] // of the waker that ended last
	}
)

func joinToken(h *Header) token { return token{newHandle(kindJoinHandle, h)} }

// wakerToken is none for wakers that may be forgotten.
func wakerToken(w RawWaker) token {
	switch w.VTable {
	case &taskWakerVTable:
		return token{newHandle(kindWaker, (*Header)(w.Data))}
	case &uncountedWakerVTable, &wakeWakerVTable, &funcWakerVTable, &chanWakerVTable, &noopWakerVTable:
		return token{}
	}
	return token{newHandle(kindWaker, nil)}
}

func (t token) check(op string) { t.handle.check(op) }
func (t token) end(op string)   { t.handle.finish(op) }
func (t token) lend() borrow    { return borrow{t.handle} }

func (b borrow) check(op string) { b.handle.check(op) }
func (b borrow) end(op string)   { b.handle.finish(op) }

func (s spending) end(op string) { s.handle.finish(op) }

func (h *Header) lend() borrow { return borrow{newHandle(kindPoll, h)} }

func (h *Header) grant() Notified {
	n := newHandle(kindNotified, h)
	h.current.Store(n)
	return Notified{h: h, spend: spending{n}}
}

func (h *Header) held() Notified { return Notified{h: h, spend: spending{h.current.Load()}} }

// begin starts a task's life, and ends that of the former tenant of its memory.
func (h *Header) begin() {
	h.current.Store(nil)
	h.left.Store(nil)
	life := newHandle(kindTask, h)
	if old := h.life.Swap(life); old != nil {
		old.record.ended.CompareAndSwap(nil, &endOfLife{op: "Init", stack: callers()})
	}
}

func (h *Header) end() { h.life.Load().finish("its release") }

func (h *Header) own() borrow { return borrow{h.life.Load()} }
