package rouse

import (
	"strconv"
	"strings"
)

// A Snapshot is the value of a task's word at some moment: the flags in its low
// bits, and the number of wakers above them. It is plain data. It may be copied,
// compared with ==, and printed. The word itself may have changed since. The
// zero Snapshot is the word of an idle task that its owner can wake.
//
// The idea is tokio's task::state::Snapshot.
//
// The bits, from the lowest to the highest. A claim is a right that one party
// holds at a time, and that keeps the task from being released. The last two
// columns name the transitions of transition.go.
//
//	bit  flag           meaning                            set by                    cleared by
//	0    COMPLETE       the task has ended: its outcome    toComplete, toFinished    –
//	                    is stored, its future is gone
//	1    RUNNING        claim: its holder alone may use    toRunning; toShutdown,    toIdle, toTerminal,
//	                    the future, then the output        toClosed of an idle task  toFinished, toJoinerWoken
//	2    –              always clear: a second +RUNNING carries into this bit, and into no flag
//	3    NOTIFIED       claim: one run is owed, by the     wake, abort, spawn,       toRunning
//	                    holder of a Notified, or by the    settle
//	                    runner when its run ends
//	4    JOIN_INTEREST  claim: a JoinHandle exists         spawn                     toJoinHandleDropped
//	5    JOIN_WAKER     the join waker's slot is full:     setJoinWaker              unsetWaker, toJoinerWoken,
//	                    it may be read, not written                                  unsetWakerAfterComplete
//	6    CANCELLED      the next run ends the task         abort, shutdown, close,   –
//	                                                       settle
//	7–9  cause          why it was cancelled first         with CANCELLED            –
//	10   UNOWNED        only claims and wakers keep the    spawn, removal from a     –
//	                    task: the last one releases it     list, toDisowned
//	11   PINNED         an uncounted pointer may exist:    pin                       –
//	                    the memory is never recycled
//	12   ORPHANABLE     only counted wakers wake the task: initial word              settle, with KEEP
//	                    the orphan check is on
//	13   POISONED       a misuse was detected              the panic that reports it –
//	14   KEEP           an orphan is reported once and     initial word              –
//	                    kept, instead of ended
//	15   FOREIGN        not a task, but the box of a waker initial word              –
//	                    of another kind; always COMPLETE
//	16–  wakers         how many counted wakers there are  refInc                    refDec, toNotifiedByVal
//
// COMPLETE is the lowest bit, so that no carry or borrow out of another flag can
// set or clear it. The count has the highest bits, so that adding to it never
// changes a flag, and an underflow shows in the sign.
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

// The words that a task begins with: one with a JoinHandle, and one without. The
// zero word is the third: idle, and owned by whoever embeds it. None of them is
// dead or orphaned, because a goroutine that settles the former task may look at
// a recycled word at any time. The last word is that of a waker of another kind:
// a task that has ended, and that one waker keeps.
const (
	initJoined   = flagNotified | flagUnowned | flagJoinInterest
	initDetached = flagNotified | flagUnowned
	initForeign  = flagComplete | flagUnowned | flagForeign | refOne
)

func (s Snapshot) has(f Snapshot) bool { return s&f != 0 }

// Running reports whether some goroutine runs the task, or ends it.
func (s Snapshot) Running() bool { return s.has(flagRunning) }

// Complete reports whether the task has ended.
func (s Snapshot) Complete() bool { return s.has(flagComplete) }

// Notified reports whether a run is owed. It has no meaning once the task is
// complete.
func (s Snapshot) Notified() bool { return s.has(flagNotified) }

// JoinInterest reports whether a JoinHandle exists.
func (s Snapshot) JoinInterest() bool { return s.has(flagJoinInterest) }

// JoinWaker reports whether a join waker is registered.
func (s Snapshot) JoinWaker() bool { return s.has(flagJoinWaker) }

// Cancelled reports whether the task was asked to end at its next run.
func (s Snapshot) Cancelled() bool { return s.has(flagCancelled) }

// Cause returns why the task was cancelled, and CauseNone if it was not.
func (s Snapshot) Cause() Cause { return Cause(s & causeMask >> causeShift) }

// Unowned reports whether the task has no owner besides its claims and wakers:
// then it is released when the last of them is gone.
func (s Snapshot) Unowned() bool { return s.has(flagUnowned) }

// Pinned reports whether the task's memory must not be recycled.
func (s Snapshot) Pinned() bool { return s.has(flagPinned) }

// Orphanable reports whether the task is checked for being an orphan.
func (s Snapshot) Orphanable() bool { return s.has(flagOrphanable) }

// Poisoned reports whether a misuse was detected. A poisoned task is never
// released.
func (s Snapshot) Poisoned() bool { return s.has(flagPoisoned | flagGuard) }

// Idle reports whether the task waits for a wake: it neither runs, nor owes a
// run, nor has ended.
func (s Snapshot) Idle() bool { return !s.has(flagRunning | flagNotified | flagComplete) }

// Refs returns the number of counted wakers. It is negative if wakers were
// dropped more often than they were made.
func (s Snapshot) Refs() int64 { return int64(s) >> refShift }

// Dead reports whether nothing refers to the task any more: no claim, no waker
// and no owner. Exactly one atomic operation makes a word dead, and whoever
// performed it releases the task, or has it cancelled first if it has not ended.
func (s Snapshot) Dead() bool {
	const claims = flagRunning | flagGuard | flagJoinInterest | flagPoisoned
	return s < refOne && s&(claims|flagUnowned) == flagUnowned &&
		s&(flagComplete|flagNotified) != flagNotified
}

// Orphaned reports whether the task is pending, is checked for being an orphan,
// and has no counted waker that could wake it.
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

// String returns the names of the flags and the number of wakers, such as
// "NOTIFIED|CANCELLED(aborted)|UNOWNED refs=2" or "IDLE refs=0".
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

// A Cause is the reason why a task ended without an output.
type Cause uint8

const (
	CauseNone     Cause = iota // it was not cancelled
	CauseAborted               // JoinHandle.Abort, AbortHandle.Abort or Header.Abort was called
	CauseShutdown              // its OwnedTasks was closed, before or after it was spawned
	CauseOrphaned              // it was pending, and no waker was left that could wake it, or nothing referred to it
	CauseDropped               // its scheduler dropped the Notified instead of running it
	CauseClosed                // its owner called State.Close or Header.Close
	CausePanicked              // its Poll or its destructor panicked
	CauseExited                // its Poll called runtime.Goexit
)

var causeNames = [...]string{"none", "aborted", "shut down", "orphaned", "dropped by its scheduler", "closed", "panicked", "exited"}

// String returns the cause in words, such as "aborted" or "shut down".
func (c Cause) String() string { return causeNames[c] }

// An action is what the caller of a transition has to do next.
type action uint8

const (
	actNone     action = iota // nothing: the caller may not touch the task on the strength of this transition
	actPoll                   // the caller holds RUNNING: poll the future
	actCancel                 // the caller holds RUNNING: cancel the future, then complete
	actSubmit                 // the caller holds the Notified: hand it to the scheduler
	actYield                  // as actSubmit, of a task woken while the caller ran it
	actRecorded               // the cancellation was recorded; whoever holds RUNNING or the Notified will see it
	actComplete               // nothing was changed: the task is complete
	actForeign                // nothing was changed: the waker is of another kind, and its own table wakes
	actRetry                  // nothing was changed: the word moved since the caller looked
	actSettle                 // the new word is unfinished, and dead or orphaned: settle it (never returned by State)
	actReport                 // as actSubmit, of an orphan that is to be kept: report it first
	actRelease                // the new word is dead and complete: the caller owns the memory
	actEmpty                  // the caller keeps RUNNING, and owns the join waker's slot: there is no handle any more
	actMisuse                 // the word forbids the transition (never returned by State, which panics)
)

var actionNames = [...]string{"none", "poll", "cancel", "submit", "yield", "recorded", "complete", "foreign", "retry", "settle", "report", "release", "empty", "misuse"}

func (a action) String() string { return actionNames[a] }
