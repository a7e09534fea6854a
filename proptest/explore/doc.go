// Package explore runs a concurrent scenario under every interleaving of its operations on shared
// memory. See Run.
package explore
