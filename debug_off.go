//go:build !rouse_debug

package rouse

import "unsafe"

const debugging = false

// The debug build keeps with each handle where it was created and consumed. Here
// that is nothing: a token belongs to a Waker or a JoinHandle, a borrow to a
// WakerRef, a spending to a Notified, and a granted to a Header.
type (
	token    struct{}
	borrow   struct{}
	spending struct{}
	granted  struct{}
)

// A slot is what a WakerCell points to: the word of a waker. Its type is byte
// because the word may be odd; nothing is read or written by that type.
type slot = byte

func toSlot(w *Waker) *slot               { return (*slot)(w.p) }
func fromSlot(s *slot) (w Waker)          { w.p = unsafe.Pointer(s); return }
func waitsIn(s *slot, r WakerRef) bool    { return unsafe.Pointer(s) == r.p && s != nil }
func contends(_, _ *slot, _ WakerRef)     {}
func contended(*slot)                     {}
func joinToken(*Header) (t token)         { return }
func wakerToken(unsafe.Pointer) (t token) { return }
func (token) check(string)                {}
func (token) end(string)                  {}
func (token) lend() (b borrow)            { return }
func (token) joins() (done func())        { return func() {} }
func (borrow) end(string)                 {}
func (spending) end(string)               {}
func (*Waker) ends(string)                {}
func (*Waker) uses(string)                {}
func (WakerRef) check(string)             {}

// lend returns what the WakerRef of a poll carries.
func (h *Header) lend() (b borrow) { return }

// intact panics if the Header was copied or overwritten since it became a task.
func (h *Header) intact(string) {}

// begin and end mark the life of a task. own returns what the WakerRef of
// Header.WakerRef carries.
func (h *Header) begin()          {}
func (h *Header) end()            {}
func (h *Header) own() (b borrow) { return }

// site returns where the task was spawned, which skip moves up the stack, and
// lastWaker how the last of its wakers was consumed.
func (h *Header) site() string      { return "" }
func (h *Header) skip(int)          {}
func (h *Header) lastWaker() string { return "" }

// grant returns a new Notified, which the caller's transition has created. queued
// returns one that a queue has kept as a Header.
func (h *Header) grant() Notified  { return Notified{h: h} }
func (h *Header) queued() Notified { return Notified{h: h} }

// Leaks returns the owned handles that were not consumed, grouped by their kind
// and by the stack that created them. Handles that are still in use come first,
// the largest group first; then those that the garbage collector has found. Leaks
// is safe for concurrent use by multiple goroutines. It returns nil unless the
// program was built with the tag rouse_debug.
func Leaks() []Leak { return nil }

// OnLeak sets the function that is called for each handle that the garbage
// collector found and that was not consumed. Without one, or if f is nil, a
// message is written to standard error. f is called on another goroutine. OnLeak
// is safe for concurrent use by multiple goroutines. It reports whether the
// program was built with the tag rouse_debug; otherwise it does nothing.
func OnLeak(func(Leak)) bool { return false }
