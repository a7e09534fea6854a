package rouse

import (
	"strconv"
	"strings"
)

// A Snapshot is a value of a task's word: the flags in the low bits, the
// number of wakers above them. It is plain data: copy it, compare it, print it.
// tokio's task::state::Snapshot is the same.
//
// Bit by bit, low to high. A claim is a right that one party holds at a time;
// whoever holds it keeps the task from being released.
//
//	bit  flag           meaning                         set by                   cleared by
//	0    COMPLETE       outcome stored, future gone      toComplete, toFinished   –
//	1    RUNNING        claim: the stage is mine         toRunning, toShutdown,   toIdle, toTerminal,
//	                    (future or output)               toClosed of an idle task toFinished, toJoinerWoken
//	2    –              always clear: a second +RUNNING carries into it, and into no flag
//	3    NOTIFIED       claim: one run is owed, by a     wake, abort, spawn,      toRunning
//	                    Notified or by the runner        settling
//	4    JOIN_INTEREST  claim: a JoinHandle exists       spawn                    toJoinHandleDropped
//	5    JOIN_WAKER     the join waker's slot may be     setJoinWaker             unsetWaker, toJoinerWoken,
//	                    read, and by nobody written                               unsetWakerAfterComplete
//	6    CANCELLED      end it at its next run           abort, shutdown, close,  –
//	                                                     settling
//	7–9  cause          of the cancellation: the first   with CANCELLED           –
//	10   UNOWNED        no owner outside claims and      spawn, list removal,     –
//	                    wakers: release after the last   toDisowned
//	11   PINNED         an uncounted pointer may remain: pin                      –
//	                    never recycle the memory
//	12   ORPHANABLE     only counted wakers wake it:     initial word             settling, with KEEP
//	                    orphan policy on
//	13   POISONED       a misuse was detected            the panic that reports it –
//	14   KEEP           an orphan is reported, once,     initial word             –
//	                    and kept, instead of ended
//	15   FOREIGN        not a task: the box of a waker   initial word             –
//	                    of another kind; always COMPLETE
//	16–  wakers         the count, one each              refInc                   refDec,
//	                                                                              toNotifiedByVal
//
// COMPLETE is at the bottom, so that no carry or borrow of another flag's
// misuse can set or clear it. The count is at the top, so that an add never
// disturbs a flag, and an underflow shows as a sign.
type Snapshot uint64

const (
	flagComplete Snapshot = 1 << iota
	flagRunning
	flagGuard
	flagNotified
	flagJoinInterest
	flagJoinWaker
	flagCancelled
	causeOne
	_
	_
	flagUnowned
	flagPinned
	flagOrphanable
	flagPoisoned
	flagKeep
	flagForeign

	causeShift = 7
	causeMask  = 7 * causeOne

	refShift = 16
	refOne   = Snapshot(1) << refShift
	// refLimit is the sign. A clone that reaches it panics, 2^47 wakers before
	// the count could wrap.
	refLimit = Snapshot(1) << 63
)

// The words that a task is born with. The zero word is the third: idle, owned
// by whoever embeds it. None of them is dead or orphaned, because a stale
// settler may look at a recycled word at any time. The last is that of a waker
// of another kind: a task that has ended, and that its first waker keeps.
const (
	initJoined   = flagNotified | flagUnowned | flagJoinInterest
	initDetached = flagNotified | flagUnowned
	initForeign  = flagComplete | flagUnowned | flagForeign | refOne
)

func (s Snapshot) has(f Snapshot) bool { return s&f != 0 }

// Running reports whether somebody holds the run.
func (s Snapshot) Running() bool { return s.has(flagRunning) }

// Complete reports whether the task has ended.
func (s Snapshot) Complete() bool { return s.has(flagComplete) }

// Notified reports whether a run is owed. It means nothing once Complete.
func (s Snapshot) Notified() bool { return s.has(flagNotified) }

// JoinInterest reports whether a JoinHandle exists.
func (s Snapshot) JoinInterest() bool { return s.has(flagJoinInterest) }

// JoinWaker reports whether a join waker is registered.
func (s Snapshot) JoinWaker() bool { return s.has(flagJoinWaker) }

// Cancelled reports whether the task was told to end at its next run.
func (s Snapshot) Cancelled() bool { return s.has(flagCancelled) }

// Cause returns why the task was cancelled; CauseNone if it was not.
func (s Snapshot) Cause() Cause { return Cause(s & causeMask >> causeShift) }

// Unowned reports whether the task is released after its last claim and waker.
func (s Snapshot) Unowned() bool { return s.has(flagUnowned) }

// Pinned reports whether the task's memory must not be recycled.
func (s Snapshot) Pinned() bool { return s.has(flagPinned) }

// Orphanable reports whether the orphan policy is on.
func (s Snapshot) Orphanable() bool { return s.has(flagOrphanable) }

// Poisoned reports whether a misuse was detected. A poisoned task is never
// released.
func (s Snapshot) Poisoned() bool { return s.has(flagPoisoned | flagGuard) }

// Idle reports whether the task neither runs, nor owes a run, nor has ended.
func (s Snapshot) Idle() bool { return !s.has(flagRunning | flagNotified | flagComplete) }

// Refs returns the number of counted wakers. It is negative after an underflow.
func (s Snapshot) Refs() int64 { return int64(s) >> refShift }

// Dead reports whether no claim, no waker and no owner is left. Exactly one
// transition makes a word dead; the party that made it settles the task.
func (s Snapshot) Dead() bool {
	const claims = flagRunning | flagGuard | flagJoinInterest | flagPoisoned
	return s < refOne && s&(claims|flagUnowned) == flagUnowned &&
		s&(flagComplete|flagNotified) != flagNotified
}

// Orphaned reports whether the task is pending and no counted waker can wake it.
func (s Snapshot) Orphaned() bool {
	const not = flagRunning | flagGuard | flagComplete | flagNotified | flagPoisoned
	return s < refOne && s&(not|flagOrphanable) == flagOrphanable
}

var flagNames = [...]struct {
	flag Snapshot
	name string
}{
	{flagComplete, "COMPLETE"},
	{flagRunning, "RUNNING"},
	{flagGuard, "GUARD"},
	{flagNotified, "NOTIFIED"},
	{flagJoinInterest, "JOIN_INTEREST"},
	{flagJoinWaker, "JOIN_WAKER"},
	{flagCancelled, "CANCELLED"},
	{flagUnowned, "UNOWNED"},
	{flagPinned, "PINNED"},
	{flagOrphanable, "ORPHANABLE"},
	{flagPoisoned, "POISONED"},
	{flagKeep, "KEEP"},
	{flagForeign, "FOREIGN"},
}

// String returns the flags and the count, such as
// "NOTIFIED|CANCELLED(aborted)|UNOWNED refs=2", or "IDLE refs=0".
func (s Snapshot) String() string {
	var b strings.Builder
	if s.Idle() {
		b.WriteString("IDLE")
	}
	for _, f := range flagNames {
		if !s.has(f.flag) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('|')
		}
		b.WriteString(f.name)
		if f.flag == flagCancelled {
			b.WriteString("(" + s.Cause().String() + ")")
		}
	}
	b.WriteString(" refs=")
	b.WriteString(strconv.FormatInt(s.Refs(), 10))
	return b.String()
}

// A Cause is why a task ended without an output.
type Cause uint8

const (
	CauseNone     Cause = iota
	CauseAborted        // JoinHandle.Abort, AbortHandle.Abort, Header.Abort
	CauseShutdown       // its OwnedTasks was closed, before or after it was spawned
	CauseOrphaned       // it was pending, and no waker was left that could wake it
	CauseDropped        // its scheduler dropped the Notified instead of running it
	CauseClosed         // State.Close or Header.Close, by its embedder
	CausePanicked       // its Poll or its destructor panicked
	CauseExited         // its Poll called runtime.Goexit
)

var causeNames = [...]string{"none", "aborted", "shut down", "orphaned", "dropped by its scheduler", "closed", "panicked", "exited"}

func (c Cause) String() string { return causeNames[c] }

// An action is what a transition asks of its caller.
type action uint8

const (
	actNone     action = iota // nothing: the caller may not touch the task on the strength of this transition
	actPoll                   // the caller holds RUNNING: poll the future
	actCancel                 // the caller holds RUNNING: cancel the future, then complete
	actSubmit                 // the caller holds the Notified: hand it to the scheduler
	actYield                  // as actSubmit, of a task woken while the caller ran it
	actRecorded               // the cancellation was recorded; whoever holds RUNNING or the Notified will see it
	actComplete               // nothing was changed: the task is complete
	actForeign                // nothing was changed: the waker is of another kind, its own table wakes
	actRetry                  // nothing was changed: the word moved since the caller looked
	actSettle                 // the new word is unfinished, and dead or orphaned: settle it (never returned by State)
	actReport                 // as actSubmit, of an orphan: its policy is to tell of it first, and to keep it
	actRelease                // the new word is dead and complete: the caller owns the memory
	actEmpty                  // the caller keeps RUNNING, and owns the join waker's slot: there is no handle any more
	actMisuse                 // the word forbids the transition (never returned by State, which panics)
)

var actionNames = [...]string{"none", "poll", "cancel", "submit", "yield", "recorded", "complete", "foreign", "retry", "settle", "report", "release", "empty", "misuse"}

func (a action) String() string { return actionNames[a] }
