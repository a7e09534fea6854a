// Twins runs operations of other Go modules that the kit is compared with; see
// harness.Main.
package main

import "github.com/rouse-go/rouse/bench/harness"

func main() {
	harness.Main("twins", harness.Ops{
		"gvisor/wake-notified":         sleepNotified,
		"gvisor/self-wake":             sleepSelfWake,
		"gvisor-goroutines/ping-pong":  sleepPingPong,
		"gvisor/register-wake-plain":   sleepAssertFetch,
		"gvisor/park-permit":           sleepPermit,
		"gvisor/park-ping-pong":        sleepPingPong,
		"x-sync/semaphore":             weighted,
		"x-sync/semaphore-try":         weightedTry,
		"xsync-umpsc/queue":            func(n, _ int) harness.Sample { return unbounded(n, 1) },
		"xsync-umpsc/queue-32":         func(n, _ int) harness.Sample { return unbounded(n, 32) },
		"xsync-umpsc/queue-producers@": unboundedProducers,
		"xsync-mpmc/queue":             func(n, _ int) harness.Sample { return bounded(n, 1) },
		"xsync-mpmc/queue-32":          func(n, _ int) harness.Sample { return bounded(n, 32) },
	})
}
