package rouse

import "context"

// When the last task has left an OwnedTasks: told to tasks and to goroutines. It
// relies on the shards of owned.go, and on waitqueue.go.
//
// Putting a task on the list costs nothing more for it. A task that leaves its
// shard empty looks whether anybody waits, by one atomic load, and if so whether
// the whole list is empty. So only the last task wakes those that wait.

// PollEmpty is for a task that waits until the list is empty: no task is on it,
// and those that CloseAndShutdownAll took off have ended. It returns true if so.
// Otherwise w waits, and the waker in cx is woken once the list is empty. w is a
// field of the waiting future, whose destructor calls w.Drop; many may wait, each
// with a Waiter of its own.
//
//	func (f *drained) Poll(cx rouse.Context) (struct{}, bool) {
//		return struct{}{}, f.tasks.PollEmpty(cx, &f.wait)
//	}
//
//	func (f *drained) Drop() { f.wait.Drop() }
//
// The list was empty at one moment of the call. Before the list is closed, tasks
// may come at any time, and who waits may then find it in use again, and waits on.
// A task that is on the list while it spawns another there keeps it from being
// empty in between. Once the list is closed and empty it remains so. A task that
// leaves the list has called its destructor and woken its joiner. A task that is
// on the list itself waits for ever.
//
// Cost: all locks, twice, if the list is empty; else as many as it takes to find
// a task, and what WaitQueue.Wait costs.
func (o *OwnedTasks) PollEmpty(cx Context, w *Waiter) bool {
	_, ready := o.vacant.WaitUntil(cx, w, o.isEmpty)
	return ready
}

// WaitEmpty has the calling goroutine wait until the list is empty, as PollEmpty
// does. If ctx ends first it returns context.Cause(ctx). A runtime ends by it:
//
//	ctx, cancel := context.WithTimeout(ctx, grace)
//	defer cancel()
//	if tasks.WaitEmpty(ctx) != nil { // some are left
//		tasks.CloseAndShutdownAll()
//		…
//	}
func (o *OwnedTasks) WaitEmpty(ctx context.Context) error {
	_, err := BlockOn[struct{}](ctx, &vacancy{tasks: o})
	return err
}

// A vacancy is ready when the list is empty.
type vacancy struct {
	tasks *OwnedTasks
	wait  Waiter
}

func (v *vacancy) Poll(cx Context) (struct{}, bool) {
	return struct{}{}, v.tasks.PollEmpty(cx, &v.wait)
}

func (v *vacancy) Drop() { v.wait.Drop() }

// isEmpty reports whether there was a moment during the call at which no shard
// had a task. The shards are looked at twice. Each was empty at the first look,
// and if none was given a task before the second, all were empty in between.
func (o *OwnedTasks) isEmpty() bool {
	bound, empty := o.look()
	if !empty {
		return false
	}
	again, _ := o.look()
	return again == bound
}

// look returns how many tasks were ever put on the list, and whether each shard
// was empty when it was looked at.
func (o *OwnedTasks) look() (bound uint64, empty bool) {
	for i := range o.shards {
		s := &o.shards[i]
		s.mu.Lock()
		reads(&s.first, "owner list")
		n := s.length + s.ending
		bound += s.bound
		s.mu.Unlock()
		if n != 0 {
			return 0, false
		}
	}
	return bound, true
}

// vacated reports whether s has become empty, and somebody waits for the list to
// be. The lock is held: who waits has come before it looks at s, under this lock,
// and is either seen here, or sees there that s is empty.
func (s *shard) vacated() bool {
	reads(&s.first, "owner list")
	reads(&s.tasks, "shard's list")
	return s.length == 0 && s.ending == 0 && s.tasks.vacant.state.Load() == queueWaiting
}

// tellEmpty wakes those that wait, if a task has left its shard empty, and the
// others are.
func (o *OwnedTasks) tellEmpty() {
	if o.isEmpty() {
		o.vacant.NotifyAll()
	}
}
