package rouse

import "fmt"

// A life is what is promised of one task, in terms of who holds what, with no
// word and no bits. state_machine_test.go compares the word with it.
type life struct {
	owned      bool // by its embedder or by a list
	orphanable bool
	keep       bool // as an orphan it is reported, once, and polled again
	handle     bool // a JoinHandle exists
	waits      bool // its joiner has set a waker
	wakers     int64

	at       lifePhase
	again    bool // woken while it runs
	epilog   bool // ended, but the run is still held
	cause    Cause
	released bool
}

type lifePhase int

const (
	lifeIdle lifePhase = iota
	lifeDue            // a Notified exists
	lifeRuns
	lifeOver
)

// wake returns actSubmit if it is the wake that makes an idle task due.
func (l *life) wake() action {
	switch l.at {
	case lifeIdle:
		l.at = lifeDue
		return actSubmit
	case lifeRuns:
		l.again = true
	}
	return actNone
}

// cancel asks the task to end. takes says that the caller ends an idle task
// itself. recorded: nobody asked before, and it has not ended.
func (l *life) cancel(c Cause, takes bool) (a action, recorded bool) {
	if l.at == lifeOver || l.cause != CauseNone {
		return actNone, false
	}
	l.cause = c
	if takes && l.at == lifeIdle {
		l.at = lifeRuns
		return actCancel, true
	}
	if a = l.wake(); a == actNone {
		a = actRecorded
	}
	return a, true
}

// shutdown is the owner list's, which lets go of the task.
func (l *life) shutdown() action {
	l.owned = false
	if l.at == lifeOver {
		return l.settle()
	}
	if l.cause == CauseNone {
		l.cause = CauseShutdown
	}
	if l.at == lifeIdle {
		l.at = lifeRuns
		return actCancel
	}
	return l.wake()
}

func (l *life) begin() action {
	l.at, l.again = lifeRuns, false
	if l.cause != CauseNone {
		return actCancel
	}
	return actPoll
}

// pend gives up the run with the task unfinished.
func (l *life) pend() action {
	woken := l.again
	l.again = false
	switch {
	case woken && l.cause != CauseNone:
		return actCancel // and the run is the caller's again
	case woken:
		l.at = lifeDue
		return actYield
	}
	l.at = lifeIdle
	return l.settle()
}

// wakeByVal is a wake and a drop at once: the waker lives until the task is
// due, so that it cannot be the death of it.
func (l *life) wakeByVal() action {
	a := l.wake()
	l.wakers--
	if a == actSubmit {
		return a
	}
	return l.settle()
}

// settle says what becomes of a task that nobody can reach, or nobody can wake.
func (l *life) settle() action {
	unreachable := !l.owned && !l.handle
	switch {
	case l.wakers > 0 || l.epilog:
	case l.at == lifeOver && unreachable && !l.released:
		l.released = true
		return actRelease
	case l.at == lifeIdle && l.orphanable && l.keep:
		l.orphanable, l.at = false, lifeDue
		return actReport
	case l.at == lifeIdle && (unreachable || l.orphanable):
		if l.cause == CauseNone {
			l.cause = CauseOrphaned
		}
		l.at = lifeDue
		return actSubmit
	}
	return actNone
}

// differs returns how a word differs from what it should say, or "".
func (l *life) differs(n Snapshot) string {
	for what, is := range map[string][2]bool{
		"RUNNING":       {n.Running(), l.at == lifeRuns || l.epilog},
		"COMPLETE":      {n.Complete(), l.at == lifeOver},
		"NOTIFIED":      {n.Notified() && !n.Complete(), l.at == lifeDue || l.again && l.at == lifeRuns},
		"JOIN_INTEREST": {n.JoinInterest(), l.handle},
		"JOIN_WAKER":    {n.JoinWaker(), l.waits},
		"CANCELLED":     {n.Cancelled(), l.cause != CauseNone},
		"UNOWNED":       {n.Unowned(), !l.owned},
		"ORPHANABLE":    {n.Orphanable(), l.orphanable},
		"POISONED":      {n.Poisoned(), false},
		"idle":          {n.Idle(), l.at == lifeIdle},
		"dead":          {n.Dead() && n.Complete(), l.released},
	} {
		if is[0] != is[1] {
			return fmt.Sprintf("state %v: %s is %v, want %v", n, what, is[0], is[1])
		}
	}
	if n.Refs() != l.wakers || n.Cause() != l.cause {
		return fmt.Sprintf("state %v, want %d wakers, cause %v", n, l.wakers, l.cause)
	}
	return ""
}
