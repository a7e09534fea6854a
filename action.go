package rouse

// An Action is what a transition asks of its caller.
type Action uint8

const (
	ActNone     Action = iota // nothing: the caller may not touch the task on the strength of this transition
	ActPoll                   // the caller holds RUNNING: poll the future
	ActCancel                 // the caller holds RUNNING: cancel the future, then complete
	ActSubmit                 // the caller holds the Notified: hand it to the scheduler
	ActYield                  // as ActSubmit, of a task woken while the caller ran it
	ActRecorded               // the cancellation was recorded; whoever holds RUNNING or the Notified will see it
	ActComplete               // nothing was changed: the task is complete
	ActRetry                  // nothing was changed: the word moved since the caller looked
	ActSettle                 // the new word is unfinished, and dead or orphaned: settle it (never returned by State)
	ActReport                 // as ActSubmit, of an orphan: its policy is to tell of it first, and to keep it
	ActRelease                // the new word is dead and complete: the caller owns the memory
	ActMisuse                 // the word forbids the transition (never returned by State, which panics)
)

var actionNames = [...]string{"none", "poll", "cancel", "submit", "yield", "recorded", "complete", "retry", "settle", "report", "release", "misuse"}

func (a Action) String() string { return actionNames[a] }

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
