//go:build !rouse_explore

package rouse

// Sizes that the explorer's scenarios need smaller: they come to the end of them.
const (
	// wakeBatchSize is how many tasks are woken for one lock.
	wakeBatchSize = 16

	// stealRing is how many Notifieds a StealQueue has room for.
	stealRing = 256
)
