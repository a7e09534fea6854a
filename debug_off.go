//go:build !rouse_debug

package rouse

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

func joinToken(*Header) (t token)   { return }
func wakerToken(RawWaker) (t token) { return }
func (token) check(string)          {}
func (token) end(string)            {}
func (token) lend() (b borrow)      { return }
func (borrow) check(string)         {}
func (borrow) end(string)           {}
func (spending) end(string)         {}

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

// grant returns the Notified that has just come into being, and held one that
// a queue of Headers has kept.
func (h *Header) grant() Notified { return Notified{h: h} }
func (h *Header) held() Notified  { return Notified{h: h} }
