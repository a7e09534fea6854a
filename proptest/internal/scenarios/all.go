//go:build rouse_explore

package scenarios

import "slices"

// All returns the scenarios, in order.
func All() []Scenario {
	return slices.Concat(wakers, joiners, orphans, keptOrphans, owners, recycled, lists, collected, refusals, twoRuntimes, breaks(),
		loops, identities, wakerCells, foreigners, runQueues, closedQueues, pools, parkers, waitQueues(), semaphores(), stealQueues(),
		loopCombinations(2), loopCombinations(3), awaitedLists(), every(1), every(2), every(3))
}
