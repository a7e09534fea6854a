//go:build rouse_explore

package rouse

// The twin of sizes.go for the interleaving explorer.
const (
	wakeBatchSize = 2
	stealRing     = 4
)
