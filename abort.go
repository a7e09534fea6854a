package rouse

// An AbortHandle can end a task, for as long as anybody likes. It may be
// copied, needs no Drop, and keeps nothing but the task's memory, which is not
// recycled while a pointer like this may exist. The zero AbortHandle is none.
// All methods may race. It is tokio's task::AbortHandle, less its count.
type AbortHandle struct{ h *Header }

// Abort asks the task to end at its next run, and submits it if none is owed.
// It reports whether this request was recorded first; who won, the abort or a
// ready poll, stands in the join result. RMWs: 1; nothing to do 0.
func (a AbortHandle) Abort() bool { return a.task("AbortHandle.Abort").abort(CauseAborted) }

// IsFinished reports whether the task has ended.
func (a AbortHandle) IsFinished() bool { return a.task("AbortHandle.IsFinished").Snapshot().Complete() }

// ID returns the task's identity.
func (a AbortHandle) ID() ID { return a.task("AbortHandle.ID").taskID() }

// IsZero reports whether a is none.
func (a AbortHandle) IsZero() bool { return a.h == nil }

func (a AbortHandle) task(op string) *Header {
	if a.h == nil {
		panic("rouse: " + op + ": the AbortHandle is zero")
	}
	return a.h
}
