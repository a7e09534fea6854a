// Package history checks that the concurrent objects of the kit are
// linearizable: short histories of their operations are recorded under stress,
// and the checker porcupine looks for an order of each in which a plain,
// sequential model gives the same results. That objects with a fault are
// rejected is tested too.
//
// It is a module of its own, so that porcupine stays out of the kit's.
package history
