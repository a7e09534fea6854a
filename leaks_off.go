//go:build !rouse_debug

package rouse

// Leaks returns the owned handles that were not ended, grouped by kind and the
// stack of their birth: those that are alive, most first, then those that the
// collector has found. It needs the tag rouse_debug, and returns nil without.
func Leaks() []Leak { return nil }

// OnLeak has f called, instead of a message on standard error, for each handle
// that the collector found without an end. It reports whether handles are
// watched, by the tag rouse_debug.
func OnLeak(func(Leak)) bool { return false }
