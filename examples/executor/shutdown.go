package executor

import (
	"context"
	"errors"
	"fmt"
)

// ErrShutdown is what a second Shutdown returns.
var ErrShutdown = errors.New("executor: Shutdown was called before")

// Shutdown waits until all tasks have ended, then ends the workers and returns
// nil. If ctx ends first, it cancels the tasks that are left, and returns an error
// that says how many there were. Until then tasks may spawn others, which it waits
// for too; from then on all tasks that are spawned end at once.
//
// When Shutdown returns nil the workers have ended. Otherwise a poll that is under
// way goes on, since nothing can stop it; the task and the worker end when it
// returns. A task must not call Shutdown.
func (e *Executor) Shutdown(ctx context.Context) error {
	if !e.draining.CompareAndSwap(0, 1) {
		return ErrShutdown
	}
	for e.tasks.Len() > 0 && e.down.ParkContext(ctx) == nil {
	}
	left := e.tasks.Len()
	e.tasks.CloseAndShutdownAll() // refuses new tasks, cancels those that are idle
	e.shared.Close()              // drops what is due, and what comes
	e.idle.Close()                // tells the workers, which run what is in their own queues
	for e.running.Load() > 0 && e.down.ParkContext(ctx) == nil {
	}
	switch {
	case left > 0:
		return fmt.Errorf("executor: %d tasks were cancelled: %w", left, context.Cause(ctx))
	case e.running.Load() > 0:
		return context.Cause(ctx)
	}
	return nil
}

// drained tells Shutdown that no task is left. A worker calls it before it sleeps.
// The last task has ended on some worker, which comes here afterwards; so either
// this worker sees that Shutdown was called, or Shutdown sees that no task is left.
func (e *Executor) drained() {
	if e.draining.Load() != 0 && e.tasks.Len() == 0 {
		e.down.Unpark()
	}
}

// ended tells Shutdown that a worker has ended.
func (e *Executor) ended() {
	if e.running.Add(^uint64(0)) == 0 {
		e.down.Unpark()
	}
}
