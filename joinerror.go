package rouse

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// What a JoinError is, for errors.Is.
var (
	ErrAborted  error = CauseAborted.err()
	ErrShutdown error = CauseShutdown.err()
	ErrOrphaned error = CauseOrphaned.err()
	ErrDropped  error = CauseDropped.err()
	ErrPanicked error = CausePanicked.err()
	ErrExited   error = CauseExited.err()
)

type causeError Cause

func (c Cause) err() causeError    { return causeError(c) }
func (c causeError) Error() string { return "rouse: task " + Cause(c).String() }

// A JoinError tells why a task ended without an output.
type JoinError struct {
	ID    ID
	Cause Cause
	Value any    // of the panic
	Stack []byte // of the panic
}

func newJoinError(h *Header, c Cause, v any) *JoinError {
	err := &JoinError{ID: h.taskID(), Cause: c, Value: v}
	if c == CausePanicked {
		err.Stack = debug.Stack()
	}
	return err
}

// Error names the task and the cause, and what to do about the less obvious.
func (e *JoinError) Error() string {
	switch e.Cause {
	case CausePanicked:
		return fmt.Sprintf("rouse: task %d panicked: %v", e.ID, e.Value)
	case CauseOrphaned:
		return fmt.Sprintf("rouse: task %d orphaned: it was pending, and no waker was left that could wake it; keep a Clone of the waker where its event is signalled, or spawn it with NoOrphanCheck", e.ID)
	case CauseExited:
		return fmt.Sprintf("rouse: task %d exited: its poll called runtime.Goexit", e.ID)
	}
	return fmt.Sprintf("rouse: task %d %v", e.ID, e.Cause)
}

// Is reports whether target is the error of e's cause.
func (e *JoinError) Is(target error) bool { return target == error(e.Cause.err()) }

// Unwrap returns the panic's value if it is an error.
func (e *JoinError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// joinPanics adds a panic's value to what was raised before.
func joinPanics(err error, v any) error {
	e, ok := v.(error)
	if !ok {
		e = fmt.Errorf("%v", v)
	}
	if err == nil {
		return e
	}
	return errors.Join(err, e)
}
