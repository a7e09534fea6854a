package rouse

import "testing"

// A Leak says for each kind what would have ended it.
func TestLeakString(t *testing.T) {
	for kind, says := range map[string]string{
		"Waker":      "rouse: 2 Waker never ended: it was lost without Wake, Drop or IntoRaw\nborn at:\nhere",
		"Notified":   "rouse: 2 Notified never ended: it was lost without Run or Drop\nborn at:\nhere",
		"JoinHandle": "rouse: 2 JoinHandle never ended: it was lost without being awaited or detached\nborn at:\nhere",
	} {
		if got := (Leak{Kind: kind, Stack: "here", Count: 2, Collected: true}).String(); got != says {
			t.Errorf("%q, want %q", got, says)
		}
		if got, want := (Leak{Kind: kind, Stack: "here", Count: 1}).String(), "rouse: 1 "+kind+" alive\nborn at:\nhere"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
