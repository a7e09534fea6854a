//go:build rouse_explore

package gallery

import "strings"

// Flags of the words in the faulty programs.
const (
	isRunning = 1 << iota
	isNotified
	isComplete
	isCancelled
	hasJoinWaker
)

func flags(w uint64) string {
	var on []string
	for i, name := range []string{"running", "notified", "complete", "cancelled", "join waker"} {
		if w&(1<<i) != 0 {
			on = append(on, name)
		}
	}
	if on == nil {
		return "0"
	}
	return strings.Join(on, "|")
}
