package bench

// Limits returns how many locked instructions (atomic read-modify-write
// operations) the kit's budget allows each operation. What that many cost is
// the least that the operation can take: the report shows each figure as a
// multiple of it. An operation that is not named here has no budget of its own,
// or is made of none.
//
// TestLimits counts that the operations keep to it.
func Limits() map[string]int {
	limits := map[string]int{
		"clone-drop":         2,
		"wake-idle":          1,
		"wake-val-idle":      1,
		"wake-notified":      1,
		"wake-running":       1,
		"clone-wake-running": 2,
		"self-wake":          3,
		"wake-run-idle":      3,
		"wake-run-idle-32":   3,
		"ping-pong":          6,
		"spawn-detached":     2,
		"spawn-detached-32":  2,
		// The joiner registers a clone of its waker 2, and is idle 1. The child
		// starts 1, and ends 3. The joiner runs 1, and drops handle 1 and waker 1.
		"spawn-join":          10,
		"register-wake":       4,
		"register-wake-plain": 4,
		"wake-empty":          1,
		"park-permit":         2,
		"notify-wait":         2,
		"notify-kept":         1,
		"semaphore":           2,
		"semaphore-try":       2,
	}
	all := map[string]int{"rouse-state/reopen": 4, "rouse-state/suspend-resume": 2}
	for what, n := range limits {
		all["rouse/"+what] = n
		for _, impl := range []string{"rouse-queue", "rouse-pooled", "rouse-queue-pooled", "rouse-header", "rouse-state", "rouse-state-try"} {
			if _, ok := Kit()[impl+"/"+what]; ok {
				all[impl+"/"+what] = n
			}
		}
	}
	return all
}
