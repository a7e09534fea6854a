package discard

import "testing"

func TestPanics(t *testing.T) {
	mustPanic := func(f func()) {
		defer func() { recover() }()
		f()
	}
	var s source
	mustPanic(func() { s.w.Clone() })
	s.w.IntoRaw() // want `the waker that IntoRaw returns is discarded`
}
