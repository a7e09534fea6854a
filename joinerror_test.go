package rouse

import (
	"errors"
	"testing"
)

// What a JoinError says of each cause, and what of a task whose name and site are
// known.
func TestJoinErrorString(t *testing.T) {
	for want, e := range map[string]*JoinError{
		"rouse: task 7 aborted":                                {Cause: CauseAborted},
		"rouse: task 7 shut down":                              {Cause: CauseShutdown},
		"rouse: task 7 dropped by its scheduler":               {Cause: CauseDropped},
		"rouse: task 7 closed":                                 {Cause: CauseClosed},
		"rouse: task 7 panicked: 3":                            {Cause: CausePanicked, Value: 3},
		"rouse: task 7 exited: its poll called runtime.Goexit": {Cause: CauseExited},
		"rouse: task 7 orphaned: it was pending, and no waker was left that could wake it; keep a Clone of the waker where its event is signalled, or else": {
			Cause: CauseOrphaned, advice: ", or else"},
		"rouse: task 7 orphaned: it was pending, and no waker was left that could wake it; keep a Clone of the waker where its event is signalled\nlast": {
			Cause: CauseOrphaned, LastWaker: "last"},
		"rouse: task 7 (reader) aborted":                         {Cause: CauseAborted, Name: "reader"},
		"rouse: task 7, spawned at x.go:1, aborted":              {Cause: CauseAborted, Site: "x.go:1"},
		"rouse: task 7 (reader), spawned at x.go:1, panicked: 3": {Cause: CausePanicked, Value: 3, Name: "reader", Site: "x.go:1"},
	} {
		e.ID = 7
		if got := e.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Only a panic has a value and a stack, and only a value that is an error is
// unwrapped.
func TestJoinErrorOfEachCause(t *testing.T) {
	cause := errors.New("cause")
	for c, f := range map[Cause]func(){CausePanicked: panics(cause), CauseExited: exits, CauseOrphaned: func() {}} {
		var l loop
		j := Spawn[output](&l, pollsThat(&l, f))
		ends(func() { l.run() })
		_, err := join(t, &j)
		if err == nil {
			t.Fatalf("%v: no error", c)
		}
		panicked := c == CausePanicked
		if err.Cause != c || (err.Value != nil) != panicked || (err.Stack != nil) != panicked || (err.Unwrap() == cause) != panicked || (err.Unwrap() != nil) != panicked {
			t.Errorf("%v: ended by %v, value %v, %d bytes of stack, unwrapped %v", c, err, err.Value, len(err.Stack), err.Unwrap())
		}
	}
}
