package rouse

import (
	"fmt"
	"runtime/debug"
	"strconv"
)

// What a JoinError is, for errors.Is.
var (
	ErrAborted  error = causeError(CauseAborted)
	ErrShutdown error = causeError(CauseShutdown)
	ErrOrphaned error = causeError(CauseOrphaned)
	ErrDropped  error = causeError(CauseDropped)
	ErrPanicked error = causeError(CausePanicked)
	ErrExited   error = causeError(CauseExited)
)

type causeError Cause

func (c causeError) Error() string { return "rouse: task " + Cause(c).String() }

// A JoinError tells why a task ended without an output.
type JoinError struct {
	ID    ID
	Cause Cause
	Value any    // of the panic
	Stack []byte // of the panic

	// Name and Site, where it was spawned or described, are known of a task that
	// OwnedTasks.Describe named and that is on its list, or that was spawned with
	// Options.Owned and Name. The tag rouse_debug knows every Site.
	Name string
	Site string

	// LastWaker tells, of an orphan, how and where the last of its wakers ended.
	// It needs the tag rouse_debug.
	LastWaker string

	advice string // of an orphan: what would have kept it
}

func newJoinError(h *Header, c Cause, v any) *JoinError {
	err := &JoinError{ID: h.taskID(), Cause: c, Value: v}
	err.Name, err.Site = h.described()
	if c == CauseOrphaned {
		err.LastWaker = h.lastWaker()
		err.advice = h.orphanAdvice()
	}
	if c == CausePanicked {
		err.Stack = debug.Stack()
	}
	return err
}

// orphanAdvice says what, besides a waker, would have kept the task. The caller
// has its run.
func (h *Header) orphanAdvice() string {
	n := h.state.Load()
	unreached := n.Unowned() && !n.JoinInterest()
	switch {
	case h.vtable.isCell && unreached:
		return ", or spawn it Uncounted; NoOrphanCheck would not have kept it, since neither a JoinHandle nor a list referred to it"
	case h.vtable.isCell:
		return ", or spawn it with NoOrphanCheck"
	case unreached:
		return ", or have the task owned, by Vtable.Init or by a list"
	}
	return ", or leave Ops.OrphanCheck unset"
}

// Error names the task and the cause, and says what to do about an orphan.
func (e *JoinError) Error() string {
	task := "rouse: task " + e.task()
	switch e.Cause {
	case CausePanicked:
		return fmt.Sprintf("%s panicked: %v", task, e.Value)
	case CauseOrphaned:
		task += " orphaned: it was pending, and no waker was left that could wake it; keep a Clone of the waker where its event is signalled" + e.advice
		if e.LastWaker != "" {
			task += "\n" + e.LastWaker
		}
		return task
	case CauseExited:
		return task + " exited: its poll called runtime.Goexit"
	}
	return task + " " + e.Cause.String()
}

// task returns what is known of the task's identity.
func (e *JoinError) task() string {
	s := strconv.FormatUint(uint64(e.ID), 10)
	if e.Name != "" {
		s += " (" + e.Name + ")"
	}
	if e.Site != "" {
		s += ", spawned at " + e.Site + ","
	}
	return s
}

// Is reports whether target is the error of e's cause.
func (e *JoinError) Is(target error) bool { return target == error(causeError(e.Cause)) }

// Unwrap returns the panic's value if it is an error.
func (e *JoinError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
