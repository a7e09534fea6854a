package bench

import (
	"maps"

	"github.com/rouse-go/rouse/bench/harness"
)

// Twins returns the operations as the standard library alone does them.
func Twins() harness.Ops {
	ops := harness.Ops{
		"chan1/wake-notified":            chanNotified,
		"chan1/wake-notified@":           chanContended,
		"mutex/wake-notified":            mutexNotified,
		"workloop/wake-notified":         loopNotified,
		"chan1/self-wake":                chanSelfWake,
		"gosched/self-wake":              goschedSelfWake,
		"iter.Pull/self-wake":            pullSelfWake,
		"workloop/self-wake":             loopSelfWake,
		"workloop/wake-run-idle":         loopWakeRunIdle,
		"goroutines/ping-pong":           chanPingPong,
		"goroutines-chan1/ping-pong":     chan1PingPong,
		"goroutines-cond/ping-pong":      condPingPong,
		"goroutine/spawn-detached":       func(n, _ int) harness.Sample { return goDetached(n, 1) },
		"goroutine/spawn-detached-32":    func(n, _ int) harness.Sample { return goDetached(n, 32) },
		"goroutine/spawn-join":           goJoin,
		"goroutine-waitgroup/spawn-join": waitGroupJoin,
		"goroutine-context/abort-idle":   contextAbort,
		"goroutine/sweep":                goSweep,
		"goroutine/idle-bytes":           goIdleBytes,
		"mutex/register-wake-plain":      mutexCell,
		"chan/queue":                     func(n, _ int) harness.Sample { return chanQueue(n, 1) },
		"chan/queue-32":                  func(n, _ int) harness.Sample { return chanQueue(n, 32) },
		"chan/queue-producers@":          chanProducers,
		"mutexmap/owned":                 mapOwned,
	}
	maps.Copy(ops, pieceTwins())
	return ops
}
