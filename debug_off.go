//go:build !rouse_debug

package rouse

import "unsafe"

const debugging = false

// What the debug build keeps with each handle, to tell of its birth and its
// end, is nothing here: a token with an owned handle, a borrow with a
// WakerRef, a spending with a Notified, and a granted with its Header.
type (
	token    struct{}
	borrow   struct{}
	spending struct{}
	granted  struct{}
)

// A slot is what a WakerCell points to: a waker's word, typed as a byte since it
// may be odd. It is never read or written by that type.
type slot = byte

func toSlot(w *Waker) *slot               { return (*slot)(w.p) }
func fromSlot(s *slot) (w Waker)          { w.p = unsafe.Pointer(s); return }
func waitsIn(s *slot, r WakerRef) bool    { return unsafe.Pointer(s) == r.p && s != nil }
func joinToken(*Header) (t token)         { return }
func wakerToken(unsafe.Pointer) (t token) { return }
func (token) check(string)                {}
func (token) end(string)                  {}
func (token) lend() (b borrow)            { return }
func (borrow) end(string)                 {}
func (spending) end(string)               {}
func (*Waker) ends(string)                {}
func (*Waker) uses(string)                {}
func (WakerRef) check(string)             {}

// lend returns what the WakerRef of a poll carries.
func (h *Header) lend() (b borrow) { return }

// begin and end mark the life of a task; own returns what a WakerRef carries
// that its owner made.
func (h *Header) begin()          {}
func (h *Header) end()            {}
func (h *Header) own() (b borrow) { return }

// site returns where the task was born, and lastWaker how the last of its
// wakers ended.
func (h *Header) site() string      { return "" }
func (h *Header) lastWaker() string { return "" }

// grant returns the Notified that has just come into being, and queued one that
// a queue of Headers has kept.
func (h *Header) grant() Notified { return Notified{h: h} }
func (h *Header) queued() Notified  { return Notified{h: h} }

// Leaks returns the owned handles that were not ended, grouped by kind and the
// stack of their birth: those that are alive, most first, then those that the
// collector has found. It needs the tag rouse_debug, and returns nil without.
func Leaks() []Leak { return nil }

// OnLeak has f called, instead of a message on standard error, for each handle
// that the collector found without an end. It reports whether handles are
// watched, by the tag rouse_debug.
func OnLeak(func(Leak)) bool { return false }
