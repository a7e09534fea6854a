package proptest_test

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// A life is what is promised of one task, in terms of who holds what, with no
// word and no bits. The machines compare tasks with it.
type life struct {
	owned      bool // by its embedder or by a list
	counted    bool // its wakers are
	orphanable bool
	keep       bool // as an orphan it is reported, once, and polled again
	handle     bool // a JoinHandle exists
	wakers     int

	phase   phase
	again   bool // woken while it runs
	epilog  bool // ended, but the run is still held
	cause   rouse.Cause
	release bool
}

// An effect is what a step asks of whoever made it.
type effect int

const (
	nothing effect = iota
	submit         // there is a Notified now: it goes to the scheduler
	report         // the same, once the orphan was told of
	cancel         // the caller has the run, and ends the task
	release        // the caller has the memory
)

func (e effect) String() string {
	return [...]string{"nothing", "submit", "report", "cancel", "release"}[e]
}

// wake reports submit if it is the wake that makes an idle task due.
func (l *life) wake() effect {
	switch l.phase {
	case idle:
		l.phase = granted
		return submit
	case running:
		l.again = true
	}
	return nothing
}

// abort asks the task to end. recorded: nobody did before, and it has not ended.
func (l *life) abort(c rouse.Cause) (e effect, recorded bool) {
	if l.phase == ended || l.cause != rouse.CauseNone {
		return nothing, false
	}
	l.cause = c
	return l.wake(), true
}

// close is the embedder's: an idle task is ended by the closer.
func (l *life) close() (e effect, recorded bool) {
	if l.phase == idle && l.cause == rouse.CauseNone {
		l.phase, l.cause = running, rouse.CauseClosed
		return cancel, true
	}
	return l.abort(rouse.CauseClosed)
}

// shutdown is the owner list's, which lets go of the task.
func (l *life) shutdown() effect {
	l.owned = false
	if l.phase == ended {
		return l.settle()
	}
	if l.cause == rouse.CauseNone {
		l.cause = rouse.CauseShutdown
	}
	if l.phase == idle {
		l.phase = running
		return cancel
	}
	return l.wake()
}

// begin turns the Notified into the run, which ends the task if it was
// cancelled or the Notified is dropped.
func (l *life) begin() (cancelled bool) {
	l.phase, l.again = running, false
	return l.cause != rouse.CauseNone
}

// pend gives up the run with the task unfinished.
func (l *life) pend() effect {
	if l.again && l.cause != rouse.CauseNone {
		l.again = false
		return cancel
	}
	l.phase = idle
	if l.again {
		l.again = false
		return l.wake()
	}
	return l.settle()
}

// complete ends the task; the run is held until finish.
func (l *life) complete() { l.phase, l.epilog = ended, true }

func (l *life) finish() effect {
	l.epilog = false
	return l.settle()
}

func (l *life) clone() {
	if l.counted {
		l.wakers++
	}
}

func (l *life) drop() effect {
	if !l.counted {
		return nothing
	}
	l.wakers--
	return l.settle()
}

// wakeByVal is a wake and a drop at once: the waker lives until the task is
// due, so that it cannot be the death of it.
func (l *life) wakeByVal() effect {
	e := l.wake()
	if e == submit || !l.counted {
		l.drop()
		return e
	}
	return l.drop()
}

func (l *life) disown() effect {
	l.owned = false
	return l.settle()
}

func (l *life) giveUpHandle() effect {
	l.handle = false
	return l.settle()
}

// settle says what becomes of a task that nobody can reach, or nobody can wake.
func (l *life) settle() effect {
	if !l.counted || l.wakers > 0 || l.epilog {
		return nothing
	}
	unreachable := !l.owned && !l.handle
	switch l.phase {
	case ended:
		if unreachable && !l.release {
			l.release = true
			return release
		}
	case idle:
		switch {
		case l.orphanable && l.keep:
			l.orphanable, l.phase = false, granted
			return report
		case unreachable || l.orphanable:
			if l.cause == rouse.CauseNone {
				l.cause = rouse.CauseOrphaned
			}
			l.phase = granted
			return submit
		}
	}
	return nothing
}

// compare returns how a word differs from what it should say, or "".
func (l *life) compare(n rouse.Snapshot) string {
	refs := int64(l.wakers)
	if !l.counted {
		refs = 1
	}
	for what, is := range map[string][2]bool{
		"RUNNING":       {n.Running(), l.phase == running || l.epilog},
		"COMPLETE":      {n.Complete(), l.phase == ended},
		"NOTIFIED":      {n.Notified() && !n.Complete(), l.phase == granted || l.again && l.phase == running},
		"JOIN_INTEREST": {n.JoinInterest(), l.handle},
		"CANCELLED":     {n.Cancelled(), l.cause != rouse.CauseNone},
		"UNOWNED":       {n.Unowned(), !l.owned},
		"ORPHANABLE":    {n.Orphanable(), l.orphanable},
		"POISONED":      {n.Poisoned(), false},
		"idle":          {n.Idle(), l.phase == idle},
		"dead":          {n.Dead() && n.Complete(), l.release},
	} {
		if is[0] != is[1] {
			return fmt.Sprintf("state %v: %s is %v, want %v", n, what, is[0], is[1])
		}
	}
	switch {
	case n.Refs() != refs:
		return fmt.Sprintf("state %v: %d wakers, want %d", n, n.Refs(), refs)
	case n.Cause() != l.cause:
		return fmt.Sprintf("state %v: cause %v, want %v", n, n.Cause(), l.cause)
	}
	return ""
}
