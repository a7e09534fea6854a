//go:build rouse_debug

package rouse

import "fmt"

const debugging = true

// A token goes with an owned handle, and with its copies: that of a Waker and
// a JoinHandle inside the value, that of a Notified also in the Header, since
// queues keep Headers only. A borrow is the token that a WakerRef hangs on:
// its waker's, or its poll's.
type (
	token    struct{ *handle }
	borrow   struct{ *handle }
	spending struct{ *handle }
	granted  struct{ current pointer[handle] }
)

func joinToken(h *Header) token { return token{newHandle("JoinHandle", h)} }

// wakerToken is none for wakers that may be forgotten.
func wakerToken(w RawWaker) token {
	switch w.VTable {
	case &taskWakerVTable:
		return token{newHandle("Waker", (*Header)(w.Data))}
	case &uncountedWakerVTable, &wakeWakerVTable, &funcWakerVTable, &chanWakerVTable, &noopWakerVTable:
		return token{}
	}
	return token{newHandle("Waker", nil)}
}

func (t token) check(op string) { t.handle.check(op) }
func (t token) end(op string)   { t.handle.finish(op) }
func (t token) lend() borrow    { return borrow{t.handle} }

func (b borrow) check(op string) { b.handle.check(op) }
func (b borrow) end(op string)   { b.handle.finish(op) }

func (s spending) end(op string) { s.handle.finish(op) }

func (h *Header) lend() borrow { return borrow{newHandle(kindPoll, h)} }

func (h *Header) grant() Notified {
	n := newHandle("Notified", h)
	h.current.Store(n)
	return Notified{h: h, spend: spending{n}}
}

func (h *Header) held() Notified { return Notified{h: h, spend: spending{h.current.Load()}} }

// kindPoll is the kind of a borrow that ends by itself: it is no leak.
const kindPoll = "Context"

func (h *handle) check(op string) {
	if h == nil {
		return
	}
	if e := h.record.ended.Load(); e != nil {
		panic(h.record.misuse(op, e))
	}
}

// finish ends the life of a handle, once.
func (h *handle) finish(op string) {
	if h == nil {
		return
	}
	e := &endOfLife{op: op, stack: callers()}
	if !h.record.ended.CompareAndSwap(nil, e) {
		panic(h.record.misuse(op, h.record.ended.Load()))
	}
	h.record.forget()
}

func (r *record) misuse(op string, e *endOfLife) string {
	state := ""
	if r.task != nil {
		state = fmt.Sprintf(" (state %v)", r.task.Snapshot())
	}
	return fmt.Sprintf("rouse: %s: the %s was consumed before, by %s%s\n\nborn at:\n%s\nended at:\n%s",
		op, r.kind, e.op, state, r.born, e.stack)
}
