package rouse

import (
	"fmt"
	"strings"
	"testing"
)

// panicOf returns the message that f panics with, and whether it does.
func panicOf(f func()) (msg string, panicked bool) {
	defer func() {
		if v := recover(); v != nil {
			msg, panicked = fmt.Sprint(v), true
		}
	}()
	f()
	return
}

// mustPanic checks that f panics with a message that has all parts.
func mustPanic(t testing.TB, f func(), parts ...string) {
	t.Helper()
	msg, panicked := panicOf(f)
	if !panicked {
		t.Errorf("no panic, want one with %q", parts)
	}
	for _, p := range parts {
		if !strings.Contains(msg, p) {
			t.Errorf("panic %q does not say %q", msg, p)
		}
	}
}
