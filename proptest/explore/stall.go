package explore

import (
	"fmt"
	"time"
)

// patience is how long a thread may go on by itself between two operations.
var patience = 15 * time.Second

// watch ends the process when the search has come no further for so long. A thread that spins, or
// blocks, on what is not instrumented never comes back to the search, which can neither stop it
// nor report it in any other way. Replay does not watch: a debugger may hold the thread.
func (e *engine) watch() (stop func()) {
	done, name := make(chan struct{}), e.cfg.Name
	go func() {
		tick := time.NewTicker(patience)
		defer tick.Stop()
		for last := ^uint64(0); ; {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			now := e.beat.Load()
			if now == last {
				stalled(fmt.Sprintf("explore: %s: a thread has run for %v without an operation on an instrumented object: "+
					"it spins, or blocks, on something else", name, patience))
			}
			last = now
		}
	}()
	return func() { close(done) }
}

var stalled = func(msg string) { panic(msg) }
