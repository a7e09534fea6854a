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
// returns. If the destructor of a task that is cancelled panics, Shutdown does so
// once all are cancelled. A task must not call Shutdown.
func (e *Executor) Shutdown(ctx context.Context) error {
	if !e.draining.CompareAndSwap(0, 1) {
		return ErrShutdown
	}
	err := e.tasks.WaitEmpty(ctx)
	if err != nil {
		err = fmt.Errorf("executor: %d tasks were cancelled: %w", e.tasks.Len(), err)
	}
	e.close()
	for err == nil && e.running.Load() > 0 {
		err = e.down.ParkContext(ctx)
	}
	return err
}

// close does all of it even if destructors panic.
func (e *Executor) close() {
	defer e.idle.Close()          // tells the workers, which run what is in their own queues
	defer e.shared.Close()        // drops what is due, and what comes
	e.tasks.CloseAndShutdownAll() // refuses new tasks, cancels those that are idle
}
