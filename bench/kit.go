package bench

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/bench/harness"
)

// Kit returns the operations as the kit does them.
func Kit() harness.Ops {
	counted, uncounted := rouse.Options{}, rouse.Options{Uncounted: true}
	return harness.Ops{
		"rouse/clone-drop":               cloneDrop(counted),
		"rouse-uncounted/clone-drop":     cloneDrop(uncounted),
		"rouse/clone-drop-same@":         cloneDropContended(true),
		"rouse/clone-drop-different@":    cloneDropContended(false),
		"rouse/will-wake":                willWake,
		"rouse/borrow":                   borrow,
		"rouse/wake-idle":                wakeIdle(false),
		"rouse/wake-val-idle":            wakeIdle(true),
		"rouse/wake-notified":            wakeNotified,
		"rouse/wake-notified@":           wakeNotifiedContended,
		"rouse/wake-running":             wakeWhileRunning,
		"rouse/wake-complete":            wakeComplete,
		"rouse/clone-wake-running":       cloneWakeWhileRunning,
		"rouse/self-wake":                selfWakeCycle,
		"rouse-runqueue/self-wake":       selfWakeQueue,
		"rouse-header/self-wake":         headerSelfWake,
		"rouse-state/self-wake":          stateSelfWake,
		"rouse/wake-run-idle":            wakeRunIdle(1, counted),
		"rouse/wake-run-idle-32":         wakeRunIdle(32, counted),
		"rouse-header/wake-run-idle":     headerWakeRunIdle(1),
		"rouse-state/wake-run-idle":      stateWakeRunIdle,
		"rouse-state/wake-notified":      stateNotified,
		"rouse/ping-pong":                pingPongTasks,
		"rouse-header/ping-pong":         headerPingPong,
		"rouse/spawn-detached":           spawnDetached(1, false),
		"rouse-pooled/spawn-detached":    spawnDetached(1, true),
		"rouse/spawn-detached-32":        spawnDetached(32, false),
		"rouse-pooled/spawn-detached-32": spawnDetached(32, true),
		"rouse/spawn-join":               spawnJoin(false),
		"rouse-pooled/spawn-join":        spawnJoin(true),
		"rouse/abort-idle":               abortIdle,
		"rouse/register-wake":            registerWake,
		"rouse/register-wake-plain":      registerWakePlain,
		"rouse/register-same":            registerSame,
		"rouse/wake-empty":               wakeEmpty,
		"rouse/queue":                    runQueue(1),
		"rouse/queue-32":                 runQueue(32),
		"rouse/queue-producers@":         runQueueProducers,
		"rouse/owned":                    owned,
		"rouse/sweep":                    sweep(false),
		"rouse/sweep-shuffled":           sweep(true),
		"rouse/idle-bytes":               idleBytes,
		"rouse-header/idle-bytes":        headerIdleBytes,
	}
}
