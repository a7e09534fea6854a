package bench

import (
	"maps"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/bench/harness"
)

// Kit returns the operations as the kit does them. The functions that it calls
// are not its own closures: inside a function as large as this one the compiler
// inlines next to nothing.
func Kit() harness.Ops {
	counted, uncounted := rouse.Options{}, rouse.Options{Uncounted: true}
	ops := harness.Ops{
		"rouse/clone-drop":               func(n, _ int) harness.Sample { return cloneDrop(n, counted) },
		"rouse-uncounted/clone-drop":     func(n, _ int) harness.Sample { return cloneDrop(n, uncounted) },
		"rouse/clone-drop-same@":         func(n, threads int) harness.Sample { return cloneDropContended(n, threads, true) },
		"rouse/clone-drop-different@":    func(n, threads int) harness.Sample { return cloneDropContended(n, threads, false) },
		"rouse/will-wake":                willWake,
		"rouse/borrow":                   borrow,
		"rouse/wake-idle":                func(n, _ int) harness.Sample { return wakeIdle(n, byUser, false) },
		"rouse/wake-val-idle":            func(n, _ int) harness.Sample { return wakeIdle(n, byUser, true) },
		"rouse/wake-notified":            wakeNotified,
		"rouse/wake-notified@":           wakeNotifiedContended,
		"rouse/wake-running":             wakeWhileRunning,
		"rouse/wake-complete":            wakeComplete,
		"rouse/clone-wake-running":       cloneWakeWhileRunning,
		"rouse/self-wake":                func(n, _ int) harness.Sample { return selfWakeCycle(n, byUser) },
		"rouse-runqueue/self-wake":       func(n, _ int) harness.Sample { return selfWakeQueue(n, byUser) },
		"rouse-header/self-wake":         headerSelfWake,
		"rouse-state/self-wake":          stateSelfWake,
		"rouse/wake-run-idle":            func(n, _ int) harness.Sample { return wakeRunIdle(n, 1, byUser) },
		"rouse/wake-run-idle-32":         func(n, _ int) harness.Sample { return wakeRunIdle(n, 32, byUser) },
		"rouse-header/wake-run-idle":     func(n, _ int) harness.Sample { return headerWakeRunIdle(n, 1) },
		"rouse-state/wake-run-idle":      stateWakeRunIdle,
		"rouse-state/wake-notified":      stateNotified,
		"rouse-state-try/wake-run-idle":  stateTryRunIdle,
		"rouse-state/reopen":             stateReopen,
		"rouse-state/suspend-resume":     stateSuspendResume,
		"rouse/ping-pong":                func(n, _ int) harness.Sample { return pingPongTasks(n, byUser) },
		"rouse-header/ping-pong":         headerPingPong,
		"rouse/spawn-detached":           func(n, _ int) harness.Sample { return spawnDetached(n, 1, byUser, false) },
		"rouse-pooled/spawn-detached":    func(n, _ int) harness.Sample { return spawnDetached(n, 1, byUser, true) },
		"rouse-pooled/spawn-detached@":   spawnContended,
		"rouse/spawn-detached-32":        func(n, _ int) harness.Sample { return spawnDetached(n, 32, byUser, false) },
		"rouse-pooled/spawn-detached-32": func(n, _ int) harness.Sample { return spawnDetached(n, 32, byUser, true) },
		"rouse/spawn-join":               func(n, _ int) harness.Sample { return spawnJoin(n, byUser, false) },
		"rouse-pooled/spawn-join":        func(n, _ int) harness.Sample { return spawnJoin(n, byUser, true) },
		// The kit's queue as the scheduler.
		"rouse-queue/wake-idle":                func(n, _ int) harness.Sample { return wakeIdle(n, byKit, false) },
		"rouse-queue/wake-val-idle":            func(n, _ int) harness.Sample { return wakeIdle(n, byKit, true) },
		"rouse-queue/self-wake":                func(n, _ int) harness.Sample { return selfWakeCycle(n, byKit) },
		"rouse-runqueue-queue/self-wake":       func(n, _ int) harness.Sample { return selfWakeQueue(n, byKit) },
		"rouse-queue/wake-run-idle":            func(n, _ int) harness.Sample { return wakeRunIdle(n, 1, byKit) },
		"rouse-queue/wake-run-idle-32":         func(n, _ int) harness.Sample { return wakeRunIdle(n, 32, byKit) },
		"rouse-queue/ping-pong":                func(n, _ int) harness.Sample { return pingPongTasks(n, byKit) },
		"rouse-queue/spawn-detached":           func(n, _ int) harness.Sample { return spawnDetached(n, 1, byKit, false) },
		"rouse-queue-pooled/spawn-detached":    func(n, _ int) harness.Sample { return spawnDetached(n, 1, byKit, true) },
		"rouse-queue-pooled/spawn-detached-32": func(n, _ int) harness.Sample { return spawnDetached(n, 32, byKit, true) },
		"rouse-queue/spawn-join":               func(n, _ int) harness.Sample { return spawnJoin(n, byKit, false) },
		"rouse-queue-pooled/spawn-join":        func(n, _ int) harness.Sample { return spawnJoin(n, byKit, true) },

		"rouse/abort-idle":          abortIdle,
		"rouse/register-wake":       registerWake,
		"rouse/register-wake-plain": registerWakePlain,
		"rouse/register-same":       registerSame,
		"rouse/wake-empty":          wakeEmpty,
		"rouse/queue":               func(n, _ int) harness.Sample { return runQueue(n, 1) },
		"rouse/queue-32":            func(n, _ int) harness.Sample { return runQueue(n, 32) },
		"rouse/queue-producers@":    runQueueProducers,
		"rouse/owned":               owned,
		"rouse/sweep":               func(n, _ int) harness.Sample { return sweep(n, false) },
		"rouse/sweep-shuffled":      func(n, _ int) harness.Sample { return sweep(n, true) },
		"rouse/idle-bytes":          idleBytes,
		"rouse-header/idle-bytes":   headerIdleBytes,
	}
	maps.Copy(ops, pieces())
	return ops
}
